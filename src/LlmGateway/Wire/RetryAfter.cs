using System.Globalization;
using System.Net.Http.Headers;

namespace LlmGateway.Wire;

/// <summary>Reads how long a vendor asks to wait: <c>retry-after-ms</c>, which some vendors send, else <c>Retry-After</c> (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>The three forms of RFC 9110, section 5.6.7. A laxer reading takes <c>1-2</c> for a day in January.</summary>
    private static readonly string[] DateFormats = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    public static TimeSpan? Read(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (First(headers, "retry-after-ms") is { } ms && TryNumber(ms, out var milliseconds)) return Clamp(milliseconds / 1000);
        if (First(headers, "Retry-After") is not { } text) return null;
        if (TryNumber(text, out var seconds)) return Clamp(seconds);
        return DateTimeOffset.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var date)
            ? Clamp((date - now).TotalSeconds)
            : null;
    }

    private static bool TryNumber(string text, out double value)
        => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && !double.IsNaN(value);

    /// <summary>A date in the past means "now"; an absurd number stays large without overflowing.</summary>
    private static TimeSpan Clamp(double seconds)
        => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.FromDays(365).TotalSeconds));

    private static string? First(HttpResponseHeaders headers, string name)
        => headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;
}
