namespace LlmGateway.Cli;

/// <summary>What the process gives a client: a log on standard error.</summary>
internal sealed class ProcessServices(LlmClientOptions options, IDisposable? telemetry) : IDisposable
{
    public LlmClientOptions Options { get; } = options;

    public static ProcessServices Start(GatewayConfig config, Terminal terminal, bool verbose)
    {
        var services = new ProviderServices { LoggerFactory = new ErrorLog(config, terminal.Error, verbose) };
        return new ProcessServices(new LlmClientOptions { Services = services }, telemetry: null);
    }

    public void Dispose() => telemetry?.Dispose();
}
