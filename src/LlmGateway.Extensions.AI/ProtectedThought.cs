using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmGateway.ExtensionsAI;

/// <summary>
/// What a thought carries beside its text, as the one opaque string that <c>TextReasoningContent.ProtectedData</c> is: whose it
/// is, its signature, its encrypted content, and its bag. A string of another origin is taken for a signature.
/// </summary>
internal static class ProtectedThought
{
    private const string Mark = "llm-gateway:";

    public static string? Write(string? signature, string? encrypted, string? origin, LlmExtensions? extensions)
    {
        if (signature is null && encrypted is null && extensions is null) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (origin is not null) json.WriteString("origin", origin);
            if (signature is not null) json.WriteString("signature", signature);
            if (encrypted is not null) json.WriteString("encrypted", encrypted);
            if (extensions is not null)
            {
                json.WriteString("dialect", extensions.Dialect);
                json.WriteStartObject("extensions");
                foreach (var (name, value) in extensions.Members) json.WriteString(name, value);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Mark + Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static ThinkingPart Read(string text, string? data)
    {
        if (data is null || !data.StartsWith(Mark, StringComparison.Ordinal)) return new ThinkingPart(text, data);
        try
        {
            using var document = JsonDocument.Parse(data.AsMemory(Mark.Length));
            var root = document.RootElement;
            return new ThinkingPart(text, Text("signature"))
            {
                EncryptedContent = Text("encrypted"),
                Origin = Text("origin"),
                Extensions = root.TryGetProperty("extensions", out var members) ? new LlmExtensions(Text("dialect") ?? "", members.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value.GetString()!))) : null,
            };

            string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new ThinkingPart(text, data);
        }
    }
}
