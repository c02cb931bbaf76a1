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
        using var document = Open(own, name);
        if (document is not null) WriteRest(json, document.RootElement);
    }

    /// <summary>Writes the members of an object into the open one, but for one that was written already.</summary>
    public static void WriteRest(Utf8JsonWriter json, JsonElement rest, string? except = null)
    {
        if (rest.ValueKind != JsonValueKind.Object) return;
        foreach (var member in rest.EnumerateObject())
        {
            if (member.Name == except) continue;
            json.WritePropertyName(member.Name);
            json.WriteExact(member.Value.GetRawText(), member.Name);
        }
    }

    /// <summary>Such an object, to be looked into; null where the bag has none.</summary>
    /// <exception cref="DialectException">The bag has something else under the name.</exception>
    public static JsonDocument? Open(LlmExtensions? own, string name)
    {
        if (own is null || !own.Members.TryGetValue(name, out var text)) return null;
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            // Said below.
        }

        if (document?.RootElement.ValueKind == JsonValueKind.Object) return document;
        document?.Dispose();
        throw new DialectException(ProviderErrorKind.InvalidRequest, $"The extension '{name}' cannot be sent: it is not a JSON object.");
    }
}
