using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Schemas;

/// <summary>Keywords in words, for a description.</summary>
internal static class SchemaPhrases
{
    public static string Of(string keyword, JsonNode? value)
    {
        var text = value is JsonValue scalar && scalar.TryGetValue<string>(out var plain) ? plain : TextOf(value);
        return keyword switch
        {
            "minimum" => $"at least {text}",
            "maximum" => $"at most {text}",
            "exclusiveMinimum" => $"more than {text}",
            "exclusiveMaximum" => $"less than {text}",
            "multipleOf" => $"a multiple of {text}",
            "minLength" => $"at least {text} {(text == "1" ? "character" : "characters")}",
            "maxLength" => $"at most {text} {(text == "1" ? "character" : "characters")}",
            "pattern" => $"must match {text}",
            "format" => $"in the format {text}",
            "contentEncoding" => $"encoded as {text}",
            "contentMediaType" => $"of the media type {text}",
            "minItems" => $"at least {text} {(text == "1" ? "item" : "items")}",
            "maxItems" => $"at most {text} {(text == "1" ? "item" : "items")}",
            "uniqueItems" when text == "true" => "no item twice",
            "minProperties" => $"at least {text} {(text == "1" ? "member" : "members")}",
            "maxProperties" => $"at most {text} {(text == "1" ? "member" : "members")}",
            "default" => $"default: {TextOf(value)}",
            "examples" => $"for example: {TextOf(value)}",
            "enum" => $"one of: {TextOf(value)}",
            "const" => $"always {TextOf(value)}",
            "prefixItems" => $"items in this order: {TextOf(value)}",
            "oneOf" => "exactly one of the choices",
            "not" when value is JsonObject { Count: 1 } one && one["enum"] is JsonArray refused => $"none of: {TextOf(refused)}",
            "not" => $"must not satisfy: {TextOf(value)}",
            _ => $"{keyword}: {TextOf(value)}",
        };
    }

    private static string TextOf(JsonNode? value)
    {
        if (value is null) return "null";
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonWrite.Options)) value.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
