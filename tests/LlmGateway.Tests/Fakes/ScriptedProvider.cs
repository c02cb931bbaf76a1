namespace LlmGateway.Tests.Fakes;

/// <summary>A provider that does what a script says, one step a request, and keeps what it was asked.</summary>
internal sealed class ScriptedProvider : ILlmProvider
{
    private readonly Lock _lock = new();
    private readonly List<LlmRequest> _requests = [];
    private readonly Func<int, LlmRequest, CancellationToken, Task<LlmReply>> _answer;

    /// <summary>Each step is a <see cref="string"/>, an <see cref="LlmReply"/> or an <see cref="Exception"/> to throw.</summary>
    public ScriptedProvider(params object[] steps)
        : this((number, _, _) => Play(number < steps.Length ? steps[number] : throw new InvalidOperationException("The script has no more steps.")))
    {
    }

    public ScriptedProvider(Func<int, LlmRequest, CancellationToken, Task<LlmReply>> answer) => _answer = answer;

    public string Name { get; init; } = "fake";

    public string DefaultModel { get; init; } = "fake-1";

    public ProviderBilling Billing { get; init; } = ProviderBilling.Reported;

    public string? BillingRegion { get; init; }

    public ModelCapabilities Capabilities { get; init; } = ModelCapabilities.Basic;

    public int Disposals { get; private set; }

    public IReadOnlyList<LlmRequest> Requests
    {
        get
        {
            lock (_lock) return [.. _requests];
        }
    }

    public static ScriptedProvider Always(LlmReply reply) => new((_, _, _) => Task.FromResult(reply));

    public ModelCapabilities GetCapabilities(string model) => Capabilities;

    public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        int number;
        lock (_lock)
        {
            number = _requests.Count;
            _requests.Add(request);
        }

        return _answer(number, request, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        Disposals++;
        return ValueTask.CompletedTask;
    }

    private static Task<LlmReply> Play(object step) => step switch
    {
        string text => Task.FromResult(new LlmReply(text, Replies.Tokens(10, 5))),
        LlmReply reply => Task.FromResult(reply),
        Exception error => Task.FromException<LlmReply>(error),
        _ => throw new InvalidOperationException("No step of a script."),
    };
}
