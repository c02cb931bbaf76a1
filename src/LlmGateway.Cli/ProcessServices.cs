namespace LlmGateway.Cli;

/// <summary>What the process gives a client: a log on standard error, and telemetry where LLM_TRACE_* asks for it.</summary>
internal sealed class ProcessServices(LlmClientOptions options, IDisposable? telemetry) : IDisposable
{
    public LlmClientOptions Options { get; } = options;

    public static ProcessServices Start(GatewayConfig config, Terminal terminal, bool verbose)
    {
        var log = new ErrorLog(config, terminal.Error, verbose);
        return new ProcessServices(
            new LlmClientOptions { Services = new ProviderServices { LoggerFactory = log } },
            LlmGatewayTelemetry.Start(config, log));
    }

    public void Dispose() => telemetry?.Dispose();
}
