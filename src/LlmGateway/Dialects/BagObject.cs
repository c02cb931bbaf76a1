using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Dialects;

/// <summary>Members of an object inside another, kept under one name in the outer one's bag.</summary>
internal static class BagObject
{
    public static string ToObject(IEnumerable<KeyValuePair<string, string>> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWrite.Options))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                json.WritePropertyName(name);
                json.WriteExact(value, name);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes the members of such an object into the open one.</summary>
    public static void WriteMembers(Utf8JsonWriter json, LlmExtensions? own, string name)
    {
        if (own is null || !own.Members.TryGetValue(name, out var text)) return;
        using var document = JsonDocument.Parse(text);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            json.WritePropertyName(member.Name);
            json.WriteExact(member.Value.GetRawText(), member.Name);
        }
    }
}
