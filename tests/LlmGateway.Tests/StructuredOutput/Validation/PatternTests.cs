using System.Text;
using System.Text.Json;
using CsCheck;
using LlmGateway.StructuredOutput.Validation;

namespace LlmGateway.Tests.StructuredOutput.Validation;

public sealed class PatternTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("^a$", "a", true)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("^$", "", true)]
    [InlineData("$^", "", true)]
    [InlineData("^.$", "\n", false)]
    [InlineData("^.$", "\u2028", false)]
    [InlineData("^.$", "\u0085", true)]
    [InlineData("^.$", "\ud83d\udc32", true)]
    [InlineData("^..$", "\ud83d\udc32", false)]
    [InlineData("^[^a]$", "\ud83d\udc32", true)]
    [InlineData("^[\ud83d\udc31-\ud83d\udc33]$", "\ud83d\udc32", true)]
    [InlineData("^[\ud83d\udc31-\ud83d\udc33]$", "\ud83d\udc35", false)]
    [InlineData(@"^\u{1F432}$", "\ud83d\udc32", true)]
    [InlineData(@"^\ud83d\udc32$", "\ud83d\udc32", true)]
    [InlineData(@"^\ud83d$", "\ud83d\udc32", false)]
    [InlineData(@"^\d+$", "12", true)]
    [InlineData(@"^\d+$", "\u0661", false)]
    [InlineData(@"^\w$", "\u00e9", false)]
    [InlineData(@"^\w$", "\u212a", false)]
    [InlineData(@"^\s$", "\ufeff", true)]
    [InlineData(@"^\s$", "\u0085", false)]
    [InlineData(@"^\S$", "\u180e", true)]
    [InlineData(@"^[\s\d]+$", "1\u00a02", true)]
    [InlineData(@"^\p{Letter}+$", "h\u00e9\u03c0\ud835\udc9c", true)]
    [InlineData(@"^\p{L}+$", "1", false)]
    [InlineData(@"^\P{L}+$", "1", true)]
    [InlineData(@"^[\p{Lu}\p{Nd}]+$", "A1", true)]
    [InlineData(@"^\p{General_Category=Uppercase_Letter}$", "a", false)]
    [InlineData(@"^\p{Script=Greek}+$", "\u03c0\u03b1", true)]
    [InlineData(@"^\p{Script=Greek}+$", "pi", false)]
    [InlineData(@"^\p{sc=Han}$", "\ud840\udc00", true)]
    [InlineData(@"^\cJ$", "\n", true)]
    [InlineData(@"^\x41\u0042$", "AB", true)]
    [InlineData(@"^[\b]$", "\b", true)]
    [InlineData(@"^[\w\-.]+$", "a-b.c", true)]
    [InlineData(@"^\-\_\@$", "-_@", true)]
    [InlineData("^{.*}$", "{x}", true)]
    [InlineData("^a{2}$", "aa", true)]
    [InlineData("^a{2,}$", "aaa", true)]
    [InlineData("^a{0,1}b{1,2}?$", "abb", true)]
    [InlineData("^(?:ab|a)(?:c|bcd)$", "abcd", true)]
    [InlineData("^(a|b)*c|d$", "xd", true)]
    [InlineData("[]", "a", false)]
    [InlineData("^[^]$", "\n", true)]
    [InlineData("a+?b*", "xxaab", true)]
    [InlineData(@"\bcat\b", "a cat.", true)]
    [InlineData(@"\bcat\b", "concat", false)]
    [InlineData(@"\bb\b", "\u00e9b\u00e9", true)]
    [InlineData(@"^a\Bb$", "ab", true)]
    [InlineData("^(?=.*\\d)(?!.*x).+$", "ab1", true)]
    [InlineData("^(?=.*\\d)(?!.*x).+$", "ax1", false)]
    [InlineData("(?<=\\$)\\d", "$5", true)]
    [InlineData("(?<!\\$)5", "$5", false)]
    [InlineData("^(['\"]).*\\1$", "'a\"", false)]
    [InlineData("^(?<q>['\"]).*\\k<q>$", "'a'", true)]
    [InlineData("^(a)?b\\1$", "b", true)]
    public void A_pattern_means_what_ECMA_262_says(string pattern, string text, bool matches)
    {
        var schema = JsonSchema.Parse($$"""{"pattern":{{Json(pattern)}}}""");

        Assert.Equal(matches, schema.IsValid(Encoding.UTF8.GetBytes(Json(text))));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_a_character_of_its_own()
    {
        Assert.True(JsonSchema.Parse("""{"pattern":"^\\ud83d$"}""").IsValid("\"\\ud83d\""u8));
        Assert.True(JsonSchema.Parse("""{"pattern":"^[\\ud800-\\udfff]$"}""").IsValid("\"\\udc32\""u8));
        Assert.True(JsonSchema.Parse("""{"pattern":"^.(?!.)"}""").IsValid("\"\\udc32\""u8));
        Assert.False(JsonSchema.Parse("""{"pattern":"^(?=..)"}""").IsValid("\"\\ud83d\\udc32\""u8));
        Assert.True(JsonSchema.Parse("""{"pattern":"^(?=..$)"}""").IsValid("\"\\udc32\\ud83d\""u8));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[b-a]")]
    [InlineData("a{2,1}")]
    [InlineData("*a")]
    [InlineData("a**")]
    [InlineData("^*")]
    [InlineData("(?=a)*")]
    [InlineData("a\\")]
    [InlineData(@"\a")]
    [InlineData(@"\Z")]
    [InlineData(@"\1")]
    [InlineData(@"\01")]
    [InlineData(@"\u12")]
    [InlineData(@"\u{110000}")]
    [InlineData(@"\p{Nonsense}")]
    [InlineData(@"\p{Script=Klingon}")]
    [InlineData(@"\pL")]
    [InlineData(@"\k<none>")]
    [InlineData("(?i)a")]
    [InlineData("(?#x)")]
    [InlineData("(?P<n>a)")]
    [InlineData("(?>a)")]
    [InlineData("(?<n>a)(?<n>b)")]
    [InlineData("(?:(a)|b)*\\1")]
    [InlineData("a{100001}")]
    public void What_is_no_pattern_or_cannot_be_run_faithfully_is_refused(string pattern)
        => Assert.Contains("JSON schema, #/pattern: the pattern ", Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse($$"""{"pattern":{{Json(pattern)}}}""")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pattern_longer_or_deeper_than_any_is_refused()
    {
        foreach (var pattern in new[] { new string('a', 20_001), new string('(', 5_000) + new string(')', 5_000) })
        {
            Assert.Throws<JsonSchemaException>(() => JsonSchema.Parse($$"""{"pattern":{{Json(pattern)}}}"""));
        }
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(a|aa)+$")]
    [InlineData("(x+x+)+y")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    [InlineData("(.*)*(.*)*(.*)*x")]
    [InlineData("^(a?){40}a{40}$")]
    [InlineData("[ab]*a[ab]{14}$")]
    [InlineData("((a{100}){100}){3}$")]
    public void A_pattern_made_to_run_away_is_answered_rightly(string pattern)
    {
        var text = new string('a', 30_000) + "!";

        Assert.False(SchemaPattern.Compile(pattern, Patience).IsMatch(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void What_takes_too_long_is_an_error_and_never_a_verdict()
    {
        const string RunsAway = """{"pattern":"^(?=a)(a+)+$"}""";
        using var value = JsonDocument.Parse($"\"{new string('a', 60)}!\"");

        foreach (var schema in new[] { RunsAway, $$"""{"not":{{RunsAway}}}""", $$"""{"if":{{RunsAway}},"then":false}""", $$"""{"anyOf":[{{RunsAway}},true]}""", $$"""{"oneOf":[{{RunsAway}},true]}""" })
        {
            var compiled = JsonSchema.Parse(schema, new JsonSchemaOptions { MaxPatternTime = TimeSpan.FromMilliseconds(50) });

            Assert.False(compiled.IsValid(value.RootElement));
            Assert.Contains("in time", Assert.Single(compiled.Validate(value.RootElement)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Both_engines_give_the_same_answer()
    {
        var atom = OneOf("a", "b", ".", "[ab]", "[^a]", @"\d", @"\W", "\u00e9", "\ud83d\udc32", "[\u00e9-\ud83d\udc32]", @"\s", "^", "$", "(?:a|bb)", "(a|)");
        var quantifier = OneOf("", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}?");
        var part = Gen.Select(atom, quantifier, (a, q) => a is "^" or "$" ? a : a + q);
        var pattern = Gen.Select(part.Array[1, 5], part.Array[0, 3], (left, right) => string.Concat(left) + (right.Length > 0 ? $"|{string.Concat(right)}" : ""));
        var text = OneOf("a", "b", "bb", "1", " ", "\n", "\u00e9", "\ud83d\udc32", "\ud83d", "\udc32", "c").Array[0, 8].Select(string.Concat);
        Gen.Select(pattern, text).Sample((p, t) =>
        {
            var utf8 = JsonText.Encode(t);
            var table = SchemaPattern.Compile(p, Patience);
            Assert.True(table.IsTable);
            return table.IsMatch(utf8) == SchemaPattern.Compile(p, Patience, asTable: false).IsMatch(utf8);
        });
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static string Json(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text) json.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        return json.Append('"').ToString();
    }
}
