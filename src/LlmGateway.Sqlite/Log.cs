using Microsoft.Extensions.Logging;

namespace LlmGateway.Sqlite;

/// <summary>Every log message of the ledger. Event ids are stable, from 100 on.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Error, "The ledger {Path} can't be written to: {Reason}")]
    public static partial void CannotWrite(this ILogger logger, string path, string reason, Exception error);

    [LoggerMessage(101, LogLevel.Information, "The ledger {Path} can be written to again")]
    public static partial void WritesAgain(this ILogger logger, string path);

    [LoggerMessage(102, LogLevel.Error, "The ledger {Path} loses records of calls: {Reason} The count is llm_gateway.ledger.dropped")]
    public static partial void Dropping(this ILogger logger, string path, string reason);

    [LoggerMessage(103, LogLevel.Warning, "{Calls} call(s) of processes that died were taken into the ledger {Path}, their outcome unknown")]
    public static partial void Recovered(this ILogger logger, string path, int calls);

    [LoggerMessage(104, LogLevel.Warning, "The ledger {Path} was written by a newer version of this program (its schema is {Version}, this one knows {Known}): it is read, not written to")]
    public static partial void ReadOnly(this ILogger logger, string path, int version, int known);

    [LoggerMessage(105, LogLevel.Warning, "The call {CallId} is in the ledger {Path} already; its second record is left out")]
    public static partial void Duplicate(this ILogger logger, string callId, string path);

    [LoggerMessage(106, LogLevel.Error, "The ledger {Path} was closed with {Entries} entries that could not be written")]
    public static partial void LeftUnwritten(this ILogger logger, string path, int entries);

    [LoggerMessage(107, LogLevel.Warning, "The ledger {Path} could not be looked after, and will be in a minute: {Reason}")]
    public static partial void HousekeepingFailed(this ILogger logger, string path, string reason, Exception error);
}
