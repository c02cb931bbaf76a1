using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using LlmGateway.Dialects;
using LlmGateway.Messages;
using LlmGateway.Routing.Targets;
using LlmGateway.Wire;

namespace LlmGateway.Providers.Http;

/// <summary>A vendor's API over HTTP: the target says where, as whom and in which dialect.</summary>
internal sealed class HttpProvider(HttpTarget target, ProviderServices services) : ILlmProvider, IReportsLimits
{
    private static readonly MediaTypeHeaderValue JsonMediaType = new("application/json");

    private readonly HttpClient _http = services.HttpClient ?? HttpWire.Shared;
    private readonly HttpErrors _errors = new(target, services.TimeProvider);
    private LastUrl _lastUrl = new("", new Uri("about:blank"));

    public VendorLimits Limits { get; } = new();

    public string Name => target.Name;

    public string DefaultModel => target.DefaultModel;

    public Uri Endpoint => target.BaseUrl;

    public ProviderBilling Billing => target.Billing;

    /// <summary>A vendor that refuses the limit of tokens is not sent it, and writes as much as it likes.</summary>
    public bool IsCostBounded => !target.PeerOf("").Refuses.Contains("max_tokens");

    public string? BillingRegion => target.BillingRegion;

    public ModelCapabilities GetCapabilities(string model) => target.PeerOf(model).Model;

    public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        if (request.Stream) request = request with { Stream = false };
        var losses = new List<string>();
        var peer = target.PeerOf(request.Model);
        using var body = new PooledBuffer();
        using var message = await ComposeAsync(request, peer, body, losses, cancellationToken).ConfigureAwait(false);
        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            Limits.Learn(request.Model, response.Headers, services.TimeProvider.GetUtcNow());
            return await ReadWholeAsync(response, peer, losses, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpErrors.IsOfConnection(e))
        {
            throw _errors.Connection(e);
        }
    }

    public async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!request.Stream) request = request with { Stream = true };
        var losses = new List<string>();
        var peer = target.PeerOf(request.Model);
        using var body = new PooledBuffer();
        using var message = await ComposeAsync(request, peer, body, losses, cancellationToken).ConfigureAwait(false);
        using var response = await SendAsync(message, cancellationToken).ConfigureAwait(false);
        Limits.Learn(request.Model, response.Headers, services.TimeProvider.GetUtcNow());
        if (!IsStream(response))
        {
            // A server that does not stream answers in one piece, and an error is one piece anyway.
            foreach (var delta in ReplyDeltas.Of(await ReadWholeOrFailAsync(response, peer, losses, cancellationToken).ConfigureAwait(false))) yield return delta;
            yield break;
        }

        yield return new HeaderDelta { RequestId = HttpErrors.RequestIdOf(response), Losses = losses };
        using var stream = new HttpReplyStream(response, target.Dialect, peer, _errors, services.TimeProvider);
        while (await stream.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var delta in stream.Deltas) yield return delta;
        }
    }

    public string? DefaultEmbeddingModel => target.Embeddings?.DefaultModel;

    public Task<LlmEmbeddings> EmbedAsync(LlmEmbeddingRequest request, CancellationToken cancellationToken)
        => new HttpEmbedder(target, _http, _errors).EmbedAsync(request, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<HttpRequestMessage> ComposeAsync(LlmRequest request, WirePeer peer, PooledBuffer body, List<string> losses, CancellationToken cancellationToken)
    {
        HttpRequestMessage message;
        try
        {
            target.Dialect.EncodeRequest(request, peer, body, losses);
            message = new HttpRequestMessage(HttpMethod.Post, UrlOf(request)) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        }
        catch (DialectException e)
        {
            throw _errors.Request(e);
        }

        message.Content.Headers.ContentType = JsonMediaType;
        target.Dialect.AddHeaders(message.Headers);
        foreach (var (name, value) in target.Headers) message.Headers.TryAddWithoutValidation(name, value);
        await target.Authorizer.AuthorizeAsync(message, body.WrittenMemory, cancellationToken).ConfigureAwait(false);
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

    private async Task<LlmReply> ReadWholeOrFailAsync(HttpResponseMessage response, WirePeer peer, List<string> losses, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadWholeAsync(response, peer, losses, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (HttpErrors.IsOfConnection(e))
        {
            throw _errors.Connection(e);
        }
    }

    private async Task<LlmReply> ReadWholeAsync(HttpResponseMessage response, WirePeer peer, List<string> losses, CancellationToken cancellationToken)
    {
        using var body = new PooledBuffer();
        var isWhole = await ReadAsync(response, body, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw _errors.Vendor(response, target.Dialect.DecodeError((int)response.StatusCode, body.WrittenMemory));
        if (!isWhole) throw _errors.Of(response, ProviderErrorKind.MalformedReply, $"the reply is larger than {HttpWire.MaxBodyBytes / (1024 * 1024)} MiB");
        try
        {
            var reply = target.Dialect.DecodeReply(body.WrittenMemory, peer);
            return reply with { Model = string.IsNullOrEmpty(reply.Model) ? null : reply.Model, RequestId = HttpErrors.RequestIdOf(response) ?? reply.RequestId, Losses = losses.Count == 0 ? reply.Losses : [.. losses, .. reply.Losses] };
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
    private Uri UrlOf(LlmRequest request)
    {
        var path = target.PathOf is { } own ? own(request) : target.Dialect.PathOf(request);
        var last = _lastUrl;
        if (last.Path == path) return last.Url;
        var url = new Uri($"{target.BaseUrl.AbsoluteUri.TrimEnd('/')}/{path}");
        _lastUrl = new LastUrl(path, url);
        return url;
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
}
