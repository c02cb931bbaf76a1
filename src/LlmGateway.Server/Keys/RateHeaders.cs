using System.Globalization;

namespace LlmGateway.Server.Keys;

/// <summary>
/// How a key's limits stand, as headers of the caller's dialect, so that its client slows down by itself. OpenAI's
/// (https://platform.openai.com/docs/guides/rate-limits) give the time until all is there again as <c>6m0s</c>, Anthropic's
/// (https://platform.claude.com/docs/en/api/rate-limits#response-headers) the moment. Gemini has none.
/// </summary>
internal static class RateHeaders
{
    /// <param name="dialect">The dialect's name, as the core has it.</param>
    /// <param name="rates">How the limits stand; a limit that the key has not gives no header.</param>
    /// <param name="now">The time of the clock on the wall.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(string dialect, KeyRates? rates, DateTimeOffset now)
    {
        if (rates is null or { Requests: null, Tokens: null }) return [];
        var headers = new List<KeyValuePair<string, string>>(6);
        switch (dialect)
        {
            case "openai" or "openai_responses":
                OpenAI("requests", rates.Requests);
                OpenAI("tokens", rates.Tokens);
                break;
            case "anthropic":
                Anthropic("requests", rates.Requests);
                Anthropic("tokens", rates.Tokens);
                break;
        }

        return headers;

        void OpenAI(string what, KeyRate? rate)
        {
            if (rate is not { } known) return;
            Add($"x-ratelimit-limit-{what}", Text(known.Limit));
            Add($"x-ratelimit-remaining-{what}", Text(known.Remaining));
            Add($"x-ratelimit-reset-{what}", Duration(known.ResetsIn));
        }

        void Anthropic(string what, KeyRate? rate)
        {
            if (rate is not { } known) return;
            Add($"anthropic-ratelimit-{what}-limit", Text(known.Limit));
            Add($"anthropic-ratelimit-{what}-remaining", Text(known.Remaining));
            Add($"anthropic-ratelimit-{what}-reset", Moment(now + known.ResetsIn));
        }

        void Add(string name, string value) => headers.Add(new(name, value));
    }

    /// <summary>As Go writes it: <c>1s</c>, <c>6m0s</c>, <c>1h0m5s</c>, <c>20ms</c>; rounded up to milliseconds, so that nobody comes too early.</summary>
    internal static string Duration(TimeSpan time)
    {
        var milliseconds = (long)Math.Ceiling(time.TotalMilliseconds);
        if (milliseconds <= 0) return "0s";
        if (milliseconds < 1000) return $"{Text(milliseconds)}ms";
        var (seconds, rest) = Math.DivRem(milliseconds, 1000);
        var text = $"{Text(seconds % 60)}{(rest == 0 ? "" : "." + rest.ToString("000", CultureInfo.InvariantCulture).TrimEnd('0'))}s";
        if (seconds >= 60) text = $"{Text(seconds / 60 % 60)}m{text}";
        return seconds >= 3600 ? $"{Text(seconds / 3600)}h{text}" : text;
    }

    /// <summary>As RFC 3339 has it, in whole seconds, rounded up.</summary>
    internal static string Moment(DateTimeOffset at)
    {
        var past = at.UtcTicks % TimeSpan.TicksPerSecond;
        return at.UtcDateTime.AddTicks(past == 0 ? 0 : TimeSpan.TicksPerSecond - past).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
