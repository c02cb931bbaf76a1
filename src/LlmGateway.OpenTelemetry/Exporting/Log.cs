using Microsoft.Extensions.Logging;

namespace LlmGateway.Exporting;

/// <summary>The log messages of this package. Their event ids begin at 100, above the core's.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Warning, "The {Signal} could not be exported to {Endpoint} (LLM_TRACE_ENDPOINT); is an OTLP receiver for gRPC listening there? Further failures are not told")]
    public static partial void ExportFailed(this ILogger logger, string signal, Uri endpoint);
}
