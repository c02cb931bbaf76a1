using System.Collections.Concurrent;
using System.Diagnostics;

namespace LlmGateway.IntegrationTests.Live;

/// <summary>Counts every attempt by its span, those that failed unbilled included, which the cost tracker has no reason to count.</summary>
public sealed class AttemptCounter : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _byProvider = new(StringComparer.Ordinal);
    private readonly ActivityListener _listener;

    public AttemptCounter()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "LlmGateway",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.Kind != ActivityKind.Client || span.GetTagItem("llm_gateway.provider") is not string provider || provider == "fake") return;
                _byProvider.AddOrUpdate(provider, 1, (_, n) => n + 1);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int All => _byProvider.Values.Sum();

    public int Of(string provider) => _byProvider.GetValueOrDefault(provider);

    public void Dispose() => _listener.Dispose();
}
