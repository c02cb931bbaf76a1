using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Writes the body of a reply of generateContent.</summary>
internal static class GeminiReplyEncoder
{
    private const string Name = GeminiDialect.DialectName;

    public static void Encode(LlmReply reply, IBufferWriter<byte> body, List<string> losses)
    {
        var own = losses.Own(reply.Extensions, Name);
        CheckHeader(reply.StopSequence, reply.ServiceTier, reply.CreatedAt, losses);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        if (!IsBlocked(own, reply.FinishReason, reply.Parts.Count)) WriteCandidate(json, reply, own, losses);
        if (reply.Usage is { } usage) WriteUsage(json, usage, own, losses);
        if (reply.Model is { } model) json.WriteString("modelVersion"u8, model);
        if (reply.Id is { } id) json.WriteString("responseId"u8, id);
        json.WriteBag(own, static name => name is GeminiReplyDecoder.OfCandidate or GeminiReplyDecoder.OfUsage);
        json.WriteEndObject();
    }

    /// <summary>A blocked prompt has no candidates: the feedback, which stands in the bag, says why.</summary>
    public static bool IsBlocked(LlmExtensions? own, FinishReason reason, int parts) => parts == 0 && reason == FinishReason.ContentFilter && own?.Members.ContainsKey("promptFeedback") == true;

    private static void WriteCandidate(Utf8JsonWriter json, LlmReply reply, LlmExtensions? own, List<string> losses)
    {
        json.WriteStartArray("candidates"u8);
        json.WriteStartObject();
        json.WriteStartObject("content"u8);
        json.WriteStartArray("parts"u8);
        foreach (var part in reply.Parts) WritePart(json, part, losses);
        json.WriteEndArray();
        json.WriteString("role"u8, "model"u8);
        json.WriteEndObject();
        json.WriteString("finishReason"u8, GeminiFinish.WordOf(reply.FinishReason, reply.VendorFinishReason, losses));
        json.WriteNumber("index"u8, 0);
        WriteCitations(json, [.. reply.Parts.OfType<TextPart>().SelectMany(text => text.Citations)], losses);
        GeminiLogProbs.Write(json, reply.LogProbs);
        BagObject.WriteMembers(json, own, GeminiReplyDecoder.OfCandidate);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void CheckHeader(string? stopSequence, string? tier, DateTimeOffset? createdAt, List<string> losses)
    {
        if (stopSequence is not null) losses.NoPlace("the stop sequence that was met", Name);
        if (tier is not null and not ("standard" or "default")) losses.NoPlace($"service_tier '{tier}'", Name);
        if (createdAt is not null) losses.NoPlace("created", Name);
    }

    /// <summary>A foreign thought is shown; its signature is not passed off as Google's.</summary>
    public static void WritePart(Utf8JsonWriter json, LlmPart part, List<string> losses)
    {
        switch (part)
        {
            case RawPart { Dialect: not Name } raw:
                losses.NoPlace($"{raw.Dialect}'s part of a reply", Name);
                return;
            case ThinkingPart { Text: "", Signature: null }:
                losses.NoPlace("encrypted thinking", Name);
                return;
            case ThinkingPart thinking when thinking.Origin is not (null or Name):
                if (thinking.Signature is not null || thinking.EncryptedContent is not null) losses.NoPlace($"{thinking.Origin}'s signature of thinking", Name);
                if (thinking.Text.Length == 0) return;
                part = thinking with { Signature = null, EncryptedContent = null, Origin = null };
                break;
            case TextPart { Citations.Count: > 0 } text:
                part = text with { Citations = [] }; // They stand beside the parts.
                break;
        }

        GeminiPartEncoder.Write(json, part, null, losses);
    }

    public static void WriteCitations(Utf8JsonWriter json, List<Citation> citations, List<string> losses)
    {
        if (citations.Count == 0) return;
        json.WriteStartObject("citationMetadata"u8);
        json.WriteStartArray("citationSources"u8);
        foreach (var citation in citations)
        {
            if (citation.Raw is { Dialect: Name } raw)
            {
                json.WriteExact(raw.Json, "A citation");
                continue;
            }

            if (citation.CitedText is not null) losses.NoPlace("cited text of a citation", Name);
            if (citation.Title is not null) losses.NoPlace("title of a citation", Name);
            json.WriteStartObject();
            if (citation.StartIndex is { } start) json.WriteNumber("startIndex"u8, start);
            if (citation.EndIndex is { } end) json.WriteNumber("endIndex"u8, end);
            if (citation.Url is { } url) json.WriteString("uri"u8, url);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteUsage(Utf8JsonWriter json, TokenUsage usage, LlmExtensions? own, List<string> losses)
    {
        if (usage.CacheWriteTokens > 0) losses.NoPlace("cache writes, apart from other input,", Name);
        json.WriteStartObject("usageMetadata"u8);
        json.WriteNumber("promptTokenCount"u8, usage.InputTokens);
        if (usage.CacheReadTokens > 0) json.WriteNumber("cachedContentTokenCount"u8, usage.CacheReadTokens);
        json.WriteNumber("candidatesTokenCount"u8, usage.OutputTokens - usage.ReasoningTokens);
        if (usage.ReasoningTokens > 0) json.WriteNumber("thoughtsTokenCount"u8, usage.ReasoningTokens);
        json.WriteNumber("totalTokenCount"u8, usage.TotalTokens);
        using var rest = BagObject.Open(own, GeminiReplyDecoder.OfUsage);
        WriteModalities(json, "promptTokensDetails", usage.AudioInputTokens, usage.ImageInputTokens, rest);
        WriteModalities(json, "candidatesTokensDetails", usage.AudioOutputTokens, usage.ImageOutputTokens, rest);
        if (rest is not null) BagObject.WriteRest(json, rest.RootElement);
        json.WriteEndObject();
    }

    /// <summary>Of the modalities the middle counts sound and images; the bag may say them all.</summary>
    private static void WriteModalities(Utf8JsonWriter json, string name, long audio, long images, JsonDocument? rest)
    {
        if (audio + images == 0 || rest?.RootElement.TryGetProperty(name, out _) == true) return;
        json.WriteStartArray(name);
        Write("AUDIO"u8, audio);
        Write("IMAGE"u8, images);
        json.WriteEndArray();

        void Write(ReadOnlySpan<byte> modality, long tokens)
        {
            if (tokens == 0) return;
            json.WriteStartObject();
            json.WriteString("modality"u8, modality);
            json.WriteNumber("tokenCount"u8, tokens);
            json.WriteEndObject();
        }
    }
}
