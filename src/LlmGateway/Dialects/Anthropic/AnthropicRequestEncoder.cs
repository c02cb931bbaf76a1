using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Writes the body of <c>POST /v1/messages</c>.</summary>
internal static class AnthropicRequestEncoder
{
    public static void Encode(LlmRequest request, IBufferWriter<byte> body, List<string> losses)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        json.WriteNumber("max_tokens"u8, request.MaxTokens ?? throw new DialectException(ProviderErrorKind.InvalidRequest, "The Messages API requires max_tokens: set LLM_MAX_TOKENS."));
        if (request.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        WriteSystem(json, request.Messages, losses);
        WriteMessages(json, request.Messages, losses);
        WriteTools(json, request);
        if (request.OutputSchema is { Mode: OutputMode.Native } output)
        {
            json.WriteStartObject("output_config"u8);
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WritePropertyName("schema"u8);
            AnthropicSchema.Write(json, output);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>All system messages go to the one place the API has for them, each as a block of its own.</summary>
    private static void WriteSystem(Utf8JsonWriter json, IReadOnlyList<LlmMessage> messages, List<string> losses)
    {
        var isOpen = false;
        var hasTurns = false;
        foreach (var message in messages)
        {
            if (message.Role != LlmRole.System)
            {
                hasTurns = true;
                continue;
            }

            if (string.IsNullOrWhiteSpace(message.Content)) continue;
            if (hasTurns) losses.Add("A system message that stood later in the conversation was moved to its beginning: the Messages API's system field has no other place.");
            if (!isOpen)
            {
                json.WriteStartArray("system"u8);
                isOpen = true;
            }

            WriteText(json, message.Content);
        }

        if (isOpen) json.WriteEndArray();
    }

    /// <summary>
    /// Neighbours that become the same role on the wire are joined into one turn: the API wants turns to alternate, and
    /// all results of one turn's tool calls in one turn.
    /// </summary>
    private static void WriteMessages(Utf8JsonWriter json, IReadOnlyList<LlmMessage> messages, List<string> losses)
    {
        json.WriteStartArray("messages"u8);
        bool? openIsAssistant = null;
        foreach (var message in messages)
        {
            if (message.Role == LlmRole.System) continue;
            foreach (var part in message.Parts)
            {
                if (part is TextPart { Text: var text } && string.IsNullOrWhiteSpace(text)) continue; // The API refuses blank text blocks.
                if (!HasPlace(part))
                {
                    losses.Add($"A {part.GetType().Name} was left out: the Messages API has no place for it.");
                    continue;
                }

                var isAssistant = message.Role == LlmRole.Assistant;
                if (openIsAssistant != isAssistant)
                {
                    if (openIsAssistant is not null) EndTurn(json);
                    json.WriteStartObject();
                    json.WriteString("role"u8, isAssistant ? "assistant"u8 : "user"u8);
                    json.WriteStartArray("content"u8);
                    openIsAssistant = isAssistant;
                }

                WritePart(json, part);
            }
        }

        if (openIsAssistant is null) throw new DialectException(ProviderErrorKind.InvalidRequest, "The conversation has no user message with text in it: add one.");
        EndTurn(json);
        json.WriteEndArray();
    }

    private static void EndTurn(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Asked before a turn is opened for it: the API refuses a turn without content.</summary>
    private static bool HasPlace(LlmPart part)
        => part is TextPart or ToolCallPart or ToolResultPart or ThinkingPart { Signature: not null } or RawPart { Dialect: "anthropic" };

    private static void WritePart(Utf8JsonWriter json, LlmPart part)
    {
        switch (part)
        {
            case TextPart text:
                WriteText(json, text.Text);
                break;
            case ThinkingPart { Signature: { } signature } thinking:
                json.WriteStartObject();
                json.WriteString("type"u8, "thinking"u8);
                json.WriteString("thinking"u8, thinking.Text);
                json.WriteString("signature"u8, signature);
                json.WriteEndObject();
                break;
            case ToolCallPart call:
                json.WriteStartObject();
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, call.Id);
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                WriteJson(json, call.ArgumentsJson, $"The arguments of the call of tool '{call.Name}'");
                json.WriteEndObject();
                break;
            case ToolResultPart result:
                json.WriteStartObject();
                json.WriteString("type"u8, "tool_result"u8);
                json.WriteString("tool_use_id"u8, result.CallId);
                json.WriteString("content"u8, result.Content);
                if (result.IsError) json.WriteBoolean("is_error"u8, true);
                json.WriteEndObject();
                break;
            case RawPart { Dialect: "anthropic" } raw:
                WriteJson(json, raw.Json, "A raw part");
                break;
        }
    }

    private static void WriteJson(Utf8JsonWriter json, string text, string what)
    {
        try
        {
            json.WriteRawValue(text);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, $"{what} cannot be sent: it is not JSON.", innerException: e);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    private static void WriteTools(Utf8JsonWriter json, LlmRequest request)
    {
        if (request.Tools.Count == 0) return;
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tool.Name);
            if (tool.Description is { } description) json.WriteString("description"u8, description);
            json.WritePropertyName("input_schema"u8);
            tool.Parameters.WriteTo(json);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (request.ToolChoice is not { } choice) return;

        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, choice.Mode switch
        {
            LlmToolChoiceMode.None => "none"u8,
            LlmToolChoiceMode.Required => "any"u8,
            LlmToolChoiceMode.Named => "tool"u8,
            _ => "auto"u8,
        });
        if (choice is { Mode: LlmToolChoiceMode.Named, ToolName: { } name })
        {
            json.WriteString("name"u8, name);
            json.WriteBoolean("disable_parallel_tool_use"u8, true);
        }

        json.WriteEndObject();
    }
}
