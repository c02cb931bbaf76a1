namespace LlmGateway.Cli;

/// <summary>What the process gives a client: a log on standard error, telemetry where LLM_TRACE_* asks for it, and the ledger that LLM_LEDGER_FILE names.</summary>
internal sealed class ProcessServices(LlmClientOptions options, IDisposable? telemetry, SqliteLedger? ledger) : IAsyncDisposable
{
    public LlmClientOptions Options { get; } = options;

    /// <exception cref="LedgerException">The ledger can't be opened.</exception>
    public static ProcessServices Start(GatewayConfig config, Terminal terminal, bool verbose)
    {
        var log = new ErrorLog(config, terminal.Error, verbose);
        var ledger = SqliteLedger.Open(config, loggerFactory: log);
        return new ProcessServices(
            new LlmClientOptions { Services = new ProviderServices { LoggerFactory = log }, Ledger = ledger, BudgetStore = ledger },
            LlmGatewayTelemetry.Start(config, log),
            ledger);
    }

    public async ValueTask DisposeAsync()
    {
        if (ledger is not null) await ledger.DisposeAsync();
        telemetry?.Dispose();
    }
}
