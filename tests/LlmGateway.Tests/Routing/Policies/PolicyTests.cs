using LlmGateway.Routing.Policies;
using LlmGateway.Routing.Targets;
using LlmGateway.Tests.Routing.Targets;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Routing.Policies;

public class PolicyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Random _random = new(7);
    private readonly PriceBook _prices = new();
    private readonly TargetPool _pool;

    public PolicyTests() => _pool = new TargetPool(_time);

    [Fact]
    public void Priority_is_the_first_that_can_be_asked_and_says_why_it_was_not_another()
    {
        var set = Set(RoutePolicy.Priority, Target("a"), Target("b", can: new ModelCapabilities { ContextWindow = 1 }), Target("c"), Target("d"));
        Assert.Equal("fake/a", set.Pick(Making.Hello, [])!.Name);
        set.Targets[0].Open();
        var why = new List<PassedOver>();
        Assert.Equal("fake/c", set.Pick(Making.Hello, [], why)!.Name);
        Assert.Equal(["it failed too often of late", "the input is about 3 tokens, and b reads at most 1"], why.Select(p => p.Why));
        Assert.Equal("fake/d", set.Pick(Making.Hello, [set.Targets[2]])!.Name);
        Assert.Null(set.Pick(Making.Hello, [set.Targets[2], set.Targets[3]]));
        Assert.Equal("fake/a", set.Soonest(Making.Hello, [set.Targets[2], set.Targets[3]])!.Name);
    }

    [Theory]
    [InlineData(RoutePolicy.Priority)]
    [InlineData(RoutePolicy.Weighted)]
    [InlineData(RoutePolicy.LeastLatency)]
    [InlineData(RoutePolicy.LowestCost)]
    [InlineData(RoutePolicy.RoundRobin)]
    public void Of_many_the_one_that_is_left_is_found_and_none_where_none_is(RoutePolicy policy)
    {
        var targets = Enumerable.Range(0, 100).Select(i => Target($"m{i}")).ToArray();
        var set = Set(policy, targets);
        Assert.NotNull(set.Pick(Making.Hello, []));
        for (var i = 0; i < 100; i++)
            if (i != 63) targets[i].Open();
        var why = new List<PassedOver>();
        for (var i = 0; i < 20; i++) Assert.Same(targets[63], set.Pick(Making.Hello, [], why));
        Assert.Equal(why.Count, why.Select(p => p.Target).Distinct().Count());
        Assert.Null(set.Pick(Making.Hello, [targets[63]]));
    }

    [Theory]
    [InlineData(RoutePolicy.Priority)]
    [InlineData(RoutePolicy.Weighted)]
    [InlineData(RoutePolicy.LeastLatency)]
    [InlineData(RoutePolicy.LowestCost)]
    [InlineData(RoutePolicy.RoundRobin)]
    public void Where_all_is_well_choosing_allocates_nothing(RoutePolicy policy)
    {
        var set = Set(policy, [.. Enumerable.Range(0, 10).Select(i => Target($"m{i}"))]);
        var needs = Making.Hello;
        var why = new List<PassedOver>();
        for (var i = 0; i < 100; i++) set.Pick(needs, [], why);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) set.Pick(needs, [], why);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Empty(why);
    }

    [Fact]
    public void Weights_are_shares_and_stay_so_among_those_that_are_left()
    {
        var set = Set(RoutePolicy.Weighted, Weighing("a", 1), Weighing("b", 3), Weighing("c", 6));
        var shares = Shares(set, 20_000);
        Assert.InRange(shares["fake/a"], 0.09, 0.11);
        Assert.InRange(shares["fake/b"], 0.28, 0.32);
        Assert.InRange(shares["fake/c"], 0.58, 0.62);

        set.Targets[2].Open();
        shares = Shares(set, 20_000);
        Assert.InRange(shares["fake/a"], 0.235, 0.265);
        Assert.False(shares.ContainsKey("fake/c"));
    }

    [Fact]
    public void Each_has_its_turn()
    {
        var set = Set(RoutePolicy.RoundRobin, Target("a"), Target("b"), Target("c"));
        Assert.Equal("abcabca", Picks(set, 7));
        set.Targets[2].Open();
        Assert.DoesNotContain('c', Picks(set, 6));
    }

    [Fact]
    public void The_cheapest_is_by_input_and_output_and_the_unpriced_is_last()
    {
        _prices.Register("fake", "in", new ModelPrice { InputPerMillion = 10, OutputPerMillion = 1 });
        _prices.Register("fake", "out", new ModelPrice { InputPerMillion = 1, OutputPerMillion = 10 });
        var set = Set(RoutePolicy.LowestCost, Target("unpriced"), Target("in"), Target("out"));
        Assert.Equal("fake/in", set.Pick(Needs(inputTokens: 100, output: 1000), [])!.Name);
        Assert.Equal("fake/out", set.Pick(Needs(inputTokens: 1000, output: 100), [])!.Name);
        Assert.Equal("fake/in", set.Pick(Needs(inputTokens: 1000, output: 100), [set.Targets[2]])!.Name);
        Assert.Equal("fake/unpriced", set.Pick(Needs(inputTokens: 1000, output: 100), [set.Targets[1], set.Targets[2]])!.Name);
    }

    [Fact]
    public void The_cheapest_is_the_first_written_of_those_that_cost_least_whatever_is_asked()
    {
        for (var round = 0; round < 200; round++)
        {
            var prices = Enumerable.Range(0, _random.Next(1, 12)).Select(_ => (In: _random.Next(0, 4), Out: _random.Next(0, 4), IsPriced: _random.Next(6) > 0)).ToArray();
            for (var i = 0; i < prices.Length; i++)
                if (prices[i].IsPriced) _prices.Register("fake", $"m{round}-{i}", new ModelPrice { InputPerMillion = prices[i].In * 250_000, OutputPerMillion = prices[i].Out * 250_000 });
            var set = Set(RoutePolicy.LowestCost, [.. prices.Select((_, i) => Target($"m{round}-{i}"))]);
            var (input, output) = (_random.Next(1, 4), _random.Next(1, 4));
            var cheapest = Enumerable.Range(0, prices.Length).MinBy(i => prices[i].IsPriced ? (prices[i].In * input) + (prices[i].Out * output) : int.MaxValue);
            Assert.Equal($"fake/m{round}-{cheapest}", set.Pick(Needs(inputTokens: input, output: output), [])!.Name);
        }
    }

    [Fact]
    public void The_fast_one_is_preferred_and_a_slow_one_that_recovers_is_found_again()
    {
        var set = Set(RoutePolicy.LeastLatency, Target("slow"), Target("fast"));
        Dictionary<string, double> Run(int seconds, double slow)
        {
            var picks = new List<string>();
            for (var i = 0; i < seconds * 10; i++)
            {
                var picked = set.Pick(Making.Hello, [])!;
                picks.Add(picked.Name);
                picked.Attempt(took: TimeSpan.FromSeconds(picked.Name == "fake/slow" ? slow : 0.5));
                _time.Advance(TimeSpan.FromSeconds(0.1));
            }

            return picks.CountBy(n => n).ToDictionary(n => n.Key, n => (double)n.Value / picks.Count);
        }

        Assert.InRange(Run(120, 5)["fake/fast"], 0.98, 1);
        Run(60, 0.1);
        Assert.InRange(Run(60, 0.1)["fake/slow"], 0.9, 1);
    }

    [Fact]
    public void Who_is_new_is_tried_by_one_at_a_time()
    {
        var set = Set(RoutePolicy.LeastLatency, Target("known"), Target("new"));
        set.Targets[0].Attempt(took: TimeSpan.FromSeconds(1));
        Assert.Equal("fake/new", set.Pick(Making.Hello, [])!.Name);
        set.Targets[1].TryBegin(Making.Hello, Making.AttemptTime, out _);
        Assert.Equal("fake/known", set.Pick(Making.Hello, [])!.Name);
    }

    private static RequestNeeds Needs(int inputTokens, int output) => new(new LlmRequest { Messages = [LlmMessage.User(new string('x', inputTokens * 4))], MaxTokens = output });

    private Target Target(string model, ModelCapabilities? can = null) => Making.Target(_pool, model, can: can);

    private Target Weighing(string model, double weight) => Making.Target(_pool, model, t => t with { Weight = weight });

    private TargetSet Set(RoutePolicy policy, params Target[] targets) => new(targets, policy, _prices, _random.NextDouble, _time.GetUtcNow());

    private static string Picks(TargetSet set, int count) => string.Concat(Enumerable.Range(0, count).Select(_ => set.Pick(Making.Hello, [])!.Model));

    private static Dictionary<string, double> Shares(TargetSet set, int count)
        => Enumerable.Range(0, count).CountBy(_ => set.Pick(Making.Hello, [])!.Name).ToDictionary(n => n.Key, n => (double)n.Value / count);
}
