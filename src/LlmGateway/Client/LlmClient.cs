using LlmGateway.Budgets;
using LlmGateway.Routing;
using LlmGateway.StructuredOutput;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway;

/// <summary>Asks a model, and gives back a validated, typed answer with its exact cost. Safe for concurrent use; make one and share it.</summary>
/// <remarks>
/// Each call makes one <see cref="CallRecord"/>, which the response carries as its metadata and a <see cref="GatewayException"/>
/// as its <see cref="GatewayException.Record"/>. On cancellation the call ends at once with
/// <see cref="OperationCanceledException"/>; what it had used by then still counts in <see cref="TotalCostUsd"/>.
/// </remarks>
public sealed partial class LlmClient : IAsyncDisposable
{
    private readonly GatewayConfig _config;
    private readonly RouteTable _routes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CostTracker _costs;
    private readonly BudgetGate _budget;
    private readonly Router _router;
    private readonly StructuredAnswer _structured;
    private int _isDisposed;

    /// <summary>A client by <c>.env</c> and the environment: see <see cref="GatewayConfig.Load(string?)"/>.</summary>
    /// <exception cref="ProviderInitException">A setting is invalid, or the provider lacks something, such as a key.</exception>
    /// <exception cref="ProviderNotFoundException">No provider has the name that <c>LLM_PROVIDER</c> gives.</exception>
    /// <exception cref="CliNotFoundException">The provider runs a program that is not installed.</exception>
    public LlmClient()
        : this(GatewayConfig.Load())
    {
    }

    /// <summary>A client by a configuration.</summary>
    /// <param name="config">The configuration; copied. A vendor's usual variables (<c>ANTHROPIC_API_KEY</c>) still fill in for what it leaves unset.</param>
    /// <param name="options">What to work with; null for the defaults.</param>
    /// <exception cref="ProviderInitException">A setting is invalid, or the provider lacks something, such as a key.</exception>
    /// <exception cref="ProviderNotFoundException">No provider has that name.</exception>
    /// <exception cref="CliNotFoundException">The provider runs a program that is not installed.</exception>
    public LlmClient(GatewayConfig config, LlmClientOptions? options = null)
        : this(Snapshot(config), provider: null, options ?? new LlmClientOptions())
    {
    }

    /// <summary>A client over a provider of your own, which the client does not dispose. Neither <c>.env</c> nor the environment is read.</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="config">The settings; null for the defaults. Its <see cref="GatewayConfig.Provider"/> is not looked at.</param>
    /// <param name="options">What to work with; null for the defaults.</param>
    /// <exception cref="ProviderInitException">A setting is invalid.</exception>
    public LlmClient(ILlmProvider provider, GatewayConfig? config = null, LlmClientOptions? options = null)
        : this(Snapshot(config ?? new GatewayConfig()), provider ?? throw new ArgumentNullException(nameof(provider)), options ?? new LlmClientOptions())
    {
    }

    private LlmClient(GatewayConfig config, ILlmProvider? provider, LlmClientOptions options)
    {
        _config = config;
        _time = options.Services.TimeProvider;
        _logger = options.Services.LoggerFactory.CreateLogger(TelemetryNames.Source);
        _costs = options.Costs ?? new CostTracker();
        var prices = options.Prices ?? (config.PricesFile is { } file ? PriceBook.Load(file) : PriceBook.Default);
        if (config.LedgerFile is not null && options.Ledger is null)
        {
            throw new ProviderInitException(
                "LLM_LEDGER_FILE is set, and the client has no ledger to keep calls in. Open one with SqliteLedger of package LlmGateway.Sqlite and give it as LlmClientOptions.Ledger, or unset LLM_LEDGER_FILE.", setting: "LLM_LEDGER_FILE");
        }

        _budget = new BudgetGate(config, options, _costs, prices, _logger);
        _routes = new RouteTable(config, options, provider, prices, _logger);
        _router = new Router(config, _budget, new RetryPolicy(config.MaxRetries, options.Services.Randomizer), _time, _logger);
        _structured = new StructuredAnswer(_router, _budget, _logger);
        foreach (var warning in config.Warnings) _logger.ConfigWarning(warning);
    }

    /// <summary>What this client has spent, in US dollars; null where the price of any of it is unknown. Failed attempts that were billed count.</summary>
    public decimal? TotalCostUsd => _costs.TotalCostUsd;

    /// <summary>All tokens this client has used, input and output.</summary>
    public long TotalTokens => _costs.TotalTokens;

    /// <summary>Calls that sent at least one request, however they ended.</summary>
    public int CallCount => _costs.CallCount;

    /// <summary>The provider's name; the first target's where <see cref="Model"/> is a route's.</summary>
    public string Provider => _routes.First.Provider.Name;

    /// <summary>The model, or the route, that is asked unless a call says otherwise.</summary>
    /// <remarks>Empty where neither the configuration nor the provider names one: then each call must.</remarks>
    public string Model => _config.Model ?? _routes.First.Provider.DefaultModel;

    /// <summary>Where the calls go.</summary>
    internal RouteTable Routes => _routes;

    /// <summary>Where the requests go; null for a provider in this process.</summary>
    internal Uri? Endpoint => _routes.First.Provider.Endpoint;

    /// <summary>What a model, or the first target of a route, can do; an empty name is the client's own model.</summary>
    internal ModelCapabilities CapabilitiesOf(string model) => _routes.Of(model.Length > 0 ? model : Model).First.Capabilities;

    /// <summary>What has been used and spent, by model.</summary>
    /// <returns>An immutable summary; its <see cref="CostSummary.ToString"/> is for people.</returns>
    public CostSummary CostSummary() => _costs.Summary();

    /// <summary>Disposes the providers that the client made. Calls made later throw <see cref="ObjectDisposedException"/>. Safe to call again.</summary>
    /// <returns>When it is done.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        await _routes.DisposeAsync().ConfigureAwait(false);
    }

    private static GatewayConfig Snapshot(GatewayConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var copy = config with { };
        copy.Validate();
        return copy;
    }
}
