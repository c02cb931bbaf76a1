using System.Collections.Concurrent;
using System.Diagnostics;

namespace LlmGateway.Tests.Telemetry;

/// <summary>
/// Keeps the gateway's spans of one model, in the order they ended. Activities are process-global, and other tests run at
/// the same time, so each test asks a model of its own.
/// </summary>
internal sealed class SpanCollector : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _spans = new();

    public SpanCollector(string model, ActivitySamplingResult sampling = ActivitySamplingResult.AllData)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "LlmGateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> options)
                => options.Tags?.Any(t => Equals(t.Value, model)) == true ? sampling : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.DisplayName == $"chat {model}") _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> All => [.. _spans];

    /// <summary>The one call.</summary>
    public Activity Call => _spans.Single(s => s.Kind == ActivityKind.Internal);

    public IReadOnlyList<Activity> Attempts => [.. _spans.Where(s => s.Kind == ActivityKind.Client)];

    public void Dispose() => _listener.Dispose();
}
