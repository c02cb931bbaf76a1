using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using LlmGateway.StructuredOutput.Extraction;

namespace LlmGateway.Tests.StructuredOutput.Extraction;

/// <summary>
/// What holds for any JSON and any way of breaking it: the value that was meant, or a refusal, and never another value. To
/// look harder, set REPAIR_LAWS to a number of iterations.
/// </summary>
public sealed class RepairLaws
{
    private static readonly int Iterations = int.TryParse(Environment.GetEnvironmentVariable("REPAIR_LAWS"), out var iterations) ? iterations : 300;

    private static readonly SearchValues<char> MarksAndEscapes = SearchValues.Create("'’‘“”\\");

    private static readonly string[] Before =
    [
        "Sure! Here you go:\n", "The answer is: ", "```json\n", "I've read it. See [1] and {x}.\n\n", "Note: \"quoted\" text, it's fine.\n", "<answer>", "For example {} or [].\n",
        "# Title\n\n", "Use `{}` if none.\n", "Before: {\"z\":0}\n", "",
    ];

    private static readonly string[] After = ["\nHope this helps!", " Done.", "\n```", "\n\nSources: [1], [2].", "\nNote: \"quoted\", it's fine.", "</answer>", ";", "\n(see {x} or [y](z))", " // done", ""];

    private static readonly Gen<(string[] Tokens, string Gap, int At)> Any = Gen.Select(Gens.Tokens, Gens.Gap, Gen.Int[0, int.MaxValue - 1]);

    [Fact]
    public void Valid_json_passes_untouched() => Any.Sample(
        any =>
        {
            var text = Lay(any.Tokens, any.Gap);
            using var expected = JsonDocument.Parse(text);
            using var reading = AnswerReader.Read(text, null);
            Assert.Empty(reading.Errors);
            Assert.Empty(reading.Repairs);
            Assert.Equal(expected.RootElement.GetRawText(), reading.Document!.RootElement.GetRawText());
        },
        iter: Iterations);

    [Fact]
    public void Cut_at_any_place_it_is_refused_as_cut() => Any.Sample(
        any =>
        {
            var text = Lay(any.Tokens, any.Gap);
            var cut = text[..(any.At % text.TrimEnd().Length)];
            using var reading = AnswerReader.Read(cut, null);
            Assert.Null(reading.Document);
            Assert.Equal(cut.Trim().Length > 0, reading.IsTruncated);
            using var behind = AnswerReader.Read(text + "\n\nNow the real one:\n" + cut, null);
            Assert.True(behind.Document is null || cut.Trim().Length == 0);
        },
        iter: Iterations);

    [Fact]
    public void Prose_around_it_changes_nothing() => Any.Sample(
        any =>
        {
            var json = Lay(any.Tokens, any.Gap).Trim();
            NeverAnother(any.Tokens, Before[any.At % Before.Length] + json + After[any.At / 16 % After.Length]);
        },
        iter: Iterations);

    [Theory]
    [InlineData("{")]
    [InlineData("[")]
    [InlineData("}")]
    [InlineData("]")]
    [InlineData(",")]
    [InlineData(":")]
    [InlineData("\"")]
    [InlineData("'")]
    [InlineData("// it's\n")]
    [InlineData("/* c */")]
    [InlineData("\n")]
    public void With_a_token_too_many_it_is_itself_or_refused(string token) => Any.Sample(
        any =>
        {
            var at = any.At % (any.Tokens.Length + 1);
            NeverAnother(any.Tokens, Lay([.. any.Tokens[..at], token, .. any.Tokens[at..]], any.Gap));
        },
        iter: Iterations / 4);

    [Fact]
    public void With_a_token_of_structure_missing_it_is_itself_or_refused() => Any.Sample(
        any =>
        {
            var structure = Enumerable.Range(0, any.Tokens.Length).Where(i => any.Tokens[i] is "{" or "}" or "[" or "]" or "," or ":").ToArray();
            var at = structure[any.At % structure.Length];
            NeverAnother(any.Tokens, Lay([.. any.Tokens[..at], .. any.Tokens[(at + 1)..]], any.Gap));
        },
        iter: Iterations);

    [Fact]
    public void With_a_quotation_mark_missing_it_is_itself_or_refused() => Any.Sample(
        any =>
        {
            var strings = Enumerable.Range(0, any.Tokens.Length).Where(i => any.Tokens[i][0] == '"').ToArray();
            if (strings.Length == 0) return;
            var at = strings[any.At % strings.Length];
            var broken = any.At / 64 % 2 == 0 ? any.Tokens[at][1..] : any.Tokens[at][..^1];
            var text = Lay([.. any.Tokens[..at], broken, .. any.Tokens[(at + 1)..]], any.Gap);
            NeverAnother(any.Tokens, text);
            NeverAnother(any.Tokens, Before[any.At / 128 % Before.Length] + text + After[any.At / 2048 % After.Length]);
        },
        iter: Iterations * 2);

    [Theory]
    [InlineData('\'', '\'')]
    [InlineData('“', '”')]
    [InlineData('„', '“')]
    [InlineData('‘', '’')]
    public void With_a_mark_of_another_kind_missing_it_is_itself_or_refused(char opening, char closing) => Any.Sample(
        any =>
        {
            var strings = Enumerable.Range(0, any.Tokens.Length).Where(i => any.Tokens[i][0] == '"').ToArray();
            if (strings.Length == 0 || any.Tokens.Any(token => token.Length > 1 && token.AsSpan().IndexOfAny(MarksAndEscapes) >= 0)) return;
            string[] tokens = [.. any.Tokens.Select(token => token[0] == '"' ? $"{opening}{token[1..^1]}{closing}" : token)];
            var at = strings[any.At % strings.Length];
            tokens[at] = any.At / 64 % 2 == 0 ? tokens[at][1..] : tokens[at][..^1];
            NeverAnother(any.Tokens, Lay(tokens, any.Gap));
        },
        iter: Iterations);

