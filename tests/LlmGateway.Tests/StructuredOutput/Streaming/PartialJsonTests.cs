using System.Text.Json;
using LlmGateway.StructuredOutput.Streaming;

namespace LlmGateway.Tests.StructuredOutput.Streaming;

public class PartialJsonTests
{
    [Fact]
    public void An_unfinished_object_shows_what_has_come_of_each_member()
    {
        var order = Read("""{"id": 12, "customer": {"name": "Ada", "city": "Lon""");

        Assert.Equal((JsonValueKind.Object, false, 2), (order.Kind, order.IsComplete, order.Count));
        Assert.Equal((JsonValueKind.Number, true, "12"), (order["id"].Kind, order["id"].IsComplete, order["id"].GetRawText()));
        var customer = order["customer"];
        Assert.Equal((JsonValueKind.Object, false, null), (customer.Kind, customer.IsComplete, customer.GetRawText()));
        Assert.Equal(("Ada", true), (customer["name"].GetString(), customer["name"].IsComplete));
        Assert.Equal(("Lon", false), (customer["city"].GetString(), customer["city"].IsComplete));
        Assert.Equal(["name", "city"], customer.EnumerateObject().Select(member => member.Key));
        Assert.Equal("""{"name": "Ada", "city": "Lon…""", customer.ToString());
    }

    [Theory]
    [InlineData("""{"a""", 0)]
    [InlineData("""{"a" """, 0)]
    [InlineData("""{"a":""", 0)]
    [InlineData("""{"a": """, 0)]
    [InlineData("""{"a": [""", 1)]
    [InlineData("""{"a": 1, "b""", 1)]
    [InlineData("""{"a": 1, "b": """, 1)]
    [InlineData("""{"a": 1, "b": n""", 2)]
    public void A_member_is_there_when_its_value_begins(string text, int members)
    {
        var value = Read(text);

        Assert.Equal(members, value.Count);
        Assert.Equal(members, value.EnumerateObject().Count());
        Assert.Equal(members > 1, value.TryGetProperty("b", out _));
        Assert.Equal(text + "…", value.ToString());
    }

    [Theory]
    [InlineData("12", JsonValueKind.Number)]
    [InlineData("-", JsonValueKind.Number)]
    [InlineData("0", JsonValueKind.Number)]
    [InlineData("1.", JsonValueKind.Number)]
    [InlineData("1.5e", JsonValueKind.Number)]
    [InlineData("t", JsonValueKind.True)]
    [InlineData("fals", JsonValueKind.False)]
    [InlineData("nul", JsonValueKind.Null)]
    [InlineData("[", JsonValueKind.Array)]
    [InlineData("\"", JsonValueKind.String)]
    public void A_value_is_known_by_its_first_character_and_not_complete_before_its_end(string text, JsonValueKind kind)
    {
        var value = Read("{\"a\":" + text)["a"];

        Assert.Equal((kind, false, null), (value.Kind, value.IsComplete, value.GetRawText()));
    }

    [Theory]
    [InlineData("12", ",", "12")]
    [InlineData("12", "3}", "123")]
    [InlineData("0", " ", "0")]
    [InlineData("1.5e3", "\n", "1.5e3")]
    public void A_number_is_complete_when_something_else_follows(string text, string then, string whole)
    {
        var reader = ReaderOf("{\"a\":" + text);
        Assert.False(reader.Snapshot()["a"].IsComplete);

        reader.Append(then);

        Assert.Equal(whole, reader.Snapshot()["a"].GetRawText());
    }

    [Theory]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void Other_values_are_complete_with_their_last_character(string text) => Assert.Equal(text, Read("{\"a\":" + text)["a"].GetRawText());

