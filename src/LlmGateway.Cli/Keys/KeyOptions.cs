using System.Globalization;
using LlmGateway.Server.Keys;

namespace LlmGateway.Cli.Keys;

/// <summary>What the options of <c>keys</c> say.</summary>
internal static class KeyOptions
{
    /// <summary>The id in what was given: itself, or a key, or how a key begins.</summary>
    public static string Id(string given)
    {
        var text = given.StartsWith(KeyText.Start, StringComparison.Ordinal) ? given[KeyText.Start.Length..].Split('_')[0] : given;
        return KeyText.IsId(text) ? text : throw new UsageException($"That is no id of a key: it has {KeyText.IdLength} small letters and digits, as 'llm-gateway keys list' shows it.");
    }

    public static UsageException Unknown(string given) => new($"There is no key {Id(given)}. 'llm-gateway keys list' lists them; --data names another folder.");

    public static List<KeyBudget> Budgets(string option, string[] texts)
        => [.. texts.Select(text => KeyBudget.TryParse(text, out var budget) ? budget : throw new UsageException($"{option}: '{text}' is no budget; {KeyBudget.Allowed} is expected."))];

    public static Dictionary<string, string> Tags(string option, string[] texts)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
            if (text.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } value] || !tags.TryAdd(name, value)) throw new UsageException($"{option}: '{text}' is no tag; name=value is expected, each name once.");
        return tags;
    }

    public static DateTimeOffset Moment(string option, string text, DateTimeOffset now)
    {
        if (Duration(text) is { } time) return now + time;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw new UsageException($"{option}: '{text}' is no time; 30d, 2027-01-31 or 2027-01-31T12:00:00Z is expected.");
    }

    /// <summary>A length of time: a whole number and s, m, h or d; null for anything else.</summary>
    public static TimeSpan? Duration(string text)
    {
        if (text.Length is < 2 or > 9 || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        long? seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => null };
        return seconds * number is { } all && all <= 100L * 365 * 86400 ? TimeSpan.FromSeconds(all) : null;
    }

    /// <summary>The option that sets what the admin API calls so.</summary>
    public static string OptionOf(string field) => field switch
    {
        "models" => "--model",
        "routes" => "--route",
        "budgets" => "--budget",
        "requests_per_minute" => "--rpm",
        "tokens_per_minute" => "--tpm",
        "max_concurrent" => "--concurrent",
        "expires_at" => "--expires",
        "tags" => "--tag",
        _ => "--" + field,
    };
}
