using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;

namespace LlmGateway.Tests.Providers.Simulated;

public sealed class PatternTests
{
    private static readonly Gen<string> Atom = Gen.OneOf(
        Gen.Char['a', 'z'].Select(character => character.ToString()),
        Gen.Int[0, 11].Select(i => new[] { "\\d", "\\w", "\\s", ".", "[A-F0-9]", "[^a-z]", "\\.", "\\-", "[\\w.-]", "\\u0041", "\\D", "[a\\]b]" }[i]));

    private static readonly Gen<string> Quantifier = Gen.Int[0, 7].Select(i => new[] { "", "", "?", "*", "+", "{2}", "{1,3}", "{2,}?" }[i]);

    private static readonly Gen<string> Piece = Gen.Select(Atom, Quantifier, (atom, quantifier) => atom + quantifier);

    private static readonly Gen<string> Group = Gen.Select(Piece.Array[1, 3], Piece.Array[0, 2], Quantifier, (left, right, quantifier) =>
        $"(?:{string.Concat(left)}|{string.Concat(right)}){quantifier}");

    private static readonly Gen<string> Pattern = Gen.Select(Gen.OneOf(Piece, Group).Array[1, 5], Gen.Bool, (pieces, anchored) =>
        anchored ? $"^{string.Concat(pieces)}$" : string.Concat(pieces));

    [Fact]
    public void A_text_is_made_for_any_pattern_of_the_common_kind() => Pattern.Sample(
        pattern =>
        {
            var schema = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["type"] = "string", ["pattern"] = pattern });
            return Regex.IsMatch(JsonElement.Parse(Asking.Json(schema, "").GetAwaiter().GetResult()).GetString()!, pattern);
        },
        iter: 2000);

    [Theory]
    [InlineData(@"^-?(\d+\.)?\d{2}:\d{2}:\d{2}(\.\d{1,7})?$", "11:11:11")]
    [InlineData(@"^\d+(\.\d+){1,3}$", "1.1")]
    [InlineData(@"^(?=.*\d)[a-z\d]+$", null)]
    [InlineData(@"^(?!a)\w{3}$", "baa")]
    [InlineData(@"\b[A-Z]{2}\b", "AA")]
    [InlineData(@"^\p{Lu}\p{Ll}+$", "Aa")]
    [InlineData(@"^(?<year>\d{4})$", "1111")]
    [InlineData(@"^x{,2}$", "x{,2}")]
    public async Task Patterns_of_all_sorts(string pattern, string? expected)
    {
        var schema = JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["type"] = "string", ["pattern"] = pattern });
        try
        {
            Assert.Equal(expected, JsonElement.Parse(await Asking.Json(schema, "")).GetString());
        }
        catch (ProviderException e) when (expected is null)
        {
            Assert.Contains(pattern, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_time_span_made_for_its_schema_can_be_read()
    {
        var made = await Asking.For<Travel>("We go by train.");

        Assert.Equal(new TimeSpan(11, 11, 11), made.Takes);
        Assert.Equal(new Version(1, 1), made.Version);
        Assert.Equal(new TimeOnly(0), made.Leaves);
    }

    private sealed record Travel(TimeSpan Takes, Version Version, TimeOnly Leaves, Guid Id, char Class, byte Count, object Anything);
}
