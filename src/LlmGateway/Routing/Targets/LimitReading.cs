using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace LlmGateway.Routing.Targets;

/// <summary>One limit as a response's headers state it.</summary>
/// <param name="Limit">The most at once; null where it is not said.</param>
/// <param name="Remaining">What is left.</param>
/// <param name="ResetsIn">How long until it is there again; null where it is not said, or not understood.</param>
internal readonly record struct LimitReading(long? Limit, long Remaining, TimeSpan? ResetsIn)
{
    /// <summary>Seconds since 1970 are above this, and seconds to wait are below.</summary>
    private const double LeastEpoch = 1e9;

    private const double LeastEpochInMilliseconds = 1e12;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Reads one; null where the headers do not say what is left.</summary>
    public static LimitReading? Find(HttpResponseHeaders headers, LimitNames names, DateTimeOffset now)
        => Count(headers, names.Remaining) is { } remaining ? new LimitReading(Count(headers, names.Limit), remaining, ResetOf(Value(headers, names.Reset), now)) : null;

    /// <summary>A time to wait, as vendors write it: <c>6m0s</c>, <c>20ms</c>, <c>1h2m3.5s</c>, seconds, seconds since 1970, or RFC 3339; null for anything else.</summary>
    public static TimeSpan? ResetOf(string? value, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(value) || value.Length > 64) return null;
        if (double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return number < LeastEpoch ? Seconds(number) : Until((number < LeastEpochInMilliseconds ? number : number / 1000) - (now.ToUnixTimeMilliseconds() / 1000.0));
        return value.Contains('-', StringComparison.Ordinal) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? Until((at - now).TotalSeconds)
            : Duration(value);
    }

    private static TimeSpan? Until(double seconds) => Seconds(Math.Max(seconds, 0));

    private static TimeSpan? Seconds(double seconds) => seconds < 1e9 ? TimeSpan.FromSeconds(seconds) : null;

    private static TimeSpan? Duration(ReadOnlySpan<char> text)
    {
        var seconds = 0.0;
        while (!text.IsEmpty)
        {
            var end = text.IndexOfAnyExcept(Digits);
            if (end <= 0 || !double.TryParse(text[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
            text = text[end..];
            var unitEnd = text.IndexOfAnyInRange('0', '9');
            var unit = unitEnd < 0 ? text : text[..unitEnd];
            double? factor = unit switch
            {
                "d" => 86_400,
                "h" => 3_600,
                "m" => 60,
                "s" => 1,
                "ms" => 1e-3,
                "us" or "µs" => 1e-6,
                "ns" => 1e-9,
                _ => null,
            };
            if (factor is null) return null;
            seconds += number * factor.Value;
            text = text[unit.Length..];
        }

        return Seconds(seconds);
    }

    private static long? Count(HttpResponseHeaders headers, string name)
        => double.TryParse(Value(headers, name), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) && count < 1e15 ? (long)count : null;

    /// <summary>As it stands on the wire, of several the first.</summary>
    private static string? Value(HttpResponseHeaders headers, string name)
    {
        if (!headers.NonValidated.TryGetValues(name, out var values)) return null;
        foreach (var value in values) return value.Trim();
        return null;
    }
}
