using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Writes the body of a reply to <c>POST /model/{modelId}/converse</c>.</summary>
internal static class BedrockReplyEncoder
{
    private const string Name = BedrockDialect.DialectName;

    public static void Encode(LlmReply reply, IBufferWriter<byte> body, List<string> losses)
    {
        var own = losses.Own(reply.Extensions, Name);
        Check(reply.Id, reply.Model, reply.CreatedAt, reply.ReportedCostUsd, own, losses);
        CheckLogProbs(reply.LogProbs.Count > 0, losses);
        BedrockUsage.Check(reply.Usage, losses);
        var blocks = new BedrockBlockEncoder(losses);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteStartObject("output"u8);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
        foreach (var part in reply.Parts)
        {
            if (HasPlace(part, losses) && Own(part, losses) is not ThinkingPart { Text: "", Signature: null, EncryptedContent: null }) blocks.Write(json, Own(part, losses));
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("stopReason"u8, BedrockFinish.WordOf(reply.FinishReason, reply.VendorFinishReason, reply.StopSequence, losses));
        BedrockUsage.Write(json, reply.Usage);
        if (own?.Members.ContainsKey("metrics") != true) WriteMetrics(json);
        WriteStopSequence(json, reply.StopSequence, own, losses);
        var tier = BedrockTier.OfReply(reply.ServiceTier, losses);
        if (tier is not null) BedrockTier.Write(json, tier);
        json.WriteBag(own, member => member is "output" or "stopReason" or "usage" || (member == "serviceTier" && tier is not null));
        json.WriteEndObject();
    }

    /// <summary>A reply of Converse names neither itself nor its model.</summary>
    public static void Check(string? id, string? model, DateTimeOffset? createdAt, decimal? cost, LlmExtensions? own, List<string> losses)
    {
        if (!string.IsNullOrEmpty(id)) losses.NoPlace("id", Name);
        if (!string.IsNullOrEmpty(model) && own?.Members.ContainsKey("trace") != true) losses.NoPlace("model", Name);
        if (createdAt is not null) losses.NoPlace("created", Name);
        if (cost is not null) losses.NoPlace("reported cost", Name);
    }

    public static void CheckLogProbs(bool hasLogProbs, List<string> losses)
    {
        if (hasLogProbs) losses.NoPlace("logprobs", Name);
    }

    /// <summary>How long it took is required; nobody has measured it here.</summary>
    public static void WriteMetrics(Utf8JsonWriter json)
    {
        json.WriteStartObject("metrics"u8);
        json.WriteNumber("latencyMs"u8, 0);
        json.WriteEndObject();
    }

    /// <summary>Where a client finds it that asked for <c>/stop_sequence</c> among the additional fields.</summary>
    public static void WriteStopSequence(Utf8JsonWriter json, string? stopSequence, LlmExtensions? own, List<string> losses)
    {
        if (stopSequence is null) return;
        if (own?.Members.ContainsKey("additionalModelResponseFields") == true)
        {
            losses.NoPlace("stop_sequence beside other additional fields", Name);
            return;
        }

        json.WriteStartObject("additionalModelResponseFields"u8);
        json.WriteString("stop_sequence"u8, stopSequence);
        json.WriteEndObject();
    }

    public static bool HasPlace(LlmPart part, List<string> losses)
    {
        if (part is TextPart or RefusalPart or ToolCallPart or ThinkingPart or ImagePart or RawPart { Dialect: Name }) return true;
        losses.NoPlace(part is RawPart raw ? $"{raw.Dialect}'s part of a reply" : $"a {part.GetType().Name} in a reply", Name);
        return false;
    }

    /// <summary>
    /// A foreign thought is shown, but its signature, which no request could use here, is not passed off as Bedrock's; and
    /// a foreign citation is said in Converse's form.
    /// </summary>
    public static LlmPart Own(LlmPart part, List<string> losses)
    {
        switch (part)
        {
            case ThinkingPart { Origin: not null and not Name } thinking:
                if (thinking.Signature is not null || thinking.EncryptedContent is not null) losses.NoPlace($"{thinking.Origin}'s signature of thinking", Name);
                return thinking with { Signature = null, EncryptedContent = null, Origin = null };
            case TextPart { Citations.Count: > 0 } text:
                return text with { Citations = [.. text.Citations.Select(citation => BedrockCitation.Own(citation, losses))] };
            default:
                return part;
        }
    }
}
