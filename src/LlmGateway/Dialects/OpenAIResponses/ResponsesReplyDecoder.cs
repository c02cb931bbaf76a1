using System.Text.Json;
using LlmGateway.Dialects.OpenAI;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>Reads the body of a reply to <c>POST /responses</c>.</summary>
internal static class ResponsesReplyDecoder
{
    /// <summary>Members that are read, and those that repeat the request, which the caller knows.</summary>
    private static readonly HashSet<string> Known =
    [
        "id", "object", "created_at", "status", "error", "incomplete_details", "model", "output", "output_text", "usage", "service_tier",
        "background", "frequency_penalty", "include", "input", "instructions", "max_output_tokens", "max_tool_calls", "metadata", "parallel_tool_calls", "presence_penalty",
        "prompt", "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning", "store", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p", "truncation", "user",
    ];

    public static LlmReply Decode(ReadOnlyMemory<byte> body) => JsonRead.Parse(body, ProviderErrorKind.MalformedReply, "The reply", Decode);

    private static LlmReply Decode(JsonElement root)
    {
        ThrowIfError(root);
        if (root.Member("output"u8, JsonValueKind.Array) is not { } output)
        {
            throw new DialectException(ProviderErrorKind.MalformedReply, "The reply has no list of output: it is not one of Responses. Check LLM_BASE_URL.");
        }

        var parts = new List<LlmPart>();
        var logProbs = new List<TokenLogProb>();
        var hasCalls = false;
        foreach (var item in output.EnumerateArray())
        {
            hasCalls |= ResponsesItems.IsCall(item.Text("type"u8));
            parts.AddRange(ResponsesItems.Read(item));
            foreach (var content in item.Items("content"u8)) logProbs.AddRange(OpenAILogProbs.ReadList(content));
        }

        var losses = new List<string>();
        var (reason, word) = ResponsesFinish.Of(root, hasCalls, parts.OfType<RefusalPart>().Any());
        var header = Header(root);
        return new LlmReply
        {
            Parts = parts,
            Id = header.Id,
            Model = header.Model,
            CreatedAt = header.CreatedAt,
            ServiceTier = header.ServiceTier,
            Billing = header.Billing,
            Extensions = header.Extensions,
            FinishReason = reason,
            VendorFinishReason = word,
            Usage = UsageOf(root, losses),
            LogProbs = logProbs,
            Losses = losses,
        };
    }

    /// <exception cref="DialectException">The response failed.</exception>
    public static void ThrowIfError(JsonElement response)
    {
        if (OpenAIErrorDecoder.In(response) is { } error) throw new DialectException(error.Kind, error.Message ?? "The reply is an error.", error);
        if (response.Text("status"u8) == "failed") throw new DialectException(ProviderErrorKind.ServerError, "The response failed, and does not say why.", new VendorError(ProviderErrorKind.ServerError, "failed", null, null));
    }

    public static HeaderDelta Header(JsonElement response) => new()
    {
        Id = response.Text("id"u8),
        Model = response.Text("model"u8),
        CreatedAt = response.Real("created_at"u8) is > 0 and < 253_402_300_800 and var seconds ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null,
        ServiceTier = response.Text("service_tier"u8),
        Billing = BillingReader.In(response),
        Extensions = Extras(response),
    };

    public static TokenUsage? UsageOf(JsonElement response, List<string> losses)
        => response.Object("usage"u8) is { } usage ? UsageRead.OrNull(() => ResponsesUsage.Read(usage), losses) : null;

    private static LlmExtensions? Extras(JsonElement response)
    {
        var rest = BagReader.Rest(response, ResponsesDialect.DialectName, Known.Contains);
        var said = rest?.Members.Where(member => member.Value != "null").ToList();
        return said is { Count: > 0 } ? new LlmExtensions(ResponsesDialect.DialectName, said) : null;
    }
}
