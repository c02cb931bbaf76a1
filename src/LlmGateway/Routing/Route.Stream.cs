using System.Runtime.CompilerServices;
using LlmGateway.Budgets;
using LlmGateway.Client;
using LlmGateway.Messages;

namespace LlmGateway.Routing;

internal sealed partial class Route
{
    /// <summary>
    /// Carries one streamed ask. Until something of the answer has been handed out, an attempt that fails is tried again
    /// like any other; after that its error goes out, with what was received.
    /// </summary>
    /// <remarks>
    /// What a vendor sent before it failed, or before the caller stopped, is billed: by its own count, else by an estimate.
    /// The time limit of an attempt is here the longest silence: a stream that goes on is alive.
    /// </remarks>
    public async IAsyncEnumerable<LlmDelta> StreamAsync(Call call, LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var admission = await budget.AdmitAsync(call, _provider, request, cancellationToken).ConfigureAwait(false);
            var stream = new RouteStream(this, call, request, admission, cancellationToken);
            ProviderException? error;
            await using (stream.ConfigureAwait(false))
            {
                while (await stream.ReadAsync().ConfigureAwait(false) is { } delta) yield return delta;
                error = stream.Error;
            }

            if (error is null) yield break;
            if (stream.HasHandedOut) throw error;
            await WaitOrThrowAsync(call, request, error, attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One attempt at a stream. Headers are held back until the first piece of the answer, so that a retry's do not mix with them.</summary>
    private sealed class RouteStream : IAsyncDisposable
    {
        private readonly Route _route;
        private readonly CancellationToken _cancellationToken;
        private readonly CancellationTokenSource _limit;
        private readonly CancellationTokenRegistration _registration;
        private readonly RouteAttempt _attempt;
        private readonly LlmRequest _request;
        private readonly ReplyBuilder _received = new();
        private readonly Queue<LlmDelta> _held = [];
        private IAsyncEnumerator<LlmDelta>? _deltas;
        private bool _isOver;

        public RouteStream(Route route, Call call, LlmRequest request, Admission admission, CancellationToken cancellationToken)
        {
            _route = route;
            _cancellationToken = cancellationToken;
            _limit = new CancellationTokenSource(route._attemptTimeout, route._time);
            _registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _limit);
            _request = request;
            _attempt = route.Begin(call, request, admission);
        }

        /// <summary>Why the attempt failed; null where it did not.</summary>
        public ProviderException? Error { get; private set; }

        public bool HasHandedOut { get; private set; }

        /// <summary>The next delta; null where there is none more, because the reply is whole or the attempt failed.</summary>
        public async ValueTask<LlmDelta?> ReadAsync()
        {
            while (true)
            {
                if (HasHandedOut && _held.TryDequeue(out var held)) return held;
                if (_isOver) return null;
                if (await NextAsync().ConfigureAwait(false) is not { } delta)
                {
                    HasHandedOut |= Error is null;
                    continue;
                }

                _received.Add(delta);
                if (HasHandedOut) return delta;
                _held.Enqueue(delta);
                if (delta is HeaderDelta or UsageDelta) continue;
                _attempt.SetFirstToken();
                HasHandedOut = true;
            }
        }

        public async ValueTask DisposeAsync()
        {
            // The caller left before the end: what was received is paid for.
            if (!_isOver) _attempt.Cancelled(Partial(isCut: true));
            try
            {
                if (_deltas is not null) await _deltas.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                await _registration.DisposeAsync().ConfigureAwait(false);
                _limit.Dispose();
                await _attempt.DisposeAsync().ConfigureAwait(false);
            }
        }

        private async ValueTask<LlmDelta?> NextAsync()
        {
            try
            {
                _deltas ??= _route._provider.StreamAsync(_request, _limit.Token).GetAsyncEnumerator(_limit.Token);
                if (await _deltas.MoveNextAsync().ConfigureAwait(false))
                {
                    _limit.CancelAfter(_route._attemptTimeout);
                    return _deltas.Current;
                }

                _isOver = true;
                if (_received.IsFinished) _attempt.Succeeded(_received.Build());
                else Fail(new ProviderException(_route._provider.Name, ProviderErrorKind.Truncated, $"{_route._provider.Name}: the stream ended without saying why the model stopped."));
                return null;
            }
            catch (OperationCanceledException) when (_cancellationToken.IsCancellationRequested)
            {
                _isOver = true;
                _attempt.Cancelled(Partial(isCut: true));
                throw;
            }
            catch (GatewayException e) when (e is not ProviderException)
            {
                _isOver = true;
                _attempt.Failed(_route.Classify(e), null);
                throw;
            }
            catch (Exception e) when (!_isOver)
            {
                _isOver = true;
                Fail(_route.Classify(e));
                return null;
            }
        }

        private void Fail(ProviderException error)
        {
            if (Partial(isCut: error.Kind is ProviderErrorKind.Connection or ProviderErrorKind.Timeout or ProviderErrorKind.Truncated) is { } partial) error.AddPartial(partial);
            _attempt.Failed(error, error.PartialReply);
            Error = error;
        }

        /// <summary>What was received; null where the vendor had not begun to answer.</summary>
        private LlmReply? Partial(bool isCut) => _received.HasParts || _received.HasUsage ? _attempt.Counted(_received.Build(), isCut) : null;
    }
}
