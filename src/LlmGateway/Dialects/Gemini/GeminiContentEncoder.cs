using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Writes the conversation of a request: the system instruction, and contents whose roles alternate.</summary>
internal static class GeminiContentEncoder
{
    private const string Name = GeminiDialect.DialectName;

    public static void WriteSystem(Utf8JsonWriter json, IReadOnlyList<LlmMessage> messages, List<string> losses)
    {
        var parts = new List<LlmPart>();
        var hasTurns = false;
        foreach (var message in messages)
        {
            if (message.Role is not (LlmRole.System or LlmRole.Developer))
            {
                hasTurns = true;
                continue;
            }

            losses.Own(message.Extensions, Name, "messages[]");
            if (hasTurns && message.Parts.Count > 0) losses.Once($"A system message that stood later in the conversation was moved to its beginning: the {Name} dialect's systemInstruction has no other place.");
            parts.AddRange(message.Parts.Where(part => part is not TextPart { Text: "" }));
        }

        if (parts.Count == 0) return;
        json.WriteStartObject("systemInstruction"u8);
        json.WriteStartArray("parts"u8);
        foreach (var part in parts) GeminiPartEncoder.Write(json, part, null, losses);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteContents(Utf8JsonWriter json, IReadOnlyList<LlmMessage> messages, List<string> losses)
    {
        var names = new Dictionary<string, string>();
        string? open = null;
        json.WriteStartArray("contents"u8);
        foreach (var message in messages)
        {
            if (message.Role is LlmRole.System or LlmRole.Developer) continue;
            if (message.Name is not null) losses.NoPlace("name of a message", Name);
            losses.Own(message.Extensions, Name, "messages[]");
            foreach (var part in message.Parts)
            {
                if (part is ToolCallPart call) names[call.Id] = call.Name;
                if (part is TextPart { Text: "", Signature: null } || !GeminiPartEncoder.HasPlace(part, losses)) continue;
                var role = message.Role == LlmRole.Assistant ? "model" : "user";
                if (open != role)
                {
                    if (open is not null) Close(json);
                    json.WriteStartObject();
                    json.WriteString("role"u8, role);
                    json.WriteStartArray("parts"u8);
                    open = role;
                }

                GeminiPartEncoder.Write(json, part, names, losses);
            }
        }

        if (open is null) throw new DialectException(ProviderErrorKind.InvalidRequest, "The conversation has no user message with anything in it: add one.");
        Close(json);
        json.WriteEndArray();
    }

    private static void Close(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