    [Theory]
    [InlineData("""x\""", "x")]
    [InlineData("""x\u""", "x")]
    [InlineData("""x\u00e""", "x")]
    [InlineData("""x\u00e9""", "xé")]
    [InlineData("""x\ud83d""", "x")]
    [InlineData("""x\ud83d\ude0""", "x")]
    [InlineData("""x\ud83d\ude00""", "x\ud83d\ude00")]
    [InlineData("""\\\\""", "\\\\")]
    [InlineData("""\\\""", "\\")]
    public void A_text_is_shown_up_to_its_last_whole_character(string text, string shown)
    {
        var value = Read("{\"a\":\"" + text)["a"];

        Assert.Equal((shown, false), (value.GetString(), value.IsComplete));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_shown_when_the_other_half_does_not_follow()
    {
        Assert.Equal("x", Read("{\"a\":\"x\ud83d")["a"].GetString());
        Assert.Equal("x\ud83d\ude00", Read("{\"a\":\"x\ud83d\ude00")["a"].GetString());
        Assert.Equal("x\ud83dy", Read("""{"a":"x\ud83dy""")["a"].GetString());
        Assert.Equal("x\ud83d", Read("""{"a":"x\ud83d\ud83d""")["a"].GetString());
        Assert.Equal("x\ud83d", Read("""{"a":"x\ud83d"}""")["a"].GetString());
        Assert.Equal("{\"a\":\"x…", Read("{\"a\":\"x\ud83d").ToString());
    }

    [Fact]
    public void A_snapshot_does_not_change_when_more_comes()
    {
        var reader = ReaderOf("""{"a": [1, "on""");
        var before = reader.Snapshot();

        reader.Append("e\"], \"b\": 2}" + new string(' ', 100_000));

        Assert.Equal("""{"a": [1, "on…""", before.ToString());
        Assert.False(before["a"].IsComplete);
        Assert.Equal("on", before["a"].EnumerateArray().Last().GetString());
        Assert.Equal(JsonValueKind.Undefined, before["b"].Kind);
        Assert.Equal("""{"a": [1, "one"], "b": 2}""", reader.Snapshot().ToString());
    }

    [Fact]
    public void Of_members_with_the_same_name_the_last_is_found_and_both_are_listed()
    {
        var value = Read("""{"a": 1, "\u0061": 2}""");

        Assert.Equal("2", value["a"].GetRawText());
        Assert.Equal(["a", "a"], value.EnumerateObject().Select(member => member.Key));
    }

    [Fact]
    public void What_is_not_there_or_of_another_kind_is_nothing()
    {
        var value = Read("""{"a": [1], "n": null}""");

        foreach (var nothing in (PartialJson[])[default, value["b"], value["a"]["b"], value["b"]["c"]["d"]])
        {
            Assert.Equal((JsonValueKind.Undefined, false, 0, null, null), (nothing.Kind, nothing.IsComplete, nothing.Count, nothing.GetString(), nothing.GetRawText()));
            Assert.Empty(nothing.EnumerateArray());
            Assert.Empty(nothing.EnumerateObject());
            Assert.Equal("…", nothing.ToString());
        }

        Assert.Null(value["n"].GetString());
        Assert.Null(value["a"].GetString());
        Assert.Empty(value["a"].EnumerateObject());
        Assert.Empty(value.EnumerateArray());
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(" \n", false)]
    [InlineData("\uFEFF", false)]
    [InlineData("```json\n", false)]
    [InlineData("```\n", false)]
    [InlineData("\uFEFF\n```JSON\r\n  ", false)]
    [InlineData("Here it is:\n```json\n", true)]
    [InlineData("Here it is: ", true)]
    [InlineData("{name} [1] {0} { } ", true)]
    [InlineData("{", true)]
    public void What_stands_before_the_object_is_passed_over(string lead, bool isProse)
    {
        if (lead.Contains("{ }", StringComparison.Ordinal)) lead = lead.Replace("{ }", "{ x }", StringComparison.Ordinal);
        foreach (var cut in (int[])[1, 3, 1000])
        {
            var reader = new PartialJsonReader();
            foreach (var piece in JsonGens.Cut(lead, [cut])) reader.Append(piece);
            Assert.Equal((JsonValueKind.Undefined, isProse), (reader.Snapshot().Kind, reader.HasProse));

            foreach (var piece in JsonGens.Cut("{\"a\":1} and {\"b\":2}", [cut])) reader.Append(piece);

            Assert.Equal("{\"a\":1}", reader.Snapshot().GetRawText());
            Assert.Equal((true, false, isProse), (reader.IsDone, reader.IsMalformed, reader.HasProse));
        }
    }

