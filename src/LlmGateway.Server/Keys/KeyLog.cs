using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Keys;

/// <summary>What is logged of the keys. Event ids are stable, from 200 on.</summary>
internal static partial class KeyLog
{
    [LoggerMessage(200, LogLevel.Error, "The keys in '{Path}' can't be read, so that no key is let in: {Reason}")]
    public static partial void Unreadable(this ILogger logger, string path, string reason);
}
