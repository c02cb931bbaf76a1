using LlmGateway.Dialects;
using LlmGateway.Server.Counting;
using LlmGateway.Server.Embeddings;
using LlmGateway.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Server.Calls;

/// <summary>The places where the vendors' protocols are spoken.</summary>
internal static class ChatEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, Gateway gateway)
    {
        var frame = new RequestFrame(gateway);
        var calls = new CallHandler(gateway, frame);
        var counts = new CountHandler(gateway, frame);
        var embeddings = new EmbeddingHandler(gateway, frame);
        routes.MapPost("/v1/chat/completions", http => calls.HandleAsync(http, Protocol.OpenAI, default));
        routes.MapPost("/v1/responses", http => calls.HandleAsync(http, Protocol.Responses, default));
        routes.MapPost("/v1/messages", http => calls.HandleAsync(http, Protocol.Anthropic, default));
        routes.MapPost("/v1/messages/count_tokens", http => counts.AnthropicAsync(http));

        // A model's name may hold slashes and colons: what is asked of it stands behind the last colon. Before it stands
        // models/, which clients leave out where the name has a slash itself.
        routes.MapPost("/v1beta/{**rest}", http => Gemini(http, frame, calls, counts, embeddings));

        // Google's clients of today ask here.
        routes.MapPost("/v1/models/{**rest}", http => Gemini(http, frame, calls, counts, embeddings));
        routes.MapPost("/v1/embeddings", embeddings.OpenAIAsync);
    }

    private static Task Gemini(HttpContext http, RequestFrame frame, CallHandler calls, CountHandler counts, EmbeddingHandler embeddings)
    {
        var rest = Uri.UnescapeDataString((string?)http.Request.RouteValues["rest"] ?? "");
        if (rest.StartsWith("models/", StringComparison.Ordinal)) rest = rest["models/".Length..];
        var colon = rest.LastIndexOf(':');
        var model = colon < 0 ? rest : rest[..colon];
        return (colon < 0 ? "" : rest[(colon + 1)..]) switch
        {
            "generateContent" => calls.HandleAsync(http, Protocol.Gemini, new RequestAddress(model, false)),
            "streamGenerateContent" when http.Request.Query["alt"] == "sse" => calls.HandleAsync(http, Protocol.Gemini, new RequestAddress(model, true)),
            "streamGenerateContent" => frame.RefuseAsync(http, Protocol.Gemini, new BadRequestException(ProviderErrorKind.InvalidRequest, "A stream is given as server-sent events only: ask with ?alt=sse.")),
            "countTokens" => counts.GeminiAsync(http, model),
            "embedContent" or "batchEmbedContents" => embeddings.GeminiAsync(http, model, isBatch: rest.EndsWith(":batchEmbedContents", StringComparison.Ordinal)),
            var other => frame.RefuseAsync(http, Protocol.Gemini, new BadRequestException(ProviderErrorKind.NotFound, $"There is no method '{other}' of a model here: generateContent, streamGenerateContent, countTokens, embedContent and batchEmbedContents are.")),
        };
    }
}
