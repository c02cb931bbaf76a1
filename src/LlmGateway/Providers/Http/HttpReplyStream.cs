using System.Runtime.CompilerServices;
using LlmGateway.Dialects;
using LlmGateway.Relay;
using LlmGateway.Wire;

namespace LlmGateway.Providers.Http;

/// <summary>
/// Reads the deltas of one streamed reply, as many events at a time as have come, and holds it to its protocol: it ends
/// normally only where the protocol's own terminal signal was seen.
/// </summary>
/// <remarks>
/// Where the bytes are passed on (<paramref name="passing"/>), those of the events of each read come in one <see cref="WireDelta"/>
/// behind their deltas, so that whatever deltas were given before it fails, their bytes were given too, and no byte more.
/// </remarks>
internal sealed class HttpReplyStream(HttpResponseMessage response, IDialect dialect, WirePeer peer, HttpErrors errors, TimeProvider time, Passing passing = Passing.Nothing) : IDisposable
{
    /// <summary>How long the counts are waited for that may follow the end of an answer. Vendors send them in the same breath.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly IStreamDecoder _decoder = dialect.CreateStreamDecoder(peer);
    private readonly bool _isPassedOn = passing != Passing.Nothing;
    private EventReader? _events;
    private CancellationTokenSource? _grace;
    private CancellationTokenSource? _linked;
    private bool _hasBegun;
    private bool _isOver;
    private bool _isAlive;
    private bool _isCutOff;
    private ProviderException? _failure;

    /// <summary>What the latest read has brought; valid until the next one.</summary>
    public List<LlmDelta> Deltas { get; } = [];

    /// <summary>Whether nothing more is to be read.</summary>
    private bool IsEnded => _isPassedOn ? _decoder.IsLast && _events is not SseReader { IsLineFeedDue: true } : _decoder.IsEnded;

    /// <summary>Reads on until there is at least one more delta.</summary>
    /// <returns>False where the reply is whole and over.</returns>
    /// <exception cref="ProviderException">The vendor sent an error, or the stream broke or ended before its terminal signal.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        Deltas.Clear();
        if (_failure is { } failure) throw failure;
        while (!_isOver && Deltas.Count == 0)
        {
            if (IsEnded || !await NextAsync(cancellationToken).ConfigureAwait(false))
            {
                End();
                break;
            }

            TakeAll();
            if (_failure is { } failed && Deltas.Count == 0) throw failed;
        }

        return Deltas.Count > 0;
    }

    public void Dispose()
    {
        _events?.Dispose();
        _linked?.Dispose();
        _grace?.Dispose();
    }

    private EventReader Events(Stream stream) => _isPassedOn ? new SseReader(stream) { GivesLifeSigns = true, KeepsBytes = true } : dialect.ReadEvents(stream);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (_isCutOff) return false;
        try
        {
            _events ??= Events(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), HttpWire.MaxBodyBytes));
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

    /// <summary>Goes to the next event where it has come already.</summary>
    private bool TryNext()
    {
        try
        {
            return _events!.TryRead();
        }
        catch (Exception e) when (HttpErrors.IsOfConnection(e))
        {
            // What came before it goes first.
            if (_decoder.IsComplete) _isCutOff = true;
            else _failure = Cut(e.Message, e);
            return false;
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

    /// <summary>Takes the event that has come, and all that came with it.</summary>
    private void TakeAll()
    {
        _isAlive = false;
        do
        {
            if (_events!.IsLifeSign) _isAlive = true;
            else Take();
        }
        while (_failure is null && !IsEnded && TryNext());

        if (_events is SseReader { KeepsBytes: true } sse) AddBytes(sse);
        else if (_isAlive && Deltas.Count == 0) Deltas.Add(HeaderDelta.Alive);
    }

    private void Take()
    {
        var skipped = _decoder.SkippedEvents;
        var before = Deltas.Count;
        try
        {
            _decoder.Decode(_events!.Type.Span, _events.Data, Deltas);
            for (var i = before; i < Deltas.Count && !_hasBegun; i++) _hasBegun = Deltas[i] is not (HeaderDelta or UsageDelta);

            // What could not be read is no sign that anything goes well.
            _isAlive |= _decoder.SkippedEvents == skipped;
            if (passing == Passing.AllButUsage && !(Deltas.Count == before + 1 && Deltas[before] is TextDelta) && dialect.IsUsageAlone(_events.Data.Span)) ((SseReader)_events).Omit();
        }
        catch (DialectException) when (_isPassedOn && _decoder.IsEnded)
        {
            // The answer is whole; what is said after it changes nothing.
        }
        catch (DialectException e)
        {
            // What the event said beside its error, such as what was used, goes first.
            _failure = Of(e);
            if (_isPassedOn) ((SseReader)_events!).Omit();
        }
    }

    private void AddBytes(SseReader sse)
    {
        // An event without its end is none, unless the answer is whole with it.
        if (sse.IsUnfinished && !_decoder.IsComplete && _failure is null) Deltas.Clear();
        else if (sse.TakeBytes() is { IsEmpty: false } bytes) Deltas.Add(new WireDelta(bytes) { IsNoise = !_isAlive });
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
        if (!_isPassedOn || _events is not SseReader sse) return;
        while (!_isCutOff && TryNext()) continue; // What has come behind the last event says nothing, and is passed on.
        if (sse.TakeBytes() is { IsEmpty: false } bytes) Deltas.Add(new WireDelta(bytes));
    }

    private ProviderException Of(DialectException e) => e.VendorError is { } error
        ? errors.Of(response, error.Kind, $"an error in the stream{(error.Code is null ? "" : $" ({error.Code})")}: {error.Message ?? "without words"}", error, e)
        : errors.Of(response, e.Kind, e.Message, cause: e);

    /// <summary>Before anything has come, it is a connection that failed like any other, and may be tried again. What is too large is none.</summary>
    private ProviderException Cut(string why, Exception? cause)
        => errors.Of(response, _hasBegun ? ProviderErrorKind.Truncated : cause is TooLargeException ? ProviderErrorKind.MalformedReply : ProviderErrorKind.Connection, $"the stream was cut: {why}", cause: cause);
}

/// <summary>What of a stream's bytes is passed on.</summary>
internal enum Passing
{
    /// <summary>Nothing: its deltas are all that is given.</summary>
    Nothing,

    /// <summary>All.</summary>
    All,

    /// <summary>All but the counts that only the gateway asked for.</summary>
    AllButUsage,
}
