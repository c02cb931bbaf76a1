using System.Text;
using System.Text.Json;
using LlmGateway.Budgets;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Server.Calls;
using LlmGateway.Server.Hosting;
using LlmGateway.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Counting;

/// <summary>
/// How many tokens a request has, by the gateway's own estimate of four characters a token: vendors count each in their own
/// way, and most can't be asked. A header says that it is an estimate. Nothing is billed.
/// </summary>
internal sealed class CountHandler(Gateway gateway, RequestFrame frame)
{
    public Task AnthropicAsync(HttpContext http) => CountAsync(http, Protocol.Anthropic, AnthropicTokenCount.DecodeRequest, "input_tokens");

    public Task GeminiAsync(HttpContext http, string model) => CountAsync(http, Protocol.Gemini, body => Protocol.Gemini.Dialect.DecodeRequest(Asked(body), new RequestAddress(model, false)), "totalTokens");

    /// <summary>A request that is to be counted with all that it has stands in one of its own.</summary>
    private static ReadOnlyMemory<byte> Asked(ReadOnlyMemory<byte> body) => RequestRead.Parse(
        body,
        "The request",
        root => root.ValueKind == JsonValueKind.Object && root.AskedObject("generateContentRequest"u8) is { } whole ? Encoding.UTF8.GetBytes(whole.GetRawText()) : body);

    private Task CountAsync(HttpContext http, Protocol protocol, Func<ReadOnlyMemory<byte>, LlmRequest> decode, string member) => frame.RunAsync(http, protocol, async (exchange, caller, body, token) =>
    {
        var request = decode(body);
        gateway.Callers.Allow(caller, [gateway.Models.Resolve(request.Model, protocol.Dialect.Name)], hasFallbacks: false);
        exchange.Lease = gateway.Callers.Admit(caller, 0, protocol.Dialect.Name);
        using var reply = new PooledBuffer();
        using (var json = new Utf8JsonWriter(reply, JsonWrite.Options))
        {
            json.WriteStartObject();
            json.WriteNumber(member, UsageEstimate.Of(request, new LlmReply()).InputTokens);
            json.WriteEndObject();
        }

        http.Response.Headers["x-llm-gateway-estimated"] = "true";
        await exchange.WriteJsonAsync(reply.WrittenMemory).ConfigureAwait(false);
    });
}
