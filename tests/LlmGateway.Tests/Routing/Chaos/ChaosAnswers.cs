using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmGateway.Tests.Routing.Chaos;

/// <summary>The answers that a call may get: whole ones only are among these. Several, so that a vendor asked afresh may say something else.</summary>
internal static class ChaosAnswers
{
    public const int Variants = 3;
    public const string ToolName = "look_up";

    private static readonly string[] Words = ["cloud", " ", "\r\n", "rain ", "over ", "the ", "hills,", "\t", "🌧️ ", "and ", "süß ", "\n\n", "wind. "];

    /// <summary>Chance that is the same in each run, unlike <see cref="HashCode"/>.</summary>
    public static Random Chance(params ReadOnlySpan<object> of)
    {
        var hash = 14695981039346656037UL;
        foreach (var one in of)
            foreach (var c in Convert.ToString(one, CultureInfo.InvariantCulture)! + "|")
                hash = (hash ^ c) * 1099511628211UL;
        return new Random((int)(hash ^ (hash >> 32)));
    }

    public static string Text(string call, int variant)
    {
        var common = Chance(call);
        var text = new StringBuilder();
        for (var i = common.Next(1, 12); i > 0; i--) text.Append(Words[common.Next(Words.Length)]);
        var own = Chance(call, variant);
        for (var i = own.Next(1, 20); i > 0; i--) text.Append(Words[own.Next(Words.Length)]);
        return text.Append(CultureInfo.InvariantCulture, $"[{call}.{variant}.{text.Length}]").ToString();
    }

    public static string Arguments(string call, int variant) => $$"""{"q": "{{call}}", "n": [{{variant}}, 1]}""";

    public static ChaosSum Sum(string call, int variant)
    {
        int[] numbers = [.. Enumerable.Range(0, Chance(call, variant).Next(1, 8)).Select(i => i * (variant + 1))];
        return new ChaosSum(Text(call, variant), numbers, numbers.Sum());
    }

    public static ChaosItem[] Items(string call, int variant)
    {
        // The first are the same in all, the last say that it is the end.
        var common = Chance(call).Next(0, 4);
        var all = common + Chance(call, variant).Next(1, 5);
        return [.. Enumerable.Range(0, all).Select(i => new ChaosItem(i, i < common ? call : $"{call}.{variant}", all - i == 1))];
    }

    public static string Json(string call, int variant, bool isList)
        => isList ? $$"""{"value": {{JsonSerializer.Serialize(Items(call, variant))}}}""" : JsonSerializer.Serialize(Sum(call, variant));
}

internal sealed record ChaosSum([property: JsonPropertyName("text")] string Text, [property: JsonPropertyName("numbers")] int[] Numbers, [property: JsonPropertyName("total")] int Total);

internal sealed record ChaosItem([property: JsonPropertyName("n")] int Number, [property: JsonPropertyName("text")] string Text, [property: JsonPropertyName("is_last")] bool IsLast);
