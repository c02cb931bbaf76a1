using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Writes content blocks: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html.</summary>
internal sealed class BedrockBlockEncoder(List<string> losses)
{
    private const string Name = BedrockDialect.DialectName;

    private readonly BedrockMediaEncoder _media = new(losses);

    /// <summary>Writes a part, and the cache point behind it where it carries a mark.</summary>
    public void Write(Utf8JsonWriter json, LlmPart part)
    {
        WriteOne(json, part);
        if (part.Cache is { } mark) WriteCache(json, mark);
    }

    public static void WriteCache(Utf8JsonWriter json, CacheMark mark)
    {
        json.WriteStartObject();
        json.WriteStartObject("cachePoint"u8);
        json.WriteString("type"u8, "default"u8);
        if (mark.Lifetime is { } lifetime) json.WriteString("ttl"u8, lifetime);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteOne(Utf8JsonWriter json, LlmPart part)
    {
        if (part is not ThinkingPart && part.Signature is not null) losses.NoPlace($"{part.Origin ?? "another"}'s signature", Name);
        switch (part)
        {
            case RawPart raw:
                json.WriteExact(raw.Json, "A raw part");
                break;
            case TextPart text:
                losses.Own(text.Extensions, Name, "content[]");
                WriteText(json, text);
                break;
            case RefusalPart refusal:
                losses.Once($"a refusal was written as text: the {Name} dialect has no part for it.");
                losses.Own(refusal.Extensions, Name, "content[]");
                json.WriteStartObject();
                json.WriteString("text"u8, refusal.Text);
                json.WriteEndObject();
                break;
            case ThinkingPart thinking:
                WriteThinking(json, thinking);
                break;
            case ToolCallPart call:
                json.WriteStartObject();
                json.WriteStartObject("toolUse"u8);
                json.WriteString("toolUseId"u8, BedrockToolId.Of(call.Id));
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                json.WriteExact(call.ArgumentsJson.Length == 0 ? "{}" : call.ArgumentsJson, $"The arguments of the call of tool '{call.Name}'");
                json.WriteBag(losses.Own(call.Extensions, Name, "content[].toolUse"), static member => member is "toolUseId" or "name" or "input");
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ToolResultPart result:
                WriteResult(json, result);
                break;
            default:
                _media.Write(json, part);
                break;
        }
    }

    private void WriteText(Utf8JsonWriter json, TextPart text)
    {
        var own = text.Citations.Where(citation => citation.Raw?.Dialect == Name).ToList();
        if (own.Count < text.Citations.Count) losses.NoPlace("citations of another vendor's form", Name);
        json.WriteStartObject();
        if (own.Count == 0)
        {
            json.WriteString("text"u8, text.Text);
        }
        else
        {
            WriteCited(json, text.Text, own);
        }

        json.WriteEndObject();
    }

    public static void WriteCited(Utf8JsonWriter json, string text, IReadOnlyList<Citation> citations)
    {
        json.WriteStartObject("citationsContent"u8);
        json.WriteStartArray("content"u8);
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("citations"u8);
        foreach (var citation in citations) json.WriteExact(citation.Raw!.Json, "A citation");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteThinking(Utf8JsonWriter json, ThinkingPart thinking)
    {
        var own = losses.Own(thinking.Extensions, Name, "content[].reasoningContent");
        if (thinking.EncryptedContent is not { } encrypted || thinking.Text.Length > 0 || thinking.Signature is not null)
        {
            json.WriteStartObject();
            json.WriteStartObject("reasoningContent"u8);
            json.WriteStartObject("reasoningText"u8);
            json.WriteString("text"u8, thinking.Text);
            if (thinking.Signature is { } signature) json.WriteString("signature"u8, signature);
            json.WriteBag(own, static member => member is "text" or "signature");
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            if (thinking.EncryptedContent is null) return;
            encrypted = thinking.EncryptedContent;
        }

        json.WriteStartObject();
        json.WriteStartObject("reasoningContent"u8);
        json.WriteString("redactedContent"u8, encrypted);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteResult(Utf8JsonWriter json, ToolResultPart result)
    {
        json.WriteStartObject();
        json.WriteStartObject("toolResult"u8);
        json.WriteString("toolUseId"u8, BedrockToolId.Of(result.CallId));
        json.WriteStartArray("content"u8);
        foreach (var part in result.Parts) WriteResultPiece(json, part);
        json.WriteEndArray();

        // Success is what a model takes a result for that says nothing, and some models do not take the word.
        if (result.IsError) json.WriteString("status"u8, "error"u8);
        json.WriteBag(losses.Own(result.Extensions, Name, "content[].toolResult"), member => member is "toolUseId" or "content" || (member == "status" && result.IsError));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteResultPiece(Utf8JsonWriter json, LlmPart part)
    {
        if (part is TextPart { Text: var empty } && string.IsNullOrWhiteSpace(empty)) return;
        if (part.Cache is not null) losses.NoPlace("cache mark in a tool result", Name);
        switch (part)
        {
            case TextPart { Extensions: { Dialect: Name } mark } text when mark.Members.ContainsKey(BedrockBlockDecoder.JsonMark):
                json.WriteStartObject();
                json.WritePropertyName("json"u8);
                json.WriteExact(text.Text, "A tool result");
                json.WriteEndObject();
                break;
            case TextPart { Citations.Count: > 0 } text:
                losses.NoPlace("citations in a tool result", Name);
                WriteOne(json, text with { Citations = [] });
                break;
            case TextPart or ImagePart or DocumentPart or VideoPart or RawPart { Dialect: Name }:
                WriteOne(json, part);
                break;
            default:
                losses.NoPlace($"a {part.GetType().Name} in a tool result", Name);
                break;
        }
    }
}
