using LlmGateway.Budgets;
using LlmGateway.Messages;
using LlmGateway.Relay;
using LlmGateway.Routing.Targets;
using LlmGateway.Telemetry;

namespace LlmGateway.Routing;

/// <summary>
/// An attempt at a streamed answer. Headers are held back until the first piece of the answer, so that those of a failed
/// attempt do not mix with the next one's.
/// </summary>
internal sealed class StreamAttempt : Attempt
{
    private readonly ReplyBuilder _received = new();
    private readonly Queue<LlmDelta> _held = [];
    private readonly StreamWatch _watch;
    private readonly bool _isBuffered;
    private IAsyncEnumerator<LlmDelta>? _deltas;
    private string? _left;
    private bool _hasBegun;
    private bool _isOver;

    public StreamAttempt(RouteRun run, Chosen chosen, LlmRequest request, Admission admission, AttemptPurpose purpose)
        : base(run, chosen, request, admission, purpose)
    {
        _watch = run.WatchOf(chosen.Target, request);
        _isBuffered = run.IsBuffered;
    }

    /// <summary>What came so far. All of it has been handed out when <see cref="ReadAsync"/> says that there is no more.</summary>
    public ReplyBuilder Received => _received;

    /// <summary>Why the attempt failed; null where it did not.</summary>
    public ProviderException? Error { get; private set; }

    /// <summary>The whole reply, once it has ended well.</summary>
    public LlmReply? Reply { get; private set; }

    public override async Task<ProviderException?> BeginAsync()
    {
        while (!_isOver)
        {
            if (await NextAsync().ConfigureAwait(false) is not { } delta) continue;
            _held.Enqueue(delta is WireDelta wire ? wire.Kept() : delta);
            if (delta is HeaderDelta or UsageDelta or WireDelta || (Run.Route.MovesOnRefusal && IsOfRefusal(delta))) continue;
            Book.SetFirstToken();
            if (_isBuffered) continue;
            _hasBegun = true;
            break;
        }

        return Error;
    }

    /// <summary>The next delta; null where there is none more, because the reply is whole or the attempt failed.</summary>
    public async ValueTask<LlmDelta?> ReadAsync()
    {
        if (_held.TryDequeue(out var held)) return held;
        while (!_isOver)
        {
            if (await NextAsync().ConfigureAwait(false) is { } delta) return delta;
        }

        return null;
    }

    /// <summary>Nothing more is wanted of it.</summary>
    public void Leave(string because) => _left = because;

    protected override async ValueTask CloseAsync()
    {
        // The caller left before the end, or another was faster: what was received is paid for.
        if (!_isOver) Book.Cancelled(Partial(isCut: true), _left ?? (Limit.IsAbandoned ? "another target answered first" : "the caller left"));
        _isOver = true;
        if (_deltas is null) return;
        try
        {
            await _deltas.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // How the attempt ended is known and recorded; it is no less true for that.
            Run.Router.Logger.CloseFailed(e, Target.Name);
        }
    }

    /// <summary>The next delta that says something; null for a sign of life, and at the end.</summary>
    private async ValueTask<LlmDelta?> NextAsync()
    {
        try
        {
            _watch.Wait(Limit);
            _deltas ??= Target.Provider.StreamAsync(Request, Limit.Token).GetAsyncEnumerator(Limit.Token);
            var isMore = await _deltas.MoveNextAsync().ConfigureAwait(false);
            Limit.Pause();
            _watch.Pause();
            if (!isMore)
            {
                End();
                return null;
            }

            var delta = _deltas.Current;
            _watch.Saw(delta);
            if (ReferenceEquals(delta, HeaderDelta.Alive)) return null;
            _received.Add(delta);
            return delta;
        }
        catch (OperationCanceledException) when (Limit.IsCallerGone)
        {
            _isOver = true;
            Book.Cancelled(Partial(isCut: true), "the caller cancelled");
            throw;
        }
        catch (OperationCanceledException e) when (Limit.IsAbandoned)
        {
            _isOver = true;
            Book.Cancelled(Partial(isCut: true), "another target answered first");
            Error = Classify(e);
            return null;
        }
        catch (GatewayException e) when (e is not ProviderException)
        {
            _isOver = true;
            Book.Failed(Classify(e), null);
            throw;
        }
        catch (Exception e) when (!_isOver)
        {
            Fail(Classify(e));
            return null;
        }
    }

    private static bool IsOfRefusal(LlmDelta delta) => delta is RefusalDelta or PartDelta { Part: RefusalPart } or FinishDelta { Reason: FinishReason.Refusal or FinishReason.ContentFilter };

    private void End()
    {
        if (!_received.IsFinished)
        {
            Fail(new ProviderException(Target.Provider.Name, ProviderErrorKind.Truncated, $"{Target.Provider.Name}: the stream ended without saying why the model stopped."));
            return;
        }

        var reply = _received.Build();
        if (!_hasBegun && Run.IsToBeAskedElsewhere(reply, Target) is { } refusal)
        {
            Fail(refusal);
            return;
        }

        _isOver = true;
        Reply = reply;
        Book.Succeeded(reply);
    }

    private void Fail(ProviderException error)
    {
        _isOver = true;
        if (Partial(isCut: error.Kind is ProviderErrorKind.Connection or ProviderErrorKind.Timeout or ProviderErrorKind.Truncated) is { } partial) error.AddPartial(partial);
        Book.Failed(error, error.PartialReply);
        Error = error;
    }

    /// <summary>What was received; null where the vendor had not begun to answer.</summary>
    private LlmReply? Partial(bool isCut) => _received.HasParts || _received.HasUsage ? Book.Counted(_received.Build(), isCut) : null;
}
