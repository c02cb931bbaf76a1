using System.Text.Json;

namespace LlmGateway.Sqlite;

/// <summary>How the file says what the records say.</summary>
internal static class Words
{
    /// <summary>The outcome of a call whose process died before its record came.</summary>
    public const string UnknownOutcome = "unknown";

    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum
        => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public static CostBasis Basis(string? word) => word switch
    {
        "counted" => CostBasis.Counted,
        "estimated" => CostBasis.Estimated,
        _ => CostBasis.Unknown,
    };

    /// <summary>Microseconds since 1970.</summary>
    public static long Microseconds(DateTimeOffset time) => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static long Microseconds(TimeSpan time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset Time(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
}
