using LlmGateway.Server.Callers;
using LlmGateway.Server.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Hosting;

/// <summary>What the endpoints share: the core's client, the ledger and the keys, and whether the server is stopping. Made at its start.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private readonly CancellationTokenSource _drained = new();
    private readonly CancellationTokenRegistration _stopping;
    private int _calls;
    private int _streams;

    public Gateway(LlmGatewayServerOptions options, IHostApplicationLifetime lifetime, ILoggerFactory logs)
    {
        Options = options;
        Logger = logs.CreateLogger("LlmGateway.Server");
        Time = options.Client.Services.TimeProvider;
        (Config, HasOwn) = OwnProvider.Of(options.Config ?? GatewayConfig.Load());
        Prices = options.Client.Prices ?? (Config.PricesFile is { } file ? PriceBook.Load(file) : PriceBook.Default);
        Data = options.DataFolder is { } folder ? new GatewayData(folder, Config, Time, logs) : null;
        if (Data?.Ledger is not null) Config = Config with { LedgerFile = null, LedgerMode = null };
        Client = new LlmClient(Config, options.Client with
        {
            Prices = Prices,
            Ledger = Data?.Ledger ?? options.Client.Ledger,
            BudgetStore = Data?.Ledger ?? options.Client.BudgetStore,
            Services = options.Client.Services with { LoggerFactory = logs },
        });
        Models = new ModelResolver(() => Client.Routes.Book, Config, options.Client.Registry, Prices, HasOwn);
        Callers = new CallerGate(Data?.Keys, options, Client.Provider, Time);
        _stopping = lifetime.ApplicationStopping.Register(Stop);
    }

    public LlmGatewayServerOptions Options { get; }

    public GatewayConfig Config { get; }

    /// <summary>Whether <c>LLM_PROVIDER</c> is set, or stands for itself by its key.</summary>
    public bool HasOwn { get; }

    public LlmClient Client { get; }

    public PriceBook Prices { get; }

    /// <summary>The ledger and the keys; null where nothing is kept.</summary>
    public GatewayData? Data { get; }

    public ModelResolver Models { get; }

    public CallerGate Callers { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>Whether it takes no new calls, since it stops.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Ends when calls under way must end, since the server stops.</summary>
    public CancellationToken Drained => _drained.Token;

    /// <summary>Calls under way.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Those of them that are streamed.</summary>
    public int Streams => Volatile.Read(ref _streams);

    /// <returns>False where there are too many under way.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _calls) <= Options.MaxConcurrentCalls) return true;
        Interlocked.Decrement(ref _calls);
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _calls);

    public void StreamBegins() => Interlocked.Increment(ref _streams);

    public void StreamEnds() => Interlocked.Decrement(ref _streams);

    public async ValueTask DisposeAsync()
    {
        await _stopping.DisposeAsync().ConfigureAwait(false);
        await Client.DisposeAsync().ConfigureAwait(false);
        if (Data is not null) await Data.DisposeAsync().ConfigureAwait(false);
        _drained.Dispose();
    }

    private void Stop()
    {
        IsStopping = true;
        _drained.CancelAfter(Options.DrainTimeout);
    }
}
