using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;

namespace LlmGateway.Benchmarks;

/// <summary>
/// What a route costs beside none: one call over a provider in this process that answers at once, and one stream of 200
/// pieces. The baseline of the streams is the provider's own, read directly.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class RouteOverhead
{
    private readonly Instant _provider = new("a");
    private readonly LlmCallOptions _routed = new() { Model = "r" };
    private readonly LlmCallOptions _hedged = new() { Model = "h" };
    private LlmClient _plain = null!;
    private LlmClient _fallback = null!;

    [GlobalSetup]
    public void Setup()
    {
        var registry = new ProviderRegistry();
        registry.Register("a", _ => _provider);
        registry.Register("b", _ => new Instant("b"));
        RouteTarget one = new() { Vendor = "a", Model = "a-1" };
        RouteTarget other = new() { Vendor = "b", Model = "b-1" };
        RouteConfig[] routes = [new() { Name = "r", Targets = [one] }, new() { Name = "h", Targets = [one, other], Hedge = new RouteHedge { After = TimeSpan.FromSeconds(5) } }];
        _plain = new LlmClient(new GatewayConfig { Provider = "a", Routes = routes }, new LlmClientOptions { Registry = registry });
        _fallback = new LlmClient(new GatewayConfig { Provider = "a", Fallbacks = [other] }, new LlmClientOptions { Registry = registry });
    }

    [Benchmark(Baseline = true), BenchmarkCategory("call")]
    public async Task<string> Call_without_a_fallback() => (await _plain.CompleteTextAsync("hi")).Content;

    [Benchmark, BenchmarkCategory("call")]
    public async Task<string> Call_of_a_route_of_one() => (await _plain.CompleteTextAsync("hi", _routed)).Content;

    [Benchmark, BenchmarkCategory("call")]
    public async Task<string> Call_with_a_fallback() => (await _fallback.CompleteTextAsync("hi")).Content;

    [Benchmark, BenchmarkCategory("call")]
    public async Task<string> Call_of_a_hedged_route_of_two() => (await _plain.CompleteTextAsync("hi", _hedged)).Content;

    [Benchmark(Baseline = true), BenchmarkCategory("stream")]
    public async Task<int> Stream_read_directly()
    {
        var count = 0;
        await foreach (var delta in _provider.StreamAsync(Instant.Request, CancellationToken.None)) count++;
        return count;
    }

    [Benchmark, BenchmarkCategory("stream")]
    public Task<int> Stream_without_a_fallback() => CountAsync(_plain, null);

    [Benchmark, BenchmarkCategory("stream")]
    public Task<int> Stream_of_a_route_of_one() => CountAsync(_plain, _routed);

    [Benchmark, BenchmarkCategory("stream")]
    public Task<int> Stream_with_a_fallback() => CountAsync(_fallback, null);

    private static async Task<int> CountAsync(LlmClient client, LlmCallOptions? options)
    {
        var count = 0;
        await foreach (var delta in client.StreamAsync("hi", options)) count++;
        return count;
    }

    private sealed class Instant(string name) : ILlmProvider
    {
        private static readonly TokenUsage Usage = new() { InputTokens = 10, OutputTokens = 5 };
        private static readonly LlmDelta Piece = new TextDelta(0, "word ");

        public static LlmRequest Request { get; } = new() { Model = "a-1", Messages = [LlmMessage.User("hi")], Stream = true };

        public string Name => name;

        public string DefaultModel => $"{name}-1";

        public ProviderBilling Billing => ProviderBilling.Reported;

        public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken) => Task.FromResult(new LlmReply("ok", Usage) { ReportedCostUsd = 0m });

        public async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            for (var i = 0; i < 200; i++) yield return Piece;
            yield return new UsageDelta(Usage);
            yield return new FinishDelta(FinishReason.Stop, null);
        }

        public ValueTask DisposeAsync() => default;
    }
}
