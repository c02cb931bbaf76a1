using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LoopbackServer.Answers;

/// <summary>
/// Understands the few kinds of questions that the tests ask. Nothing is known in advance but small tables: the answer
/// is worked out from the words of the question, so a prompt that arrives changed is answered otherwise.
/// </summary>
internal static partial class Reader
{
    public static Finding Read(string question)
        => Greeting(question) ?? Capital(question) ?? Symbol(question) ?? Sentiment(question) ?? Translation(question) ?? Summary(question) ?? Arithmetic(question)
            ?? new Finding("I do not understand the question.", JsonValue.Create("I do not understand the question."));

    private static Finding? Greeting(string question)
    {
        if (GreetingPattern().Match(question) is not { Success: true } asked) return null;
        var sentence = $"Hello, {asked.Groups[1].Value}!";
        return new Finding(sentence, JsonValue.Create(sentence));
    }

    private static Finding? Capital(string question)
    {
        if (CapitalPattern().Match(question) is not { Success: true } asked || !Tables.Capitals.TryGetValue(asked.Groups[1].Value, out var capital)) return null;
        return new Finding($"The capital of {asked.Groups[1].Value} is {capital}.", JsonValue.Create(capital), ("country", JsonValue.Create(asked.Groups[1].Value)));
    }

    private static Finding? Symbol(string question)
    {
        if (SymbolPattern().Match(question) is not { Success: true } asked || !Tables.Elements.TryGetValue(asked.Groups[1].Value, out var element)) return null;
        return new Finding(element.Symbol, JsonValue.Create(element.Symbol), ("name", JsonValue.Create(asked.Groups[1].Value)), ("atomicnumber", JsonValue.Create(element.Number)));
    }

    private static Finding? Sentiment(string question)
    {
        if (!question.Contains("sentiment", StringComparison.OrdinalIgnoreCase)) return null;
        var words = WordPattern().Matches(Quoted(question)).Select(w => w.Value).ToList();
        var score = words.Count(Tables.GoodWords.Contains) - words.Count(Tables.BadWords.Contains);
        var label = score > 0 ? "positive" : score < 0 ? "negative" : "neutral";
        return new Finding(label, JsonValue.Create(label), ("score", JsonValue.Create(score)));
    }

    private static Finding? Translation(string question)
    {
        if (TranslationPattern().Match(question) is not { Success: true } asked) return null;
        var language = asked.Groups[1].Value;
        if (!Tables.Phrases.TryGetValue((language, Quoted(question)), out var translated)) return null;
        return new Finding(translated, JsonValue.Create(translated), ("language", JsonValue.Create(language)));
    }

    private static Finding? Summary(string question)
    {
        if (SummaryPattern().Match(question) is not { Success: true } asked) return null;
        var words = asked.Groups[2].Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(int.Parse(asked.Groups[1].Value, CultureInfo.InvariantCulture));
        var summary = string.Join(' ', words);
        return new Finding(summary, JsonValue.Create(summary));
    }

    private static Finding? Arithmetic(string question)
    {
        if (ArithmeticPattern().Match(question) is not { Success: true } asked) return null;
        var value = Calculator.Evaluate(asked.Value);
        return new Finding(value.ToString(CultureInfo.InvariantCulture), JsonValue.Create(value));
    }

    private static string Quoted(string question) => QuotedPattern().Match(question).Groups[1].Value;

    [GeneratedRegex(@"[Ss]ay hello to (\w+)")]
    private static partial Regex GreetingPattern();

    [GeneratedRegex(@"capital of ([A-Z]\w+)")]
    private static partial Regex CapitalPattern();

    [GeneratedRegex(@"chemical symbol (?:of|for) (\w+)")]
    private static partial Regex SymbolPattern();

    [GeneratedRegex(@"[Tt]ranslate (?:in)?to (\w+)")]
    private static partial Regex TranslationPattern();

    [GeneratedRegex(@"[Ss]ummari[sz]e .*?in at most (\d+) words.*?:\s*(.+)", RegexOptions.Singleline)]
    private static partial Regex SummaryPattern();

    [GeneratedRegex(@"\d+(?:\s*[-+*/]\s*\d+)+")]
    private static partial Regex ArithmeticPattern();

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex QuotedPattern();

    [GeneratedRegex(@"\w+")]
    private static partial Regex WordPattern();
}
