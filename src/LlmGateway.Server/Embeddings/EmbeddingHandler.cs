using LlmGateway.Budgets;
using LlmGateway.Client;
using LlmGateway.Server.Callers;
using LlmGateway.Server.Calls;
using LlmGateway.Server.Hosting;
using LlmGateway.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Embeddings;

/// <summary>Texts to vectors, in OpenAI's protocol and in Gemini's, by any vendor that makes them.</summary>
internal sealed class EmbeddingHandler(Gateway gateway, RequestFrame frame)
{
    public Task OpenAIAsync(HttpContext http) => frame.RunAsync(http, Protocol.OpenAI, async (exchange, caller, body, token) =>
    {
        var asked = OpenAIEmbeddingCodec.DecodeRequest(body);
        var response = await AskAsync(exchange, caller, asked, token).ConfigureAwait(false);
        using var reply = new PooledBuffer();
        OpenAIEmbeddingCodec.EncodeReply(response, asked.IsBase64, reply);
        await exchange.WriteJsonAsync(reply.WrittenMemory).ConfigureAwait(false);
    });

    public Task GeminiAsync(HttpContext http, string model, bool isBatch) => frame.RunAsync(http, Protocol.Gemini, async (exchange, caller, body, token) =>
    {
        var asked = GeminiEmbeddingCodec.DecodeRequest(body, model, isBatch);
        var response = await AskAsync(exchange, caller, asked, token).ConfigureAwait(false);
        using var reply = new PooledBuffer();
        GeminiEmbeddingCodec.EncodeReply(response, isBatch, reply);
        await exchange.WriteJsonAsync(reply.WrittenMemory).ConfigureAwait(false);
    });

    private async Task<LlmResponse<IReadOnlyList<ReadOnlyMemory<float>>>> AskAsync(Exchange exchange, Caller caller, AskedEmbedding asked, CancellationToken cancellationToken)
    {
        var name = gateway.Models.Resolve(asked.Request.Model, exchange.Protocol.Dialect.Name);
        if (name.Route is not null) throw new BadRequestException(ProviderErrorKind.InvalidRequest, $"'{name.Name}' is a route, and embeddings are never asked of one: vectors of two models can't be compared. Name a model.");
        gateway.Callers.Allow(caller, [name], hasFallbacks: false);
        var scope = new CallScope { Targets = name.Targets, Budgets = caller.Budgets };
        exchange.Scope = scope;
        exchange.Lease = gateway.Callers.Admit(caller, UsageEstimate.TokensOf(asked.Request.Inputs.Sum(static input => (long)input.Length)), exchange.Protocol.Dialect.Name);
        var options = new LlmEmbeddingOptions { Model = name.Targets is [{ } target] ? target.Model : name.OwnModel, Dimensions = asked.Request.Dimensions, Purpose = asked.Request.Purpose, Tags = caller.Tags };
        var response = await gateway.Client.EmbedAsync(asked.Request.Inputs, options, scope, cancellationToken).ConfigureAwait(false);
        exchange.Describe(response.Metadata, isRelayed: false, [.. asked.Losses, .. response.Metadata.Losses]);
        return response;
    }
}
