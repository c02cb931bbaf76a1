using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Fakes;

/// <summary>A client with everything from outside under the test's hand.</summary>
internal sealed class Bench
{
    public Bench(ILlmProvider provider, GatewayConfig? config = null, CostTracker? costs = null, Func<double>? randomizer = null)
    {
        Client = new LlmClient(provider, config, new LlmClientOptions
        {
            Costs = costs,
            Services = new ProviderServices { TimeProvider = Time, Randomizer = randomizer ?? (() => 0.5), LoggerFactory = Log },
        });
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public LogSink Log { get; } = new();

    public LlmClient Client { get; }

    /// <summary>Lets time pass in small steps until the call is over.</summary>
    public async Task<T> RunAsync<T>(Task<T> call)
    {
        for (var i = 0; i < 100_000 && !call.IsCompleted; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await call.WaitAsync(TimeSpan.FromSeconds(10));
    }

    public static async Task EventuallyAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 2_000_000, "It did not happen.");
            await Task.Yield();
        }
    }
}
