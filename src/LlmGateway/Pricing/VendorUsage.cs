using System.Text.Json;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.PriceData;

namespace LlmGateway;

/// <summary>Reads model and usage from a vendor's own reply, whichever of the known shapes it has.</summary>
public static class VendorUsage
{
    /// <summary>
    /// Reads a reply, or the part of it that names model and usage: Anthropic Messages, OpenAI Chat Completions and Responses
    /// (and all that are compatible), Gemini generateContent, Bedrock Converse; also wrapped in <c>{"response": …}</c>. The
    /// shape is told by its fields; the provider decides where they leave a doubt.
    /// </summary>
    /// <remarks>
    /// Counts are JSON integers from 0 up; <c>12.0</c>, <c>1e3</c> and <c>"12"</c> are refused, since no vendor writes them so.
    /// A part that is absent or null is 0; a whole that is absent or null is an error.
    /// </remarks>
    /// <param name="provider">The vendor, by any of its names.</param>
    /// <param name="body">The reply's body.</param>
    /// <returns>The model and its tokens.</returns>
    /// <exception cref="UsageFormatException">There is no usage, or one of its counts is no count or larger than the whole that it is a part of.</exception>
    public static VendorReply Read(string provider, JsonElement body)
    {
        ArgumentNullException.ThrowIfNull(provider);
        if (body.ValueKind != JsonValueKind.Object) throw new UsageFormatException("body", "an object is expected.");
        if (!Has(body, "usage") && !Has(body, "usageMetadata") && UsageJson.Object(body, "", "response") is { } inner) body = inner;
        var vendor = VendorName.Canonical(provider);
        return new VendorReply
        {
            Model = UsageJson.Text(body, "model") ?? UsageJson.Text(body, "modelVersion"),
            Usage = ReadUsage(vendor, body),
            Billing = BillingReader.In(body),
        };
    }

    private static TokenUsage ReadUsage(string vendor, JsonElement body)
    {
        if (UsageJson.Object(body, "", "usageMetadata") is { } metadata && (vendor is "gemini" or "vertex" || !Has(body, "usage"))) return GeminiUsage.Read(metadata);
        if (UsageJson.Object(body, "", "usage") is not { } usage)
            throw new UsageFormatException("usage", "the body has none; \"usage\" or \"usageMetadata\" is expected.");
        if (Has(usage, "prompt_tokens")) return ChatUsage.Read(usage, vendor);
        if (Has(usage, "inputTokens")) return ConverseUsage.Read(usage);
        if (Has(usage, "input_tokens")) return IsAnthropic(vendor, body, usage) ? AnthropicUsage.Read(usage) : ResponsesUsage.Read(usage);
        throw new UsageFormatException("usage", "none of the known counts of input is in it: input_tokens, prompt_tokens, inputTokens.");
    }

    /// <summary>Both shapes say input_tokens, but only one of them counts the cached ones in it.</summary>
    private static bool IsAnthropic(string vendor, JsonElement body, JsonElement usage)
    {
        if (Has(usage, "cache_read_input_tokens") || Has(usage, "cache_creation_input_tokens") || Has(usage, "cache_creation")) return true;
        if (Has(usage, "input_tokens_details") || Has(usage, "input_token_details")) return false;
        return UsageJson.Text(body, "type") == "message" || (UsageJson.Text(body, "object") != "response" && vendor is "anthropic" or "bedrock" or "vertex");
    }

    private static bool Has(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;
}
