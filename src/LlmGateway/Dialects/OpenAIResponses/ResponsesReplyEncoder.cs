using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects.OpenAI;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>Writes the body of a reply to <c>POST /responses</c>.</summary>
internal static class ResponsesReplyEncoder
{
    private const string Name = ResponsesDialect.DialectName;

    public static void Encode(LlmReply reply, IBufferWriter<byte> body, List<string> losses)
    {
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        Write(json, reply, losses);
    }

    /// <summary>The response object, as in the body and in the last event of a stream.</summary>
    public static void Write(Utf8JsonWriter json, LlmReply reply, List<string> losses)
    {
        var own = losses.Own(reply.Extensions, Name);
        OpenAIReplyEncoder.CheckStop(reply.StopSequence, losses);
        var (status, reason) = StatusOf(reply, losses);
        json.WriteStartObject();
        WriteHead(json, reply.Id, reply.Model, reply.CreatedAt, status, reason, reply.ServiceTier);
        json.WriteStartArray("output"u8);
        var logProbs = reply.LogProbs;
        for (var i = 0; i < reply.Parts.Count; i++)
        {
            if (!HasPlace(reply.Parts[i], losses)) continue;
            WriteItem(json, reply.Parts[i], IdOf(reply.Parts[i], reply.Id, i), losses, logProbs);
            if (reply.Parts[i] is TextPart) logProbs = []; // They are those of the whole text, and stand in its first part.
        }

        json.WriteEndArray();
        WriteUsage(json, reply.Usage, losses);
        WriteTail(json);
        json.WriteBag(own);
        json.WriteEndObject();
    }

    public static string IdOf(LlmPart part, string? replyId, int place) => $"{part switch { ToolCallPart => "fc", ThinkingPart => "rs", _ => "msg" }}_{replyId}_{place}";

    public static bool HasPlace(LlmPart part, List<string> losses)
    {
        if (part is ThinkingPart { Origin: not (null or ResponsesDialect.DialectName) } thinking)
        {
            if (thinking.Signature is not null || thinking.EncryptedContent is not null) losses.NoPlace($"{thinking.Origin}'s signature of thinking", Name);
            return thinking.Text.Length > 0;
        }

        if (part is TextPart or RefusalPart or ToolCallPart or ThinkingPart or RawPart { Dialect: ResponsesDialect.DialectName })
        {
            if (part is TextPart or ToolCallPart && part.Signature is not null && part.Origin != Name) losses.NoPlace($"{part.Origin ?? "another"}'s signature", Name);
            return true;
        }

        losses.NoPlace(part is RawPart raw ? $"{raw.Dialect}'s part of a reply" : $"a {part.GetType().Name} in a reply", Name);
        return false;
    }

    public static (string Status, string? Reason) StatusOf(LlmReply reply, List<string> losses)
        => ResponsesFinish.WordOf(reply.FinishReason, reply.VendorFinishReason, reply.Parts.Any(part => part is RefusalPart), losses);

    public static void WriteItem(Utf8JsonWriter json, LlmPart part, string id, List<string> losses, IReadOnlyList<TokenLogProb>? logProbs = null)
    {
        switch (part)
        {
            case ToolCallPart call:
                ResponsesItems.WriteCall(json, call, id, losses);
                break;
            case ThinkingPart thinking:
                ResponsesItems.WriteReasoning(json, thinking.Origin is null or Name ? thinking : new ThinkingPart(thinking.Text), id);
                break;
            case RawPart raw:
                json.WriteExact(raw.Json, "A raw part");
                break;
            default:
                ResponsesItems.WriteMessage(json, part, id, losses, logProbs);
                break;
        }
    }

    public static void WriteHead(Utf8JsonWriter json, string? id, string? model, DateTimeOffset? createdAt, string status, string? reason, string? tier)
    {
        json.WriteString("id"u8, id ?? "");
        json.WriteString("object"u8, "response"u8);
        json.WriteNumber("created_at"u8, (createdAt ?? DateTimeOffset.UnixEpoch).ToUnixTimeSeconds());
        json.WriteString("status"u8, status);
        json.WriteNull("error"u8);
        if (reason is null)
        {
            json.WriteNull("incomplete_details"u8);
        }
        else
        {
            json.WriteStartObject("incomplete_details"u8);
            json.WriteString("reason"u8, reason);
            json.WriteEndObject();
        }

        json.WriteString("model"u8, model ?? "");
        if (tier is not null) json.WriteString("service_tier"u8, tier);
    }

    /// <summary>Members that clients expect in every response.</summary>
    public static void WriteTail(Utf8JsonWriter json)
    {
        json.WriteBoolean("parallel_tool_calls"u8, true);
        json.WriteString("tool_choice"u8, "auto"u8);
        json.WriteStartArray("tools"u8);
        json.WriteEndArray();
        json.WriteStartObject("metadata"u8);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, TokenUsage? usage, List<string> losses)
    {
        if (usage is null)
        {
            json.WriteNull("usage"u8);
            return;
        }

        if (usage.CacheWrite1hTokens > 0) losses.NoPlace("cache writes of 1 hour, apart from the others,", Name);
        if (usage.AudioInputTokens + usage.AudioOutputTokens > 0) losses.NoPlace("counts of audio tokens", Name);
        if (usage.ImageInputTokens + usage.ImageOutputTokens > 0) losses.NoPlace("counts of image tokens", Name);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, usage.InputTokens);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CacheReadTokens);
        if (usage.CacheWriteTokens > 0) json.WriteNumber("cache_write_tokens"u8, usage.CacheWriteTokens);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.OutputTokens);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        json.WriteEndObject();
    }
}
