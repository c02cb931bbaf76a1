using BenchmarkDotNet.Attributes;
using LlmGateway.Routing.Policies;
using LlmGateway.Routing.Targets;

namespace LlmGateway.Benchmarks;

/// <summary>The choice of one of many healthy targets. It should not matter how many they are.</summary>
[MemoryDiagnoser]
public class PolicyPick
{
    private readonly List<PassedOver> _passedOver = [];
    private readonly Random _random = new(1);
    private TargetSet _set = null!;
    private RequestNeeds _needs;

    [Params(RoutePolicy.Priority, RoutePolicy.Weighted, RoutePolicy.LeastLatency, RoutePolicy.LowestCost, RoutePolicy.RoundRobin)]
    public RoutePolicy Policy { get; set; }

    [Params(1, 10, 100, 1000)]
    public int Targets { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var provider = new Silent();
        var pool = new TargetPool(TimeProvider.System);
        var targets = Enumerable.Range(0, Targets).Select(i => pool.Get(new RouteTarget { Vendor = "a", Model = $"a-{i}", Weight = 1 + (i % 7) }, provider)).ToArray();
        foreach (var target in targets)
        {
            // Each has answered before, so that the latency is known.
            target.TryBegin(default, TimeSpan.FromSeconds(1), out var pass);
            target.Ended(pass, null, TimeSpan.FromMilliseconds(_random.Next(100, 900)), null);
        }

        _needs = new RequestNeeds(new LlmRequest { Messages = [LlmMessage.User("hi")] });
        _set = new TargetSet(targets, Policy, PriceBook.Default, _random.NextDouble, TimeProvider.System.GetUtcNow());
        if (Pick() is null) throw new InvalidOperationException("Nobody can be asked.");
    }

    [Benchmark]
    public object? Pick() => _set.Pick(_needs, [], _passedOver);

    private sealed class Silent : ILlmProvider
    {
        public string Name => "a";

        public string DefaultModel => "a-0";

        public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => default;
    }
}
