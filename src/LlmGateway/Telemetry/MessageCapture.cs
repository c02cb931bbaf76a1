using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Telemetry;

/// <summary>
/// Puts prompt and answer on a span, in the JSON form of the conventions. Only where
/// <see cref="GatewayConfig.CaptureMessageContent"/> says so.
/// </summary>
internal static class MessageCapture
{
    public static void Prompt(Activity? span, LlmRequest request)
    {
        if (span is not { IsAllDataRequested: true }) return;
        span.SetTag(TelemetryNames.InputMessages, Write(json =>
        {
            foreach (var message in request.Messages)
            {
                if (message.Role is not (LlmRole.System or LlmRole.Developer)) WriteMessage(json, message.Role.ToString().ToLowerInvariant(), message.Parts, null);
            }
        }));
        var system = request.Messages.Where(m => m.Role is LlmRole.System or LlmRole.Developer).ToList();
        if (system.Count == 0) return;
        span.SetTag(TelemetryNames.SystemInstructions, Write(json =>
        {
            foreach (var message in system) WriteParts(json, message.Parts);
        }));
    }

    public static void Answer(Activity? span, LlmReply? reply)
    {
        if (span is not { IsAllDataRequested: true } || reply is null) return;
        span.SetTag(TelemetryNames.OutputMessages, Write(json => WriteMessage(json, "assistant", reply.Parts, reply.VendorFinishReason ?? CallTelemetry.Word(reply.FinishReason))));
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            write(json);
            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, IReadOnlyList<LlmPart> parts, string? finishReason)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, role);
        json.WriteStartArray("parts"u8);
        WriteParts(json, parts);
        json.WriteEndArray();
        if (finishReason is not null) json.WriteString("finish_reason"u8, finishReason);
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, IReadOnlyList<LlmPart> parts)
    {
        foreach (var part in parts)
        {
            json.WriteStartObject();
            switch (part)
            {
                case TextPart text:
                    json.WriteString("type"u8, "text"u8);
                    json.WriteString("content"u8, text.Text);
                    break;
                case ThinkingPart thinking:
                    json.WriteString("type"u8, "reasoning"u8);
                    json.WriteString("content"u8, thinking.Text);
                    break;
                case ToolCallPart call:
                    json.WriteString("type"u8, "tool_call"u8);
                    json.WriteString("id"u8, call.Id);
                    json.WriteString("name"u8, call.Name);
                    json.WritePropertyName("arguments"u8);
                    WriteArguments(json, call.ArgumentsJson);
                    break;
                case ToolResultPart result:
                    json.WriteString("type"u8, "tool_call_response"u8);
                    json.WriteString("id"u8, result.CallId);
                    json.WriteString("response"u8, result.Content);
                    break;
                default:
                    json.WriteString("type"u8, "other"u8);
                    break;
            }

            json.WriteEndObject();
        }
    }

    /// <summary>As the JSON that they are; as text where the model wrote something else.</summary>
    private static void WriteArguments(Utf8JsonWriter json, string arguments)
    {
        try
        {
            using var parsed = JsonDocument.Parse(arguments);
            parsed.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(arguments);
        }
    }
}
