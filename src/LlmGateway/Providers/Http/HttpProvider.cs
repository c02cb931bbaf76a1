using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Messages;
using LlmGateway.Relay;
using LlmGateway.Routing.Targets;
using LlmGateway.Wire;

namespace LlmGateway.Providers.Http;

/// <summary>A vendor's API over HTTP: the target says where, as whom and in which dialect.</summary>
internal sealed class HttpProvider(HttpTarget target, ProviderServices services) : ILlmProvider, IReportsLimits, IStreamsInBatches, IRequiresMaxTokens, ISpeaksDialect
{
    private static readonly MediaTypeHeaderValue JsonMediaType = new("application/json");

    private readonly HttpClient _http = services.HttpClient ?? HttpWire.Shared;
    private readonly HttpErrors _errors = new(target, services.TimeProvider);
    private LastUrl _lastUrl = new("", new Uri("about:blank"));
    private LastModel _lastModel = new("", []);

    public VendorLimits Limits { get; } = new();

    public string Dialect => target.Dialect.Name;

    public bool Refuses(string member) => target.PeerOf("").Refuses.Contains(member);

    public string Name => target.Name;

    public string DefaultModel => target.DefaultModel;

    public Uri Endpoint => target.BaseUrl;

    public ProviderBilling Billing => target.Billing;

    /// <summary>A vendor that refuses the limit of tokens is not sent it, and writes as much as it likes.</summary>
    public bool IsCostBounded => !target.PeerOf("").Refuses.Contains("max_tokens");

    public string? BillingRegion => target.BillingRegion;

    public ModelCapabilities GetCapabilities(string model) => target.PeerOf(model).Model;

    public int? MaxTokensOf(string model) => target.Dialect.RequiresMaxTokens ? target.PeerOf(model).Model.MaxOutputTokens ?? target.DefaultMaxTokens : null;

