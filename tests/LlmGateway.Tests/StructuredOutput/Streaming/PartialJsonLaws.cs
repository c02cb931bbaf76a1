using System.Text;
using System.Text.Json;
using CsCheck;
using LlmGateway.StructuredOutput.Streaming;

namespace LlmGateway.Tests.StructuredOutput.Streaming;

/// <summary>What holds of every text, however it is cut.</summary>
public class PartialJsonLaws
{
    [Fact]
    public void However_a_text_is_cut_the_end_is_what_JsonDocument_reads()
        => Gen.Select(JsonGens.AnObject, JsonGens.Cuts).Sample((json, cuts) =>
        {
            var reader = Read(json, cuts);

            Assert.True(reader.IsDone);
            Assert.False(reader.HasProse);
            using var whole = JsonDocument.Parse(json);
            AssertSame(whole.RootElement, reader.Snapshot());
            Assert.Equal(json, reader.Snapshot().GetRawText());
        });

    [Fact]
    public void A_snapshot_is_a_beginning_of_the_end_and_stays_as_it_was()
        => Gen.Select(JsonGens.AnObject, JsonGens.Cuts).Sample((json, cuts) =>
        {
            var reader = new PartialJsonReader();
            var seen = new List<(PartialJson Snapshot, string Dump)>();
            using var whole = JsonDocument.Parse(json);
            var fed = 0;
            foreach (var piece in JsonGens.Cut(json, cuts))
            {
                reader.Append(piece);
                fed += piece.Length;
                var snapshot = reader.Snapshot();
                AssertBegins(whole.RootElement, snapshot);
                AssertShowsAll(json[..fed], snapshot);
                seen.Add((snapshot, Dump(snapshot)));
            }

            foreach (var (snapshot, dump) in seen) Assert.Equal(dump, Dump(snapshot));
        }, iter: 300);

    [Fact]
    public void A_value_that_is_complete_stays_as_it_is()
        => Gen.Select(JsonGens.AnObject, JsonGens.Cuts).Sample((json, cuts) =>
        {
            var reader = new PartialJsonReader();
            PartialJson before = default;
            foreach (var piece in JsonGens.Cut(json, cuts))
            {
                reader.Append(piece);
                AssertGrew(before, reader.Snapshot());
                before = reader.Snapshot();
            }
        }, iter: 300);

    [Fact]
    public void Any_text_is_read_to_the_same_verdict_as_by_JsonDocument_and_never_throws()
        => Gen.Select(Gen.OneOf(JsonGens.Soup, JsonGens.Soup.Select(soup => "{\"a\":" + soup), Mutated), JsonGens.Cuts).Sample((text, cuts) =>
        {
            var cut = Read(text, cuts);
            var uncut = Read(text, [int.MaxValue]);

            Assert.Equal((uncut.IsDone, uncut.IsMalformed, uncut.HasProse, Dump(uncut.Snapshot())), (cut.IsDone, cut.IsMalformed, cut.HasProse, Dump(cut.Snapshot())));
            var shown = cut.Snapshot().ToString().TrimEnd('…');
            Assert.Contains(shown, text, StringComparison.Ordinal);
            if (cut.IsDone) Assert.True(IsJson(shown));
            if (IsJson(text) && text.TrimStart().StartsWith('{')) Assert.True(cut.IsDone);
            if (cut.IsMalformed) Assert.False(IsJson(text[text.IndexOf(shown, StringComparison.Ordinal)..]));
        }, iter: 3000);

    private static Gen<string> Mutated => Gen.Select(JsonGens.AnObject, Gen.Int[0, 10_000], JsonGens.Of("", "\"", "\\", "{", "}", "]", ",", ":", "1", "x", "\ud83d", "\n"), (json, at, put) => json.Remove(at % json.Length, 1).Insert(at % json.Length, put));

    private static PartialJsonReader Read(string text, int[] cuts)
    {
        var reader = new PartialJsonReader();
        foreach (var piece in JsonGens.Cut(text, cuts)) reader.Append(piece);
        return reader;
    }

