using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Writes the body of a reply to <c>POST /v1/messages</c>.</summary>
internal static class AnthropicReplyEncoder
{
    private const string Name = AnthropicDialect.DialectName;

    public static void Encode(LlmReply reply, IBufferWriter<byte> body, List<string> losses)
    {
        var own = losses.Own(reply.Extensions, Name);
        Check(reply.LogProbs.Count > 0, losses);
        AnthropicUsageWriter.Check(reply.Usage, losses);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("id"u8, reply.Id ?? "");
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, reply.Model ?? "");
        json.WriteStartArray("content"u8);
        foreach (var part in reply.Parts)
        {
            if (HasPlace(part, losses)) AnthropicBlockEncoder.Write(json, Own(part, losses), losses);
        }

        json.WriteEndArray();
        json.WriteString("stop_reason"u8, AnthropicFinish.WordOf(reply.FinishReason, reply.VendorFinishReason, reply.StopSequence, losses));
        json.WriteString("stop_sequence"u8, reply.StopSequence);
        AnthropicUsageWriter.Write(json, reply.Usage, TierOf(reply.ServiceTier, losses), own);
        json.WriteBag(own, static name => name == AnthropicReplyDecoder.OfUsage);
        json.WriteEndObject();
    }

    public static void Check(bool hasLogProbs, List<string> losses)
    {
        if (hasLogProbs) losses.NoPlace("logprobs", Name);
    }

    /// <summary>https://platform.claude.com/docs/en/api/service-tiers: standard, priority, batch.</summary>
    public static string? TierOf(string? tier, List<string> losses)
    {
        if (tier is null or "standard" or "priority" or "batch") return tier;
        if (tier is "default" or "auto") return "standard";
        losses.NoPlace($"service_tier '{tier}'", Name);
        return null;
    }

    public static bool HasPlace(LlmPart part, List<string> losses)
    {
        if (part is TextPart or RefusalPart or ToolCallPart or ThinkingPart or RawPart { Dialect: Name }) return true;
        losses.NoPlace(part is RawPart raw ? $"{raw.Dialect}'s part of a reply" : $"a {part.GetType().Name} in a reply", Name);
        return false;
    }

    /// <summary>A foreign thought is shown, but its signature, which no request could use here, is not passed off as Anthropic's.</summary>
    public static LlmPart Own(LlmPart part, List<string> losses)
    {
        if (part is not ThinkingPart { Origin: not null and not Name } thinking) return part;
        if (thinking.Signature is not null || thinking.EncryptedContent is not null) losses.NoPlace($"{thinking.Origin}'s signature of thinking", Name);
        return thinking with { Signature = null, EncryptedContent = null, Origin = null };
    }
}
