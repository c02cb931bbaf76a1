using System.Globalization;
using System.Text.Json;

namespace LlmGateway.Dialects;

/// <summary>Google names the wait in the body alone: <c>{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}</c>. Source: https://cloud.google.com/apis/design/errors.</summary>
internal static class RetryInfo
{
    /// <param name="error">The error's object, whose <c>details</c> hold it.</param>
    public static TimeSpan? Read(JsonElement error)
    {
        const double MaxSeconds = 365 * 24 * 3600; // Beyond it the number is a slip, and would not fit a time span either.
        if (error.ValueKind != JsonValueKind.Object || !error.TryGetProperty("details"u8, out var details) || details.ValueKind != JsonValueKind.Array) return null;
        foreach (var detail in details.EnumerateArray())
        {
            if (detail.Text("@type"u8)?.EndsWith("google.rpc.RetryInfo", StringComparison.Ordinal) != true) continue;
            if (detail.Text("retryDelay"u8) is [.. var seconds, 's'] && double.TryParse(seconds, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var delay) && delay <= MaxSeconds)
            {
                return TimeSpan.FromSeconds(delay);
            }
        }

        return null;
    }
}
