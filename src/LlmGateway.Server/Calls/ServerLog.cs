using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Calls;

/// <summary>What the server logs beside what the core logs of each call.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1001, LogLevel.Error, "A request failed in the gateway itself.", EventName = "RequestFailed")]
    public static partial void Failed(ILogger logger, Exception exception);
}
