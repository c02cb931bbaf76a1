using LlmGateway.Server.Keys;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Hosting;

/// <summary>What the server keeps in its data folder: the ledger, which is also the store of budgets, and the keys.</summary>
internal sealed class GatewayData : IAsyncDisposable
{
    /// <exception cref="GatewayException">The folder or a file of it can't be used.</exception>
    public GatewayData(string folder, GatewayConfig config, TimeProvider time, ILoggerFactory logs)
    {
        Folder = DataFolder.Open(folder);
        Keys = KeyStore.Open(Folder.KeysFile, time, logger: logs.CreateLogger("LlmGateway.Server"));
        try
        {
            Ledger = SqliteLedger.Open(new SqliteLedgerOptions
            {
                Path = config.LedgerFile ?? Folder.LedgerFile,
                Mode = config.LedgerMode ?? LedgerMode.Strict,
                TimeProvider = time,
                LoggerFactory = logs,
            });
        }
        catch
        {
            Keys.Dispose();
            throw;
        }
    }

    public DataFolder Folder { get; }

    public KeyStore Keys { get; }

    public SqliteLedger Ledger { get; }

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync().ConfigureAwait(false);
        Keys.Dispose();
    }
}
