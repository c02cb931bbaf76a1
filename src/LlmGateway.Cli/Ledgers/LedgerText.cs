using System.Globalization;
using LlmGateway.Sqlite;

namespace LlmGateway.Cli.Ledgers;

/// <summary>How amounts and times of a ledger are written.</summary>
internal static class LedgerText
{
    /// <summary>The known part; ~ before a sum with estimates, + behind one with what is not known.</summary>
    public static string Of(LedgerCost cost) => cost.Unpriced > 0 && cost.Known == Usd.Zero ? "unknown" : $"{(cost.Estimated > 0 ? "~" : "")}{cost.Known}{(cost.Unpriced > 0 ? "+" : "")}";

    public static string Of(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Milliseconds(TimeSpan? time) => time is { } known ? Of((long)known.TotalMilliseconds) : "";

    public static string Tags(LedgerCall call) => string.Join(" ", call.Tags.Select(tag => $"{tag.Key}={tag.Value}"));

    /// <summary>A text from outside, on one line.</summary>
    public static string Line(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;
}