    [Theory]
    [InlineData("""{"a": 1, }""", """{"a": 1, …""")]
    [InlineData("""{"a": 1 "b": 2}""", """{"a": 1 …""")]
    [InlineData("""{"a": "say "hi""", """{"a": "say "…""")]
    [InlineData("{\"a\": \"one\ntwo\"}", """{"a": "one…""")]
    [InlineData("""{"a": "\x"}""", """{"a": "…""")]
    [InlineData("""{"a": "\u12x4"}""", """{"a": "…""")]
    [InlineData("""{"a": 01}""", """{"a": 0…""")]
    [InlineData("""{"a": 1.e5}""", """{"a": 1.…""")]
    [InlineData("""{"a": +1}""", """{"a": …""")]
    [InlineData("""{"a": True}""", """{"a": …""")]
    [InlineData("""{"a": tru}""", """{"a": tru…""")]
    [InlineData("""{"a": [1}""", """{"a": [1…""")]
    [InlineData("""{"a": {]""", """{"a": {…""")]
    [InlineData("""{"a" 1}""", """{"a" …""")]
    [InlineData("""{"a": 1, 2}""", """{"a": 1, …""")]
    public void Where_it_is_no_JSON_any_more_the_view_says_so_and_stops(string text, string shown)
    {
        var reader = ReaderOf(text + """, "z": 1}""");

        Assert.True(reader.IsMalformed);
        Assert.True(reader.Snapshot().IsMalformed);
        Assert.True(reader.Snapshot()["a"].IsMalformed);
        Assert.False(reader.Snapshot().IsComplete);
        Assert.Equal(shown, reader.Snapshot().ToString());
        reader.Append("}");
        Assert.Equal(shown, reader.Snapshot().ToString());
    }

    [Fact]
    public void It_is_read_as_deep_as_JsonDocument_reads_and_no_deeper()
    {
        const int Deepest = PartialJsonReader.MaxDepth;
        var deep = "{\"a\":" + new string('[', Deepest - 1) + new string(']', Deepest - 1) + "}";
        using var document = JsonDocument.Parse(deep);

        Assert.True(ReaderOf(deep).IsDone);
        Assert.True(ReaderOf(deep.Replace("[]", "[[]]", StringComparison.Ordinal)).IsMalformed);
        Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(deep.Replace("[]", "[[]]", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{\"a\":", "[", 2_000_000)]
    [InlineData("{\"a\":[", "{},", 1_000_000)]
    [InlineData("{", " ", 2_000_000)]
    [InlineData("", "{", 2_000_000)]
    [InlineData("", "{ ", 1_000_000)]
    [InlineData("{\"a\":", "9", 2_000_000)]
    [InlineData("{\"a\":\"", "x", 2_000_000)]
    [InlineData("{\"a\":\"", "\\ud83d", 400_000)]
    [InlineData("{\"", "\\\\", 1_000_000)]
    public void Megabytes_in_single_characters_take_work_and_memory_in_proportion(string start, string again, int times)
    {
        var reader = ReaderOf(start);
        string[] pieces = [.. again.Select(c => c.ToString())];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < times; i++)
        {
            foreach (var piece in pieces) reader.Append(piece);
            _ = reader.Snapshot();
        }

        // A character is 2 bytes and at most one node of 12; a snapshot is 56; the rest is for tables and for pages begun.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, times * (again.Length * 16L + 56) + 1_000_000);
    }

    private static PartialJsonReader ReaderOf(string text)
    {
        var reader = new PartialJsonReader();
        reader.Append(text);
        return reader;
    }

    private static PartialJson Read(string text) => ReaderOf(text).Snapshot();
}
