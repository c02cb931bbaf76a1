using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Security.Authentication;
using LlmGateway.Dialects;
using LlmGateway.Vendors;
using LlmGateway.Wire;

namespace LlmGateway.Providers;

/// <summary>A vendor's API over HTTP: the vendor's row says where and with which key, its dialect says what.</summary>
internal sealed class HttpProvider : ILlmProvider
{
    private static readonly MediaTypeHeaderValue JsonMediaType = new("application/json");

    private readonly Vendor _vendor;
    private readonly string _apiKey;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private LastUrl _lastUrl = new("", new Uri("about:blank"));

    private HttpProvider(Vendor vendor, Uri baseUrl, string apiKey, ProviderServices services)
    {
        _vendor = vendor;
        _apiKey = apiKey;
        _http = services.HttpClient ?? HttpWire.Shared;
        _time = services.TimeProvider;
        Endpoint = baseUrl;
    }

    public string Name => _vendor.Name;

    public string DefaultModel => _vendor.DefaultModel;

    public Uri Endpoint { get; }

    public ModelCapabilities GetCapabilities(string model) => _vendor.CapabilitiesOf(model);

    public static HttpProvider Create(Vendor vendor, GatewayConfig config, ProviderServices services)
    {
        var key = VendorSettings.FindKey(vendor, config)
            ?? throw new ProviderInitException(
                $"Provider '{vendor.Name}' needs a key. Set LLM_API_KEY or {string.Join(" or ", vendor.KeyVariables)}, in the environment or in .env.",
                vendor.Name, "LLM_API_KEY");
        return new HttpProvider(vendor, VendorSettings.BaseUrl(vendor, config), key, services);
    }

    public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        var losses = new List<string>();
        using var body = new PooledBuffer();
        try
        {
            _vendor.Dialect.EncodeRequest(request, PeerOf(request), body, losses);
        }
        catch (DialectException e)
        {
            throw new ProviderException(Name, e.Kind, e.Message, e);
        }

        using var message = new HttpRequestMessage(HttpMethod.Post, UrlOf(request)) { Content = new ReadOnlyMemoryContent(body.WrittenMemory) };
        message.Content.Headers.ContentType = JsonMediaType;
        message.Headers.TryAddWithoutValidation(_vendor.KeyHeader, _apiKey);
        _vendor.Dialect.AddHeaders(message.Headers);

        try
        {
            using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            using var reply = new PooledBuffer();
            var isWhole = await ReadAsync(response, reply, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw Error(response, _vendor.Dialect.DecodeError((int)response.StatusCode, reply.WrittenMemory));
            if (!isWhole) throw Error(response, ProviderErrorKind.MalformedReply, $"the reply is larger than {HttpWire.MaxBodyBytes / (1024 * 1024)} MiB", null);
            return Decode(request, response, reply.WrittenMemory, losses);
        }
        catch (Exception e) when (IsOfConnection(e))
        {
            throw new ProviderException(Name, ProviderErrorKind.Connection, $"{Name}: no complete answer from {Endpoint}: {Redact(e.Message)}", e);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private WirePeer PeerOf(LlmRequest request) => new() { Vendor = Name, Model = GetCapabilities(request.Model) };

    /// <summary>The path seldom changes from call to call.</summary>
    private Uri UrlOf(LlmRequest request)
    {
        var path = _vendor.Dialect.PathOf(request);
        var last = _lastUrl;
        if (last.Path == path) return last.Url;
        var url = new Uri($"{Endpoint.AbsoluteUri.TrimEnd('/')}/{path}");
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
        catch (Exception e) when (!response.IsSuccessStatusCode && IsOfConnection(e))
        {
            return false;
        }
    }

    private static bool IsOfConnection(Exception e) => e is HttpRequestException or IOException or AuthenticationException or InvalidDataException;

    private LlmReply Decode(LlmRequest request, HttpResponseMessage response, ReadOnlyMemory<byte> body, List<string> losses)
    {
        try
        {
            var reply = _vendor.Dialect.DecodeReply(body, PeerOf(request));
            return reply with { RequestId = RequestIdOf(response), Losses = losses.Count == 0 ? reply.Losses : [.. losses, .. reply.Losses] };
        }
        catch (DialectException e) when (e.VendorError is { } error)
        {
            throw Error(response, error);
        }
        catch (DialectException e)
        {
            throw Error(response, e.Kind, e.Message, null);
        }
    }

    private ProviderException Error(HttpResponseMessage response, VendorError error)
    {
        var status = (int)response.StatusCode;
        var what = status is >= 300 and < 400
            ? $"HTTP {status}: a redirect, which is not followed because it would carry the key elsewhere. Check LLM_BASE_URL"
            : $"HTTP {status}{(error.Code is null ? "" : $" {error.Code}")}{(error.Message is null ? "" : $": {error.Message}")}";
        return Error(response, error.Kind, what + Advice(error.Kind), error);
    }

    private ProviderException Error(HttpResponseMessage response, ProviderErrorKind kind, string what, VendorError? error) => new(Name, kind, $"{Name}: {Redact(what)}")
    {
        HttpStatus = (int)response.StatusCode,
        VendorCode = Redact(error?.Code),
        RequestId = Redact(RequestIdOf(response) ?? error?.RequestId),
        RetryAfter = RetryAfter.Read(response.Headers, _time.GetUtcNow()),
    };

    private string Advice(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.Authentication => $" (check LLM_API_KEY or {string.Join(" or ", _vendor.KeyVariables)})",
        ProviderErrorKind.NotFound => $" (check LLM_MODEL, and LLM_BASE_URL, which is {Endpoint})",
        ProviderErrorKind.ContextLength => " (shorten the conversation, or choose a model with a larger context window)",
        _ => "",
    };

    /// <summary>Some vendors and proxies quote the key in their error texts.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    private string? Redact(string? text) => text?.Replace(_apiKey, "***", StringComparison.Ordinal);

    private static string? RequestIdOf(HttpResponseMessage response)
    {
        foreach (var name in (ReadOnlySpan<string>)["request-id", "x-request-id"])
        {
            if (response.Headers.TryGetValues(name, out var values)) return values.FirstOrDefault();
        }

        return null;
    }

    private sealed record LastUrl(string Path, Uri Url);
}