    [Fact]
    public void In_other_marks_and_literals_it_is_itself() => Any.Sample(
        any =>
        {
            if (any.Tokens.Any(token => token.Length > 1 && token.AsSpan().IndexOfAny(MarksAndEscapes) >= 0)) return;
            MustBeItself(any.Tokens, Lay([.. any.Tokens.Select(token => token[0] == '"' ? $"'{token[1..^1]}'" : Python(token))], any.Gap));
            MustBeItself(any.Tokens, Lay([.. any.Tokens.Select(token => token[0] == '"' ? $"“{token[1..^1]}”" : Python(token))], any.Gap));
        },
        iter: Iterations);

    [Fact]
    public void With_its_line_breaks_unescaped_it_is_itself_or_refused() => Any.Sample(
        any => NeverAnother(any.Tokens, Lay([.. any.Tokens.Select(Unescape)], any.Gap)),
        iter: Iterations);

    [Fact]
    public void Escaped_once_more_it_is_itself_or_refused_and_cut_it_is_refused() => Any.Sample(
        any =>
        {
            var text = Lay(any.Tokens, any.Gap).Trim();
            var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal);
            NeverAnother(any.Tokens, escaped);
            NeverAnother(any.Tokens, escaped[..(any.At % escaped.Length)]);
        },
        iter: Iterations);

    [Fact]
    public void Any_text_is_read_or_refused_without_an_exception() => Gen.String[Gen.Char["{}[]\",:'\\+/*#-0.1etrufalsn \n`“”’\uFEFF\ud800é"], 0, 40].Sample(
        text =>
        {
            using var reading = AnswerReader.Read(text, null);
            Assert.NotEqual(reading.IsValid, reading.Errors.Count > 0);
            Assert.All(reading.Repairs, repair => Assert.InRange(repair.Offset, 0, text.Length - 1));
        },
        iter: Iterations * 5);

    [Fact]
    public void What_was_read_is_read_again_as_itself() => Any.Sample(
        any =>
        {
            using var reading = AnswerReader.Read(string.Concat(any.Tokens).Replace('"', '\''), null);
            if (!reading.IsValid) return;
            using var again = AnswerReader.Read(reading.Document!.RootElement.GetRawText(), null);
            Assert.Empty(again.Repairs);
            Assert.True(JsonElement.DeepEquals(reading.Document.RootElement, again.Document!.RootElement));
        },
        iter: Iterations);

    [Fact]
    public void A_changed_value_fits_and_changing_it_again_changes_nothing()
    {
        var schema = JsonSchema.Parse(
            """
            {"$ref":"#/$defs/v","$defs":{"v":{"anyOf":[
              {"type":"integer"},{"type":"boolean"},
              {"type":"array","items":{"$ref":"#/$defs/v"}},
              {"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"},"x y":{"type":"array","items":{"type":"string"}}},"additionalProperties":{"$ref":"#/$defs/v"}}]}}}
            """);
        Any.Sample(
            any =>
            {
                var text = string.Concat(any.Tokens);
                using var strict = AnswerReader.Read(text, schema);
                using var lossless = AnswerReader.Read(text, schema, Coercion.Lossless);
                if (strict.IsValid) Assert.DoesNotContain(lossless.Coercions, coercion => coercion.Kind != "integer_form");
                if (!lossless.IsValid) return;
                Assert.Empty(schema.Validate(lossless.Document!.RootElement));
                using var again = AnswerReader.Read(lossless.Document.RootElement.GetRawText(), schema, Coercion.Lossless);
                Assert.Empty(again.Coercions);
            },
            iter: Iterations);
    }

    private static void MustBeItself(string[] tokens, string text)
    {
        using var expected = JsonDocument.Parse(string.Concat(tokens));
        using var reading = AnswerReader.Read(text, null);
        Assert.True(reading.IsValid, $"{text} is refused: {string.Join("; ", reading.Errors)}");
        Assert.True(JsonElement.DeepEquals(expected.RootElement, reading.Document!.RootElement), text);
    }

    /// <summary>Unless what came out of it is JSON: then it means what it says.</summary>
    private static void NeverAnother(string[] tokens, string text)
    {
        if (IsJson(text)) return;
        using var expected = JsonDocument.Parse(string.Concat(tokens));
        using var reading = AnswerReader.Read(text, null);
        if (reading.IsValid) Assert.True(JsonElement.DeepEquals(expected.RootElement, reading.Document!.RootElement), $"{text} is read as {reading.Document.RootElement.GetRawText()}");
        else Assert.NotEmpty(reading.Errors);
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return false;
        }
    }

    private static string Lay(string[] tokens, string gap) => string.Join(gap, tokens) + gap;

    private static string Python(string token) => token switch
    {
        "true" => "True",
        "false" => "False",
        "null" => "None",
        _ => token,
    };

    /// <summary>Its escaped line breaks and tabs as they are, its other escapes as they were.</summary>
    private static string Unescape(string token)
    {
        if (token[0] != '"') return token;
        var text = new StringBuilder();
        for (var i = 0; i < token.Length; i++)
        {
            if (token[i] != '\\') text.Append(token[i]);
            else if (token[++i] is 'n') text.Append('\n');
            else if (token[i] is 'r') text.Append('\r');
            else if (token[i] is 't') text.Append('\t');
            else text.Append('\\').Append(token[i]);
        }

        return text.ToString();
    }
}
