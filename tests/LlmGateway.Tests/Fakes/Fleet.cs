using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Fakes;

/// <summary>A client with several providers under the test's hand: the first is the provider, the others are its fallbacks, in their order.</summary>
internal sealed class Fleet
{
    public Fleet(GatewayConfig config, params ILlmProvider[] providers)
    {
        var registry = new ProviderRegistry();
        foreach (var provider in providers) registry.Register(provider.Name, _ => provider);
        foreach (var streaming in providers.OfType<StreamingProvider>()) streaming.Time = Time;
        config.Provider = providers[0].Name;
        if (config.Routes.Count == 0) config.Fallbacks = [.. providers.Skip(1).Select(p => new RouteTarget { Vendor = p.Name, Model = p.DefaultModel })];
        Client = new LlmClient(config, new LlmClientOptions
        {
            Registry = registry,
            Services = new ProviderServices { TimeProvider = Time, Randomizer = () => Chance, LoggerFactory = Log },
        });
    }

    public double Chance { get; set; } = 0.5;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public LogSink Log { get; } = new();

    public LlmClient Client { get; }

    /// <summary>Lets time pass in small steps until the call is over.</summary>
    public async Task<T> RunAsync<T>(Task<T> call)
    {
        await new Driver(Time).RunAsync(call);
        return await call;
    }

    public Task<LlmResponse<string>> AskAsync(CancellationToken cancellationToken) => RunAsync(Client.CompleteTextAsync("hi", cancellationToken: cancellationToken));

    /// <summary>Streams to the end, and gives what came and how it ended.</summary>
    public async Task<(List<LlmDelta> Deltas, Exception? Error)> StreamAsync(CancellationToken cancellationToken)
    {
        var deltas = new List<LlmDelta>();
        var reading = ReadAsync();
        await new Driver(Time).RunAsync(reading);
        return (deltas, await reading);

        async Task<Exception?> ReadAsync()
        {
            try
            {
                await foreach (var delta in Client.StreamAsync("hi", cancellationToken: cancellationToken)) deltas.Add(delta);
                return null;
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                return e;
            }
        }
    }
}
