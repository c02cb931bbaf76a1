using LlmGateway.Dialects;
using LlmGateway.Wire;

namespace LlmGateway.Providers.Http;

/// <summary>
/// Reads the deltas of one streamed reply, an event at a time, and holds it to its protocol: it ends normally only
/// where the protocol's own terminal signal was seen.
/// </summary>
internal sealed class HttpReplyStream(HttpResponseMessage response, IDialect dialect, WirePeer peer, HttpErrors errors, TimeProvider time) : IDisposable
{
    /// <summary>How long the counts are waited for that may follow the end of an answer. Vendors send them in the same breath.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly IStreamDecoder _decoder = dialect.CreateStreamDecoder(peer);
    private EventReader? _events;
    private CancellationTokenSource? _grace;
    private CancellationTokenSource? _linked;
    private bool _hasBegun;
    private bool _isOver;
    private ProviderException? _failure;

    /// <summary>What the latest read has brought; valid until the next one.</summary>
    public List<LlmDelta> Deltas { get; } = [];

    /// <summary>Reads on until there is at least one more delta.</summary>
    /// <returns>False where the reply is whole and over.</returns>
    /// <exception cref="ProviderException">The vendor sent an error, or the stream broke or ended before its terminal signal.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Deltas.Clear();
        if (_failure is { } failure) throw failure;
        while (!_isOver && Deltas.Count == 0)
        {
            if (_decoder.IsEnded || !await NextAsync(cancellationToken).ConfigureAwait(false)) End();
            else if (_events!.IsLifeSign) Deltas.Add(HeaderDelta.Alive);
            else Decode();
        }

        _hasBegun |= Deltas.Exists(static delta => delta is not (HeaderDelta or UsageDelta));
        return Deltas.Count > 0;
    }

    public void Dispose()
    {
        _events?.Dispose();
        _linked?.Dispose();
        _grace?.Dispose();
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            _events ??= dialect.ReadEvents(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), HttpWire.MaxBodyBytes));
            return await _events.ReadAsync(_decoder.IsComplete ? GraceOf(cancellationToken) : cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_decoder.IsComplete && !cancellationToken.IsCancellationRequested)
        {
            return false; // The answer is whole; what may have followed did not come in time.
        }
        catch (Exception e) when (HttpErrors.IsOfConnection(e) || e is InvalidOperationException)
        {
            if (_decoder.IsComplete) return false;
            throw Cut(e.Message, e);
        }
    }

    private CancellationToken GraceOf(CancellationToken cancellationToken)
    {
        if (_grace is null)
        {
            _grace = new CancellationTokenSource(Grace, time);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _grace.Token);
        }

        return _linked!.Token;
    }

    private void Decode()
    {
        var skipped = _decoder.SkippedEvents;
        try
        {
            _decoder.Decode(_events!.Type.Span, _events.Data, Deltas);

            // What could not be read is no sign that anything goes well.
            if (Deltas.Count == 0 && _decoder.SkippedEvents == skipped) Deltas.Add(HeaderDelta.Alive);
        }
        catch (DialectException e)
        {
            // What the event said beside its error, such as what was used, goes first.
            _failure = Of(e);
            if (Deltas.Count == 0) throw _failure;
        }
    }

    private void End()
    {
        _isOver = true;
        try
        {
            _decoder.End(Deltas);
        }
        catch (DialectException e)
        {
            throw Of(e);
        }

        if (!_decoder.IsComplete) throw Cut("it ended before the answer did", null);
        if (_decoder.SkippedEvents > 0) Deltas.Add(new HeaderDelta { SkippedEvents = _decoder.SkippedEvents });
    }

    private ProviderException Of(DialectException e) => e.VendorError is { } error
        ? errors.Of(response, error.Kind, $"an error in the stream{(error.Code is null ? "" : $" ({error.Code})")}: {error.Message ?? "without words"}", error, e)
        : errors.Of(response, e.Kind, e.Message, cause: e);

    /// <summary>Before anything has come, it is a connection that failed like any other, and may be tried again. What is too large is none.</summary>
    private ProviderException Cut(string why, Exception? cause)
        => errors.Of(response, _hasBegun ? ProviderErrorKind.Truncated : cause is TooLargeException ? ProviderErrorKind.MalformedReply : ProviderErrorKind.Connection, $"the stream was cut: {why}", cause: cause);
}
