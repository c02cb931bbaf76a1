using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Writes the body of a reply to <c>POST /chat/completions</c>.</summary>
internal static class OpenAIReplyEncoder
{
    private const string Name = OpenAIDialect.DialectName;

    public static void Encode(LlmReply reply, IBufferWriter<byte> body, List<string> losses)
    {
        var own = losses.Own(reply.Extensions, Name);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("id"u8, reply.Id ?? "");
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, (reply.CreatedAt ?? DateTimeOffset.UnixEpoch).ToUnixTimeSeconds());
        json.WriteString("model"u8, reply.Model ?? "");
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        WriteMessage(json, reply, own, losses);
        if (reply.LogProbs.Count > 0) OpenAILogProbs.Write(json, reply.LogProbs);
        else json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, OpenAIFinish.WordOf(reply.FinishReason, reply.VendorFinishReason, reply.Parts.Any(part => part is RefusalPart), losses));
        BagObject.WriteMembers(json, own, OpenAIReplyDecoder.OfChoice);
        json.WriteEndObject();
        json.WriteEndArray();
        if (reply.Usage is { } usage)
        {
            OpenAIUsage.Check(usage, losses);
            OpenAIUsage.Write(json, usage);
        }

        CheckStop(reply.StopSequence, losses);
        if (reply.ServiceTier is { } tier) json.WriteString("service_tier"u8, tier);
        json.WriteBag(own, name => name is OpenAIReplyDecoder.OfChoice or OpenAIReplyDecoder.OfMessage);
        json.WriteEndObject();
    }

    internal static void CheckStop(string? stopSequence, List<string> losses)
    {
        if (stopSequence is not null) losses.NoPlace("the stop sequence that was met", Name);
    }

    private static void WriteMessage(Utf8JsonWriter json, LlmReply reply, LlmExtensions? own, List<string> losses)
    {
        var citations = new List<Citation>();
        var text = new List<string>();
        var calls = new List<LlmPart>();
        string? refusal = null;
        string? thought = null;
        LlmExtensions? details = null;
        foreach (var part in reply.Parts)
        {
            switch (part)
            {
                case TextPart said:
                    text.Add(said.Text);
                    citations.AddRange(said.Citations);
                    if (said.Signature is not null) losses.NoPlace($"{said.Origin}'s signature of a text", Name);
                    break;
                case RefusalPart refused:
                    refusal += refused.Text;
                    break;
                case ToolCallPart call:
                    calls.Add(call);
                    break;
                case ThinkingPart thinking:
                    if (CheckThinking(thinking, losses)) thought += thinking.Text;
                    details ??= thinking.Extensions?.Dialect == Name ? thinking.Extensions : null;
                    break;
                case RawPart when OpenAIMessageEncoder.CustomCallId(part) is not null:
                    calls.Add(part);
                    break;
                case RawPart raw:
                    losses.NoPlace(raw.Dialect == Name ? "a part of a kind that replies do not have" : $"{raw.Dialect}'s part of a reply", Name);
                    break;
                default:
                    losses.NoPlace($"a {part.GetType().Name} in a reply", Name);
                    break;
            }
        }

        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        if (text.Count > 0) json.WriteString("content"u8, string.Concat(text));
        else json.WriteNull("content"u8);
        json.WriteString("refusal"u8, refusal);
        if (thought is not null) json.WriteString("reasoning_content"u8, thought);
        json.WriteBag(details);
        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in calls) OpenAIMessageEncoder.WriteCall(json, call, losses);
            json.WriteEndArray();
        }

        if (citations.Count > 0) WriteAnnotations(json, citations, losses);
        BagObject.WriteMembers(json, own, OpenAIReplyDecoder.OfMessage);
        json.WriteEndObject();
    }

    /// <returns>Whether the thought has text to show. Its signature has no place: the caller cannot send it back.</returns>
    internal static bool CheckThinking(ThinkingPart thinking, List<string> losses)
    {
        if (thinking.Signature is not null || thinking.EncryptedContent is not null) losses.NoPlace($"{thinking.Origin ?? "another"}'s signature of thinking", Name);
        return thinking.Text.Length > 0;
    }

    private static void WriteAnnotations(Utf8JsonWriter json, List<Citation> citations, List<string> losses)
    {
        json.WriteStartArray("annotations"u8);
        foreach (var citation in citations) WriteAnnotation(json, citation, losses);
        json.WriteEndArray();
    }

    internal static void WriteAnnotation(Utf8JsonWriter json, Citation citation, List<string> losses)
    {
        if (citation.Raw is { Dialect: OpenAIDialect.DialectName } raw)
        {
            json.WriteExact(raw.Json, "An annotation");
            return;
        }

        if (citation.Raw is { } other) losses.NoPlace($"details of {other.Dialect}'s citations", Name);
        else if (citation.CitedText is not null) losses.NoPlace("cited text of a citation", Name);
        json.WriteStartObject();
        json.WriteString("type"u8, "url_citation"u8);
        json.WriteStartObject("url_citation"u8);
        json.WriteNumber("start_index"u8, citation.StartIndex ?? 0);
        json.WriteNumber("end_index"u8, citation.EndIndex ?? 0);
        json.WriteString("title"u8, citation.Title ?? "");
        json.WriteString("url"u8, citation.Url ?? "");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
