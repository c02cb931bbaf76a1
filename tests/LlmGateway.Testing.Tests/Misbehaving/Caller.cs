using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace LlmGateway.Testing.Tests.Misbehaving;

/// <summary>A caller that knows no gateway: an HTTP client, and each vendor's request by hand.</summary>
internal sealed class Caller(MisbehavingServer server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.Url, Timeout = Timeout.InfiniteTimeSpan };

    public static IReadOnlyList<string> Dialects { get; } = ["anthropic", "bedrock", "gemini", "openai", "openai_responses"];

    static Caller() => ProviderRegistry.Default.AddBedrock();

    public Task<HttpResponseMessage> AskAsync(string dialect, string model, bool stream, CancellationToken cancellationToken, string prompt = "Tell me.", string? prefill = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, PathOf(dialect, model, stream)) { Content = new StringContent(Body(dialect, model, stream, prompt, prefill).ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add(dialect switch { "anthropic" => "x-api-key", "gemini" => "x-goog-api-key", _ => "Authorization" }, dialect is "anthropic" or "gemini" ? "sk-secret-1" : "Bearer sk-secret-1");
        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string dialect, string model, bool stream, CancellationToken cancellationToken, string prompt = "Tell me.", string? prefill = null)
    {
        using var response = await AskAsync(dialect, model, stream, cancellationToken, prompt, prefill);
        return (response.StatusCode, Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
    }

    public void Dispose() => _http.Dispose();

    private static string PathOf(string dialect, string model, bool stream) => dialect switch
    {
        "openai" => "/v1/chat/completions",
        "openai_responses" => "/v1/responses",
        "anthropic" => "/v1/messages",
        "gemini" => $"/v1beta/models/{model}:{(stream ? "streamGenerateContent?alt=sse" : "generateContent")}",
        _ => $"/model/{Uri.EscapeDataString(model)}/{(stream ? "converse-stream" : "converse")}",
    };

    private static JsonObject Body(string dialect, string model, bool stream, string prompt, string? prefill)
    {
        JsonArray Turns(string assistant, Func<string, JsonNode> content, string field)
        {
            JsonArray turns = [new JsonObject { ["role"] = "user", [field] = content(prompt) }];
            if (prefill is not null) turns.Add(new JsonObject { ["role"] = assistant, [field] = content(prefill) });
            return turns;
        }

        static JsonArray Parts(string text) => [new JsonObject { ["text"] = text }];
        return dialect switch
        {
            "gemini" => new JsonObject { ["contents"] = Turns("model", Parts, "parts") },
            "bedrock" => new JsonObject { ["messages"] = Turns("assistant", Parts, "content") },
            "openai_responses" => new JsonObject { ["model"] = model, ["stream"] = stream, ["input"] = Turns("assistant", text => JsonValue.Create(text), "content") },
            _ => new JsonObject { ["model"] = model, ["stream"] = stream, ["max_tokens"] = 1000, ["messages"] = Turns("assistant", text => JsonValue.Create(text), "content") },
        };
    }
}