    public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        if (request.Stream) request = request with { Stream = false };
        var losses = new List<string>();
        var peer = target.PeerOf(request.Model);
        using var body = BodyFor(request);
        var passing = Encode(request, peer, body, losses);
        using var message = await ComposeAsync(request, passing, body, cancellationToken).ConfigureAwait(false);
        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            Limits.Learn(request.Model, response.Headers, services.TimeProvider.GetUtcNow());
            return await ReadWholeAsync(response, peer, losses, passing, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpErrors.IsOfConnection(e))
        {
            throw _errors.Connection(e);
        }
    }

    public async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in StreamInBatchesAsync(request, cancellationToken).ConfigureAwait(false))
        {
            foreach (var delta in batch) yield return delta;
        }
    }

    public async IAsyncEnumerable<List<LlmDelta>> StreamInBatchesAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!request.Stream) request = request with { Stream = true };
        var losses = new List<string>();
        var peer = target.PeerOf(request.Model);
        using var body = BodyFor(request);
        var passing = Encode(request, peer, body, losses);
        using var message = await ComposeAsync(request, passing, body, cancellationToken).ConfigureAwait(false);
        using var response = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        Limits.Learn(request.Model, response.Headers, services.TimeProvider.GetUtcNow());
        if (!IsStream(response))
        {
            // A server that does not stream answers in one piece, and an error is one piece anyway.
            yield return [.. ReplyDeltas.Of(await ReadWholeOrFailAsync(response, peer, losses, passing, cancellationToken).ConfigureAwait(false))];
            yield break;
        }

        yield return [new HeaderDelta { RequestId = HttpErrors.RequestIdOf(response), Losses = losses, IsRelayed = passing != Passing.Nothing }];
        using var stream = new HttpReplyStream(response, target.Dialect, peer, _errors, services.TimeProvider, passing);
        while (await stream.ReadAsync(cancellationToken).ConfigureAwait(false)) yield return stream.Deltas;
    }

    public string? DefaultEmbeddingModel => target.Embeddings?.DefaultModel;

    public Task<LlmEmbeddings> EmbedAsync(LlmEmbeddingRequest request, CancellationToken cancellationToken)
        => new HttpEmbedder(target, _http, _errors).EmbedAsync(request, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>It is held as long as a stream is open: one that is passed on is no larger than it has to be.</summary>
    private static PooledBuffer BodyFor(LlmRequest request) => request.Wire is { } wire ? new(wire.Body.Length + 256) : new();

    /// <summary>Writes the body: the bytes that came, where they still say what is asked and the vendor speaks their dialect; else what the dialect makes of the request.</summary>
    /// <returns>What of the vendor's bytes is passed on.</returns>
    private Passing Encode(LlmRequest request, WirePeer peer, PooledBuffer body, List<string> losses)
    {
        try
        {
            if (request.Wire is { } wire && wire.Dialect == target.Dialect.Name && !target.Dialect.IsBinaryStream && wire.Says(request)
                && WireBody.TryWrite(wire.Body.Span, ModelOf(request), target.Dialect.KeepsModelInUrl, request.Stream, target.Dialect.WireRules, peer, body, out var addsUsage))
                return addsUsage ? Passing.AllButUsage : Passing.All;

            target.Dialect.EncodeRequest(request, peer, body, losses);
            return Passing.Nothing;
        }
        catch (DialectException e)
        {
            throw _errors.Request(e);
        }
    }

    private async ValueTask<HttpRequestMessage> ComposeAsync(LlmRequest request, Passing passing, PooledBuffer body, CancellationToken cancellationToken)
    {
        var wire = passing == Passing.Nothing ? null : request.Wire;
        HttpRequestMessage message;
        try
        {
            message = new HttpRequestMessage(HttpMethod.Post, UrlOf(request, wire)) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        }
        catch (DialectException e)
        {
            throw _errors.Request(e);
        }

        message.Content.Headers.ContentType = JsonMediaType;
        target.Dialect.AddHeaders(message.Headers);
        foreach (var (name, value) in target.Headers) message.Headers.TryAddWithoutValidation(name, value);
        await target.Authorizer.AuthorizeAsync(message, body.WrittenMemory, cancellationToken).ConfigureAwait(false);
        if (wire is not null) WireHead.AddHeaders(message, wire);
        return message;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpErrors.IsOfConnection(e))
        {
            throw _errors.Connection(e);
        }
    }

    /// <summary>What calls itself JSON or HTML is no stream; what calls itself anything else is given the chance to be one.</summary>
    private static bool IsStream(HttpResponseMessage response)
        => response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType is not ("application/json" or "text/html");

    private async Task<LlmReply> ReadWholeOrFailAsync(HttpResponseMessage response, WirePeer peer, List<string> losses, Passing passing, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadWholeAsync(response, peer, losses, passing, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpErrors.IsOfConnection(e))
        {
            throw _errors.Connection(e);
        }
    }

    private async Task<LlmReply> ReadWholeAsync(HttpResponseMessage response, WirePeer peer, List<string> losses, Passing passing, CancellationToken cancellationToken)
    {
        using var body = new PooledBuffer();
        var isWhole = await ReadAsync(response, body, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw _errors.Vendor(response, target.Dialect.DecodeError((int)response.StatusCode, body.WrittenMemory), passing == Passing.Nothing || !isWhole ? default : body.WrittenMemory);
        if (!isWhole) throw _errors.Of(response, ProviderErrorKind.MalformedReply, $"the reply is larger than {HttpWire.MaxBodyBytes / (1024 * 1024)} MiB");
        try
        {
            var reply = target.Dialect.DecodeReply(body.WrittenMemory, peer);
            return reply with { Model = string.IsNullOrEmpty(reply.Model) ? null : reply.Model, RequestId = HttpErrors.RequestIdOf(response) ?? reply.RequestId, Losses = losses.Count == 0 ? reply.Losses : [.. losses, .. reply.Losses], Wire = passing == Passing.Nothing ? null : new WireReply(target.Dialect.Name, body.WrittenMemory.ToArray(), response.Content.Headers.ContentType?.ToString()) };
        }
        catch (DialectException e) when (e.VendorError is { } error)
        {
            throw _errors.Vendor(response, error);
        }
        catch (DialectException e)
        {
            throw _errors.Of(response, e.Kind, e.Message);
        }
    }

    /// <summary>The path seldom changes from call to call.</summary>
    private Uri UrlOf(LlmRequest request, WireRequest? wire)
    {
        var path = target.PathOf is { } own ? own(request) : target.Dialect.PathOf(request);
        if (wire is not null) path = WireHead.PathWith(path, wire.Query);
        var last = _lastUrl;
        if (last.Path == path) return last.Url;
        var url = new Uri($"{target.BaseUrl.AbsoluteUri.TrimEnd('/')}/{path}");
        _lastUrl = new LastUrl(path, url);
        return url;
    }

    /// <summary>The model's name as JSON, which seldom changes either.</summary>
    private byte[] ModelOf(LlmRequest request)
    {
        var last = _lastModel;
        if (last.Name == request.Model) return last.Json;
        last = new LastModel(request.Model, Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(request.Model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""));
        _lastModel = last;
        return last.Json;
    }

    /// <summary>Where an error's body breaks off, its status still says what happened: a 401 is not to be retried for it.</summary>
    private static async ValueTask<bool> ReadAsync(HttpResponseMessage response, PooledBuffer into, CancellationToken cancellationToken)
    {
        try
        {
            return await HttpWire.TryReadAsync(response.Content, into, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!response.IsSuccessStatusCode && HttpErrors.IsOfConnection(e))
        {
            return false;
        }
    }

    private sealed record LastUrl(string Path, Uri Url);

    private sealed record LastModel(string Name, byte[] Json);
}
