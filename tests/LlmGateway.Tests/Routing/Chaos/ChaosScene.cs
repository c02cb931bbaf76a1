using System.Collections.Concurrent;
using LlmGateway.Tests.Budgets;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Routing.Chaos;

/// <summary>A client over vendors and routes that chance made, the calls that are made on it, and what must hold of all of them.</summary>
internal sealed class ChaosScene
{
    private readonly int _seed;
    private readonly int _calls;
    private readonly int _together;
    private readonly ChaosClock _clock = new();
    private readonly ConcurrentQueue<Visit> _log = new();
    private readonly ConcurrentQueue<string> _wrongs = new();
    private readonly ConcurrentQueue<Exception> _unobserved = new();
    private readonly FakeLedger _ledger = new();
    private readonly InProcessBudgetStore _store = new();
    private readonly LogSink _sink = new();
    private readonly ChaosVendor[] _vendors;
    private readonly string[] _routes;
    private readonly GatewayConfig _config;
    private readonly decimal? _limit;

    private ChaosScene(int seed, int calls, int together)
    {
        (_seed, _calls, _together) = (seed, calls, together);
        var chance = ChaosAnswers.Chance(seed);
        _vendors = [.. Enumerable.Range(0, Math.Min(chance.Next(1, 8), 5)).Select(i => Vendor(i, chance))];
        var routes = Enumerable.Range(0, chance.Next(1, 4)).Select(i => Route($"r{i}", chance)).ToArray();
        _routes = [.. routes.Select(route => route.Name), "v0-1"];
        _limit = chance.Next(6) switch { 0 => chance.Next(1, 60) / 10m, 1 or 2 => chance.Next(20, 2000), _ => null };
        _config = new GatewayConfig
        {
            Provider = "v0",
            Model = "v0-1",
            Routes = routes,
            Fallbacks = [.. _vendors.Skip(1).Take(chance.Next(3)).Select(vendor => new RouteTarget { Vendor = vendor.Name, Model = vendor.DefaultModel })],
            MaxRetries = Math.Min(chance.Next(0, 9), 6),
            MaxReasks = chance.Next(0, 3),
            TimeoutSeconds = chance.Next(5, 40),
            DeadlineSeconds = chance.Next(2) == 0 ? null : chance.Next(3, 60),
            FirstTokenTimeoutSeconds = chance.Next(2) == 0 ? null : chance.Next(1, 10),
            IdleTimeoutSeconds = chance.Next(2) == 0 ? null : chance.Next(1, 10),
            StreamRescue = Rescue(chance),
            MaxTokens = 400,
            CostLimitUsd = _limit,
            Budgets = _limit is null ? [] : [new Budget("all") { LimitUsd = _limit * 2 }, new Budget("each") { LimitUsd = _limit / 2, Per = "user" }],
        };
        var registry = new ProviderRegistry();
        var prices = new PriceBook(_clock);
        foreach (var vendor in _vendors)
        {
            registry.Register(vendor.Name, _ => vendor);
            prices.Register(vendor.Name, vendor.DefaultModel, new ModelPrice { InputPerMillion = MoneyBench.Input * 1_000_000, OutputPerMillion = MoneyBench.Output * 1_000_000 });
        }

        Client = new LlmClient(_config, new LlmClientOptions
        {
            Registry = registry,
            Prices = prices,
            BudgetStore = _store,
            Ledger = _ledger,
            Services = new ProviderServices { TimeProvider = _clock, Randomizer = new Locked(seed).Next, LoggerFactory = _sink },
        });
    }

    public LlmClient Client { get; }

    public ChaosClock Clock => _clock;

    public GatewayConfig Config => _config;

    /// <summary>Runs a scene, and gives what happened.</summary>
    public static IReadOnlyCollection<CallRecord> Run(int seed, int calls, int together)
    {
        var scene = new ChaosScene(seed, calls, together);
        scene.Play();
        return scene._ledger.Records;
    }

    public void Wrong(string call, string what) => _wrongs.Enqueue($"{call}: {what}");

    private static StreamRescue Rescue(Random chance) => (StreamRescue)chance.Next(4) is var rescue && chance.Next(6) == 0 ? StreamRescue.Buffer : rescue;

    private ChaosVendor Vendor(int number, Random chance)
    {
        var prefills = chance.Next(3);
        var capabilities = new ModelCapabilities
        {
            Prefill = prefills switch { 0 => null, 1 => false, _ => true },
            NativeSchema = chance.Next(2) == 0,
            ForcedTool = chance.Next(2) == 0,
            Tools = chance.Next(5) == 0 ? false : null,
            ContextWindow = chance.Next(3) switch { 0 => null, 1 => chance.Next(60, 400), _ => 100_000 },
            ThinksUnasked = chance.Next(8) == 0,
        };
        return new ChaosVendor($"v{number}", _seed, chance.NextDouble() * 0.9, capabilities, refusesPrefill: chance.Next(3) == 0, _log, _clock);
    }

