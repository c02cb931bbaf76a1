using System.Text;
using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// The request's objects that hold both what the middle has names for and what it has not: the rest of each travels in
/// the bag under the object's own name, and goes back into it.
/// </summary>
internal static class BedrockContainers
{
    public static readonly IReadOnlyList<string> Names = ["inferenceConfig", "toolConfig", "additionalModelRequestFields", "outputConfig"];

    /// <summary>What an object says beyond the members that were read, as the text of an object; null for nothing.</summary>
    public static string? RestOf(JsonElement container, Func<string, bool> isRead)
    {
        var rest = new StringBuilder();
        foreach (var member in container.EnumerateObject())
        {
            if (isRead(member.Name)) continue;
            rest.Append(rest.Length == 0 ? '{' : ',').Append('"').Append(JsonEncodedText.Encode(member.Name).Value).Append("\":").Append(member.Value.GetRawText());
        }

        return rest.Length == 0 ? null : rest.Append('}').ToString();
    }

    /// <summary>Writes an object: what the middle said, and the bag's rest that says nothing else about the same.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="own">The request's bag; null for none.</param>
    /// <param name="members">Names and writers of the members that the middle said.</param>
    public static void Write(Utf8JsonWriter json, string name, LlmExtensions? own, List<(string Name, Action<Utf8JsonWriter> Write)> members)
    {
        var rest = own?.Members.GetValueOrDefault(name);
        if (members.Count == 0)
        {
            if (rest is null) return;
            json.WritePropertyName(name);
            json.WriteExact(rest, $"The extension '{name}'");
            return;
        }

        json.WriteStartObject(name);
        foreach (var (member, write) in members)
        {
            json.WritePropertyName(member);
            write(json);
        }

        if (rest is not null) WriteRest(json, name, rest, members);
        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, string name, string rest, List<(string Name, Action<Utf8JsonWriter> Write)> members)
    {
        try
        {
            using var document = JsonDocument.Parse(rest);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw new JsonException();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (members.Exists(known => known.Name == member.Name)) continue;
                json.WritePropertyName(member.Name);
                json.WriteRawValue(member.Value.GetRawText());
            }
        }
        catch (JsonException e)
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, $"The extension '{name}' cannot be sent: it is not a JSON object.", innerException: e);
        }
    }
}
