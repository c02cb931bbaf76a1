using System.Runtime.CompilerServices;
using LlmGateway.Budgets;
using LlmGateway.Messages;
using LlmGateway.Providers;
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
    private static readonly List<LlmDelta> Nothing = [];

    private readonly ReplyBuilder _received = new();
    private readonly Queue<LlmDelta> _held = [];
    private readonly StreamWatch _watch;
    private readonly bool _isBuffered;
    private IAsyncEnumerator<LlmDelta>? _deltas;
    private IAsyncEnumerator<List<LlmDelta>>? _batches;

    /// <summary>What came together, as far as it has not been given yet.</summary>
    private List<LlmDelta> _batch = Nothing;
    private int _next;
    private string? _left;
    private bool _hasBegun;
    private bool _isOver;

    public StreamAttempt(RouteRun run, Chosen chosen, LlmRequest request, Admission admission, AttemptPurpose purpose)
        : base(run, chosen, request, admission, purpose)
    {
        _watch = run.WatchOf(chosen.Target, request);
        run.Call.IsHeldBack = run.Ask.IsHeldBack(chosen.Target);
        _isBuffered = run.IsBuffered || run.Call.IsHeldBack;
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
    public ValueTask<LlmDelta?> ReadAsync()
    {
        if (_held.TryDequeue(out var held)) return new ValueTask<LlmDelta?>(held);
        return TryNext() is { } delta ? new ValueTask<LlmDelta?>(delta) : ReadOnAsync();
    }

    /// <summary>Nothing more is wanted of it.</summary>
    public void Leave(string because) => _left = because;

    protected override async ValueTask CloseAsync()
    {
        // The caller left before the end, or another was faster: what was received is paid for.
        if (!_isOver) Book.Cancelled(Partial(isCut: true), _left ?? (Limit.IsAbandoned ? "another target answered first" : "the caller left"));
        _isOver = true;
        try
        {
            if (_deltas is not null) await _deltas.DisposeAsync().ConfigureAwait(false);
            if (_batches is not null) await _batches.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // How the attempt ended is known and recorded; it is no less true for that.
            Run.Router.Logger.CloseFailed(e, Target.Name);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LlmDelta?> ReadOnAsync()
    {
        while (!_isOver)
        {
            if (await NextAsync().ConfigureAwait(false) is { } delta) return delta;
        }

        return null;
    }

    /// <summary>The next delta that says something of those that have come already; null for none.</summary>
    private LlmDelta? TryNext()
    {
        while (_next < _batch.Count)
        {
            if (Take(_batch[_next++]) is { } delta) return delta;
        }

        return null;
    }

    private LlmDelta? Take(LlmDelta delta)
    {
        _watch.Saw(delta);
        if (ReferenceEquals(delta, HeaderDelta.Alive)) return null;
        _received.Add(delta);
        return delta;
    }

    /// <summary>The next delta that says something; null for a sign of life, and at the end.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LlmDelta?> NextAsync()
    {
        try
        {
            if (TryNext() is { } come) return come;
            (_batch, _next) = (Nothing, 0); // It is filled again while it is waited for.
            _watch.Wait(Limit);
            var isMore = await MoveNextAsync().ConfigureAwait(false);
            Limit.Pause();
            _watch.Pause();
            if (!isMore)
            {
                End();
                return null;
            }

            if (_deltas is not null) return Take(_deltas.Current);
            (_batch, _next) = (_batches!.Current, 0);
            return TryNext();
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

    private ValueTask<bool> MoveNextAsync()
    {
        if (_batches is null && _deltas is null)
        {
            if (Target.Provider is IStreamsInBatches batches) _batches = batches.StreamInBatchesAsync(Request, Limit.Token).GetAsyncEnumerator(Limit.Token);
            else _deltas = Target.Provider.StreamAsync(Request, Limit.Token).GetAsyncEnumerator(Limit.Token);
        }

        return _batches?.MoveNextAsync() ?? _deltas!.MoveNextAsync();
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
