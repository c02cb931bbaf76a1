using System.Runtime.CompilerServices;

namespace LlmGateway.Tests.Fakes;

/// <summary>A provider whose every attempt streams what its script says: deltas, exceptions to throw, or functions to await.</summary>
internal sealed class StreamingProvider(params object[][] attempts) : ILlmProvider
{
    private readonly List<LlmRequest> _requests = [];

    public string Name => "fake";

    public string DefaultModel => "fake-1";

    public ProviderBilling Billing { get; init; } = ProviderBilling.Reported;

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
                if (step is Func<CancellationToken, Task> wait) await wait(cancellationToken);
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
