using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Hosting;

/// <summary>What the server keeps in its data folder: the ledger, which is also the store of budgets, and the keys.</summary>
internal sealed class GatewayData : IAsyncDisposable
{
    /// <exception cref="LedgerException">The folder or a file of it can't be used.</exception>
    public GatewayData(string folder, GatewayConfig config, TimeProvider time, ILoggerFactory logs)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        Ledger = SqliteLedger.Open(new SqliteLedgerOptions
        {
            Path = config.LedgerFile ?? Path.Combine(folder, "ledger.db"),
            Mode = config.LedgerMode ?? LedgerMode.Strict,
            TimeProvider = time,
            LoggerFactory = logs,
        });
    }

    public string Folder { get; }

    public SqliteLedger Ledger { get; }

    public object? Keys => null;

    public ValueTask DisposeAsync() => Ledger.DisposeAsync();
}