    private static bool IsJson(string text)
    {
        try
        {
            // Half a surrogate pair, which the parser does not take at all, is a character like another here.
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void AssertSame(JsonElement whole, PartialJson partial)
    {
        Assert.True(partial.IsComplete);
        AssertBegins(whole, partial);
        if (whole.ValueKind == JsonValueKind.Object) Assert.Equal(whole.GetPropertyCount(), partial.Count);
        if (whole.ValueKind == JsonValueKind.Array) Assert.Equal(whole.GetArrayLength(), partial.Count);
    }

    private static void AssertBegins(JsonElement whole, PartialJson partial)
    {
        Assert.False(partial.IsMalformed);
        if (partial.Kind == JsonValueKind.Undefined) return;
        Assert.Equal(whole.ValueKind, partial.Kind);
        Assert.Equal(partial.IsComplete ? whole.GetRawText() : null, partial.GetRawText());
        switch (whole.ValueKind)
        {
            case JsonValueKind.String:
                Assert.StartsWith(partial.GetString()!, whole.GetString(), StringComparison.Ordinal);
                if (partial.IsComplete) Assert.Equal(whole.GetString(), partial.GetString());
                break;
            case JsonValueKind.Array:
                AssertAllButTheLastAreWhole(partial.EnumerateArray());
                foreach (var (item, begun) in whole.EnumerateArray().Zip(partial.EnumerateArray())) AssertItem(item, begun, partial);
                break;
            case JsonValueKind.Object:
                AssertAllButTheLastAreWhole(partial.EnumerateObject().Select(member => member.Value));
                foreach (var (member, begun) in whole.EnumerateObject().Zip(partial.EnumerateObject()))
                {
                    Assert.Equal(member.Name, begun.Key);
                    AssertItem(member.Value, begun.Value, partial);
                    Assert.True(partial.TryGetProperty(member.Name, out var found));
                    if (partial.IsComplete) Assert.Equal(whole.GetProperty(member.Name).GetRawText(), found.GetRawText());
                }

                break;
        }
    }

    private static void AssertItem(JsonElement item, PartialJson begun, PartialJson parent)
    {
        if (parent.IsComplete) AssertSame(item, begun);
        else AssertBegins(item, begun);
    }

    private static void AssertAllButTheLastAreWhole(IEnumerable<PartialJson> values) => Assert.All(values.SkipLast(1), value => Assert.True(value.IsComplete));

    /// <summary>Nothing that has come is held back, but for the beginning of an escape or of a surrogate pair.</summary>
    private static void AssertShowsAll(string fed, PartialJson snapshot)
    {
        if (snapshot.IsComplete) return;
        var shown = snapshot.ToString();
        Assert.EndsWith("…", shown, StringComparison.Ordinal);
        if (snapshot.Kind == JsonValueKind.Undefined) Assert.Equal("{", fed.TrimEnd());
        else Assert.StartsWith(shown[..^1], fed, StringComparison.Ordinal);
        if (snapshot.Kind != JsonValueKind.Undefined) Assert.InRange(fed.Length - (shown.Length - 1), 0, 11);
    }

    private static void AssertGrew(PartialJson before, PartialJson after)
    {
        if (before.Kind == JsonValueKind.Undefined) return;
        Assert.Equal(before.Kind, after.Kind);
        if (before.IsComplete)
        {
            Assert.Equal(Dump(before), Dump(after));
            return;
        }

        Assert.StartsWith(before.GetString() ?? "", after.GetString() ?? "", StringComparison.Ordinal);
        Assert.InRange(before.Count, 0, after.Count);
        foreach (var (old, young) in before.EnumerateArray().Zip(after.EnumerateArray())) AssertGrew(old, young);
        foreach (var (old, young) in before.EnumerateObject().Zip(after.EnumerateObject()))
        {
            Assert.Equal(old.Key, young.Key);
            AssertGrew(old.Value, young.Value);
        }
    }

    private static string Dump(PartialJson value)
    {
        var text = new StringBuilder();
        Dump(value, text);
        return text.ToString();
    }

    private static void Dump(PartialJson value, StringBuilder text)
    {
        text.Append(value.Kind).Append(value.IsComplete ? '.' : '~').Append(value.GetString()).Append('|').Append(value).Append('|').Append(value.Count);
        foreach (var item in value.EnumerateArray()) Dump(item, text);
        foreach (var (name, member) in value.EnumerateObject()) Dump(member, text.Append(name).Append('='));
    }
}