    private RouteConfig Route(string name, Random chance)
    {
        ChaosVendor[] vendors = [.. _vendors];
        chance.Shuffle(vendors);
        return new RouteConfig
        {
            Name = name,
            Policy = (RoutePolicy)chance.Next(5),
            Targets = [.. vendors.Take(Math.Min(chance.Next(1, vendors.Length + 3), vendors.Length)).Select(vendor => new RouteTarget
            {
                Vendor = vendor.Name,
                Model = vendor.DefaultModel,
                Weight = chance.Next(1, 10),
                When = chance.Next(8) switch
                {
                    0 => new RouteCondition { Tags = new Dictionary<string, string> { ["user"] = "u1" } },
                    1 => new RouteCondition { Tools = chance.Next(2) == 0 },
                    2 => new RouteCondition { MaxInputTokens = 60 },
                    _ => null,
                },
                Timeout = chance.Next(3) == 0 ? TimeSpan.FromSeconds(chance.Next(2, 30)) : null,
                MaxConcurrency = chance.Next(3) == 0 ? chance.Next(1, 8) : null,
                MaxQueue = chance.Next(0, 20),
                RequestsPerMinute = chance.Next(15) == 0 ? chance.Next(5, 200) : null,
                TokensPerMinute = chance.Next(15) == 0 ? chance.Next(2_000, 200_000) : null,
            })],
            FallbackOn = [.. new[] { ProviderErrorKind.Refusal, ProviderErrorKind.ContentFilter, ProviderErrorKind.Authentication, ProviderErrorKind.NotFound, ProviderErrorKind.Unknown }.Where(_ => chance.Next(3) == 0)],
            Hedge = chance.Next(5) switch
            {
                0 => new RouteHedge { After = TimeSpan.FromMilliseconds(chance.Next(100, 5000)) },
                1 => new RouteHedge { Percentile = 0.9, After = TimeSpan.FromSeconds(2) },
                _ => null,
            },
            Rescue = chance.Next(2) == 0 ? null : Rescue(chance),
        };
    }

    private void Play()
    {
        void Unobserved(object? sender, UnobservedTaskExceptionEventArgs e) => _unobserved.Enqueue(e.Exception);
        TaskScheduler.UnobservedTaskException += Unobserved;
        try
        {
            var next = 0;
            _clock.Drive(() => Task.WhenAll(Enumerable.Range(0, _together).Select(_ => Task.Run(async () =>
            {
                for (var number = Interlocked.Increment(ref next); number <= _calls; number = Interlocked.Increment(ref next)) await new ChaosCall(this, _seed, number, _routes).RunAsync();
            })).ToArray()));
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Unobserved;
        }

        var visits = _log.GroupBy(visit => visit.Call).ToDictionary(group => group.Key, group => group.ToArray());
        foreach (var record in _ledger.Records) new ChaosAudit(record, visits.GetValueOrDefault(record.Tags["call"], []), _config, Wrong).Check();
        CheckTargets();
        CheckMoney();
        foreach (var error in _unobserved) Wrong("-", $"nobody looked at {error.InnerException}");
        Assert.True(_wrongs.IsEmpty, $"Seed {_seed}: {_wrongs.Count} wrong:\n{string.Join("\n", _wrongs.Take(8))}");
        Assert.Equal(_calls, _ledger.Records.Count);
    }

    private void CheckTargets()
    {
        foreach (var vendor in _vendors)
        {
            if (vendor.Opened != vendor.Closed) Wrong(vendor.Name, $"{vendor.Opened} streams were opened and {vendor.Closed} closed");
            foreach (var nonsense in vendor.Nonsense) Wrong(vendor.Name, nonsense);
        }

        foreach (var target in _routes.SelectMany(name => Client.Routes.Of(name).Targets.Targets).Distinct())
        {
            if (target.UnderWay != 0) Wrong(target.Name, $"{target.UnderWay} are under way for ever");
            if (target.Bulkhead is { } bulkhead && (bulkhead.Inside, bulkhead.Waiting) != (0, 0)) Wrong(target.Name, $"{bulkhead.Inside} are inside and {bulkhead.Waiting} wait for ever");
        }
    }

    private void CheckMoney()
    {
        var attempts = _ledger.Records.SelectMany(record => record.Attempts).ToArray();
        var told = attempts.Where(attempt => attempt.CostBasis != CostBasis.Unknown).Sum(attempt => attempt.Usage.TotalCostUsd);
        var untold = attempts.Where(attempt => attempt.CostBasis == CostBasis.Unknown).Sum(attempt => attempt.Usage.TotalCostUsd);
        var (counted, billed) = (_vendors.Sum(vendor => vendor.Counted + vendor.Partly), _vendors.Sum(vendor => vendor.Untold));
        if (told != counted) Wrong("money", $"the records say ${told}, the vendors ${counted}");
        if (untold < billed) Wrong("money", $"what was not counted is taken for ${untold}, the vendors billed ${billed}");
        var spent = told + untold;
        if (Client.TotalCostUsd != spent) Wrong("money", $"the client says ${Client.TotalCostUsd}, its records ${spent}");
        if (_sink.Count(14) > 0) Wrong("money", "something cost more than was set aside for it");
        if (_limit is not { } limit) return;
        if (spent > limit) Wrong("money", $"${spent} is spent of ${limit}");
        var balance = _store.BalanceAsync(new BudgetAccount("total:all", "all", null), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        if ((balance.SpentUsd, balance.ReservedUsd) != (spent, 0m)) Wrong("money", $"the budget has ${balance.SpentUsd} spent of ${spent}, and ${balance.ReservedUsd} reserved");
    }

    /// <summary>Chance for many threads.</summary>
    private sealed class Locked(int seed)
    {
        private readonly Random _random = new(seed);

        public double Next()
        {
            lock (_random) return _random.NextDouble();
        }
    }
}
