using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.StructuredOutput;

/// <summary>The values that an attribute names, as the serializer writes them.</summary>
internal static class AttributeValues
{
    /// <summary>Null where one of them has no JSON form.</summary>
    public static JsonArray? Of(object?[] values, JsonSerializerOptions options)
    {
        var array = new JsonArray();
        foreach (var value in values)
        {
            if (!TryWrite(value, options, out var node)) return null;
            array.Add(node);
        }

        return array;
    }

    private static bool TryWrite(object? value, JsonSerializerOptions options, out JsonNode? node)
    {
        node = value switch
        {
            string text => JsonValue.Create(text),
            bool flag => JsonValue.Create(flag),
            char letter => JsonValue.Create(letter.ToString()),
            sbyte or byte or short or ushort or int => JsonValue.Create(Convert.ToInt32(value, null)),
            uint or long => JsonValue.Create(Convert.ToInt64(value, null)),
            ulong number => JsonValue.Create(number),
            decimal number => JsonValue.Create(number),
            double number when double.IsFinite(number) => JsonValue.Create(number),
            float number when float.IsFinite(number) => JsonValue.Create(number),
            Enum when options.TryGetTypeInfo(value.GetType(), out var type) => JsonSerializer.SerializeToNode(value, type),
            _ => null,
        };
        return node is not null || value is null;
    }
}
