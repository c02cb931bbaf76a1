using System.Runtime.CompilerServices;

namespace LlmGateway.Tests.Fakes;

/// <summary>A provider whose every attempt streams what its script says: deltas, pauses, exceptions to throw, or functions to await.</summary>
internal sealed class StreamingProvider(params object[][] attempts) : ILlmProvider
{
    private readonly List<LlmRequest> _requests = [];

    public string Name { get; init; } = "fake";

    public string DefaultModel { get; init; } = "fake-1";

    /// <summary>The clock of <see cref="Pause"/>s.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    public ProviderBilling Billing { get; init; } = ProviderBilling.Reported;

    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.Basic;

    public ModelCapabilities GetCapabilities(string model) => Capabilities;

    public IReadOnlyList<LlmRequest> Requests => _requests;

    /// <summary>How many streams were closed.</summary>
    public int Closed { get; private set; }

    public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked to stream.");

    public async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _requests.Add(request);
        try
        {
            foreach (var step in attempts[_requests.Count - 1])
            {
                if (step is Exception error) throw error;
                if (step is Pause pause) await Task.Delay(pause.Length, Time, cancellationToken);
                else if (step is Func<CancellationToken, Task> wait) await wait(cancellationToken);
                else yield return (LlmDelta)step;
            }
        }
        finally
        {
            Closed++;
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>A step of a script in which nothing comes for a while.</summary>
internal sealed record Pause(TimeSpan Length);
