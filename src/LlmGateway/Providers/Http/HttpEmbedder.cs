using System.Net.Http.Headers;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Embeddings;
using LlmGateway.Wire;

namespace LlmGateway.Providers.Http;

/// <summary>Asks a vendor's API for embeddings.</summary>
internal sealed class HttpEmbedder(HttpTarget target, HttpClient http, HttpErrors errors)
{
    private static readonly MediaTypeHeaderValue JsonMediaType = new("application/json");

    public async Task<LlmEmbeddings> EmbedAsync(LlmEmbeddingRequest request, CancellationToken cancellationToken)
    {
        if (target.Embeddings is not { } embeddings)
        {
            throw new ProviderException(target.Name, ProviderErrorKind.InvalidRequest, $"{target.Name} makes no embeddings that the gateway knows of. Choose another provider for them.");
        }

        if (request.Model.Length == 0)
        {
            request = request with { Model = embeddings.DefaultModel ?? throw new ProviderException(target.Name, ProviderErrorKind.InvalidRequest, $"{target.Name} has no embedding model of its own choice: name one.") };
        }

        var losses = new List<string>();
        using var body = new PooledBuffer();
        embeddings.Format.EncodeRequest(request, body, losses);
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri($"{embeddings.BaseUrl.AbsoluteUri.TrimEnd('/')}/{embeddings.Format.PathOf(request)}"))
        {
            Content = new ReadOnlyMemoryContent(body.WrittenMemory),
        };
        message.Content.Headers.ContentType = JsonMediaType;
        foreach (var (name, value) in target.Headers) message.Headers.TryAddWithoutValidation(name, value);
        await target.Authorizer.AuthorizeAsync(message, body.WrittenMemory, cancellationToken).ConfigureAwait(false);
        try
        {
            using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var reply = await ReadAsync(response, embeddings.Format, cancellationToken).ConfigureAwait(false);
            if (reply.Vectors.Count != request.Inputs.Count)
            {
                throw errors.Of(response, ProviderErrorKind.MalformedReply, $"the reply holds {reply.Vectors.Count} embeddings for {request.Inputs.Count} texts");
            }

            return reply with { RequestId = HttpErrors.RequestIdOf(response), Losses = [.. losses, .. reply.Losses] };
        }
        catch (Exception e) when (HttpErrors.IsOfConnection(e))
        {
            throw errors.Connection(e);
        }
    }

    private async Task<LlmEmbeddings> ReadAsync(HttpResponseMessage response, IEmbeddingFormat format, CancellationToken cancellationToken)
    {
        using var body = new PooledBuffer();
        var isWhole = await HttpWire.TryReadAsync(response.Content, body, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw errors.Vendor(response, target.Dialect.DecodeError((int)response.StatusCode, body.WrittenMemory));
        if (!isWhole) throw errors.Of(response, ProviderErrorKind.MalformedReply, $"the reply is larger than {HttpWire.MaxBodyBytes / (1024 * 1024)} MiB");
        try
        {
            using var document = JsonDocument.Parse(body.WrittenMemory);
            return format.DecodeReply(document.RootElement);
        }
        catch (JsonException)
        {
            throw errors.Of(response, ProviderErrorKind.MalformedReply, "the reply is not JSON");
        }
        catch (DialectException e)
        {
            throw errors.Of(response, e.Kind, e.Message);
        }
    }
}
