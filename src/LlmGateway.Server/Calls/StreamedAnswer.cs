using System.Buffers;
using LlmGateway.Dialects;
using LlmGateway.Relay;
using LlmGateway.Routing.Rescue;
using LlmGateway.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Calls;

/// <summary>
/// Writes a stream in the caller's protocol: a vendor's bytes as they come where the dialects are the same, else what our
/// encoder makes of the deltas. A stream that breaks ends with the protocol's own error event, and never looks whole.
/// </summary>
internal sealed class StreamedAnswer(Exchange exchange, Gateway gateway)
{
    private const int MostUnflushed = 16 * 1024;

    private readonly List<string> _losses = [];
    private readonly HttpResponse _response = exchange.Http.Response;
    private IStreamEncoder? _encoder;
    private int _last = -1;
    private bool _isRelaying;
    private bool _hasStarted;

    private IDialect Dialect => exchange.Protocol.Dialect;

    /// <summary>Whether nobody reads any more.</summary>
    private bool IsCallerGone => exchange.Http.RequestAborted.IsCancellationRequested;

    public async Task WriteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        var deltas = gateway.Client.AnswerStreamAsync(request, gateway.Options.CheckNativeSchemas, cancellationToken).GetAsyncEnumerator(cancellationToken);
        using var signs = SignsOfLife.Of(request, gateway, SayAliveAsync);
        await using (deltas.ConfigureAwait(false))
        {
            try
            {
                while (true)
                {
                    // What comes in one burst goes out in one write.
                    var next = deltas.MoveNextAsync();
                    if (!next.IsCompleted) await FlushAsync().ConfigureAwait(false);
                    if (!await signs.WaitAsync(next).ConfigureAwait(false)) break;
                    await TakeAsync(deltas.Current).ConfigureAwait(false);
                }

                await FlushAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (_hasStarted && !IsCallerGone)
            {
                await FailAsync(e).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask TakeAsync(LlmDelta delta)
    {
        switch (delta)
        {
            case WireDelta wire:
                Start();
                if (IsCallerGone) return;
                _response.BodyWriter.Write(wire.Bytes.Span);

                // A vendor that is faster than the caller must not fill the memory.
                if (_response.BodyWriter.UnflushedBytes > MostUnflushed) await FlushAsync().ConfigureAwait(false);
                return;
            case HeaderDelta { IsRelayed: true }:
                _isRelaying = true;
                return;
            case ContinuedDelta:
                GoOn(from: null);
                return;
            case RestartedDelta restarted:
                GoOn(restarted.FromIndex);
                return;
            case ResponseDelta response:
                if (!_isRelaying) Complete();
                Trail(response.Response.Metadata);
                return;
            default:
                if (_isRelaying) return;
                break;
        }

        if (IsCallerGone) return;
        if (_encoder is null)
        {
            _encoder = Dialect.CreateStreamEncoder(_losses);

            // The vendor's own name for the reply, where it has one, replaces this.
            _encoder.Encode(exchange.Head(), _response.BodyWriter);
        }

        // Only once something can be said: until then an error may still have its own status.
        if (delta is not HeaderDelta) Start();
        _encoder.Encode(delta, _response.BodyWriter);
        _last = Math.Max(_last, IndexMap.IndexOf(delta) ?? -1);
        if (_response.BodyWriter.UnflushedBytes > MostUnflushed) await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Another target goes on. A vendor's own bytes have ended then, and what follows is put in its protocol by us.</summary>
    /// <param name="from">The first part that is void; null where none is.</param>
    /// <exception cref="ProviderException">Something that is void has been written, and no protocol has a word for taking it back.</exception>
    private void GoOn(int? from)
    {
        if (_isRelaying)
        {
            var before = exchange.Scope!.Call!.HandedOut!;
            _isRelaying = false;

            // An encoder may hold calls back to its end, and would say those again that the bytes have said.
            if (before.Parts.Any(static part => part is ToolCallPart)) throw CannotGoOn("and what had been handed out holds tool calls");
            _encoder = ResumedEncoder.After(Dialect, before, _losses);
            _last = before.Parts.Count - 1;
        }

        if (from <= _last) throw CannotGoOn("and another model began its answer anew, after part of the first had been handed out");
    }

    private ProviderException CannotGoOn(string why) => new(gateway.Client.Provider, ProviderErrorKind.Truncated, $"The stream died, {why}: it can't be gone on with. Ask again.");

    private void Complete()
    {
        if (IsCallerGone) return;
        Start();
        (_encoder ??= Dialect.CreateStreamEncoder(_losses)).Complete(_response.BodyWriter);
    }

    /// <summary>The caller waits for an answer that is held back until it is whole. Nothing is known of it yet, not even who will have given it.</summary>
    private ValueTask SayAliveAsync()
    {
        if (IsCallerGone || exchange.Scope?.Call is not { IsHeldBack: true }) return default;
        if (!_hasStarted) Start(isEarly: true);
        (_encoder ?? Dialect.CreateStreamEncoder(_losses)).SayAlive(_response.BodyWriter);
        return FlushAsync();
    }

    private void Start(bool isEarly = false)
    {
        if (_hasStarted) return;
        _hasStarted = true;
        if (isEarly) exchange.Name();
        else exchange.Describe(null, _isRelaying, exchange.Scope?.Call?.Losses ?? []);
        _response.StatusCode = 200;
        _response.ContentType = "text/event-stream";
        _response.Headers.CacheControl = "no-cache";
        _response.Headers["x-accel-buffering"] = "no"; // nginx would gather the pieces.
        if (_response.SupportsTrailers())
        {
            _response.DeclareTrailer("x-llm-gateway-cost-usd");
            _response.DeclareTrailer("x-llm-gateway-attempts");
        }
    }

    private void Trail(CallRecord record)
    {
        if (!_response.SupportsTrailers()) return;
        _response.AppendTrailer("x-llm-gateway-cost-usd", record.Usage.TotalCostUsd is { } cost ? cost.ToString(System.Globalization.CultureInfo.InvariantCulture) : "unknown");
        _response.AppendTrailer("x-llm-gateway-attempts", record.Attempts.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task FailAsync(Exception e)
    {
        var error = CallError.Of(e, gateway.Drained.IsCancellationRequested);
        (_encoder ?? Dialect.CreateStreamEncoder(_losses)).Fail(error.Error, _response.BodyWriter);
        await _response.BodyWriter.FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask FlushAsync()
    {
        if (_hasStarted && !IsCallerGone && _response.BodyWriter.UnflushedBytes > 0) await _response.BodyWriter.FlushAsync().ConfigureAwait(false);
    }
}
