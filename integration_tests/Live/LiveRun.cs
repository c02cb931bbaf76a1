using LlmGateway.IntegrationTests.Live;

[assembly: AssemblyFixture(typeof(LiveRun))]

namespace LlmGateway.IntegrationTests.Live;

/// <summary>One live run: what the clients are made from, what they spend together, and the summary at its end.</summary>
public sealed class LiveRun : IAsyncLifetime
{
    private const string HowToRun = "Live tests are off. Run integration_tests/run.sh --loopback, or set LLM_LIVE=1 with LLM_PROVIDER and a key.";
    private const string LoopbackOnly = "Looks at what a server was sent, which only the loopback server tells: run integration_tests/run.sh --loopback.";

    private readonly CostTracker _costs = new();
    private readonly AttemptCounter _attempts = new();
    private Sandbox? _sandbox;

    public LiveMode Mode { get; } = IsOn("LOOPBACK_LIVE") ? LiveMode.Loopback : IsOn("LLM_LIVE") ? LiveMode.Live : LiveMode.Off;

    public async ValueTask InitializeAsync()
    {
        if (Mode == LiveMode.Loopback) _sandbox = await Sandbox.StartAsync();
    }

    /// <summary>Skips the test where no live run was asked for.</summary>
    public void Require() => Assert.SkipWhen(Mode == LiveMode.Off, HowToRun);

    /// <summary>Skips the test where there is no loopback server; else what the sandbox holds.</summary>
    internal Sandbox RequireLoopback()
    {
        Require();
        Assert.SkipUnless(Mode == LiveMode.Loopback, LoopbackOnly);
        return _sandbox!;
    }

    /// <summary>A client by <c>.env</c> and the environment, as a consumer makes it; its spending is added to the run's.</summary>
    public LlmClient NewClient(Action<GatewayConfig>? change = null)
    {
        var config = GatewayConfig.Load();
        if (Mode == LiveMode.Loopback) Assert.Empty(config.Warnings);
        change?.Invoke(config);
        return new LlmClient(config, new LlmClientOptions { Costs = _costs });
    }

    public async ValueTask DisposeAsync()
    {
        if (Mode == LiveMode.Off) return;
        await RunSummary.WriteAsync(Mode, _costs.Summary(), _attempts, _sandbox?.Server.Seen);
        _attempts.Dispose();
        if (_sandbox is not null) await _sandbox.DisposeAsync();
    }

    private static bool IsOn(string name) => Environment.GetEnvironmentVariable(name)?.Trim() is "1" or "true";
}

/// <summary>The live tests share one process's environment, and their spending is told apart by what came before: one at a time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LiveTestsOneByOne
{
    public const string Name = "live";
}
