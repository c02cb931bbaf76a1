using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// Takes out of an answer the nulls that stand for members that are left out. A null is taken out only where the full
/// schema lets the member be absent and does not let it be null, so that nothing valid is ever changed.
/// </summary>
internal static class AbsentMembers
{
    public static JsonElement Restore(JsonElement answer, JsonElement schema)
    {
        var walk = new Walk(schema);
        try
        {
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer, JsonWrite.Options)) walk.Write(json, answer, schema);
            if (walk.Removed == 0) return answer;
            using var document = JsonDocument.Parse(buffer.WrittenMemory);
            return document.RootElement.Clone();
        }
        catch (InvalidOperationException)
        {
            return answer; // Text that is not Unicode, which the checks will tell.
        }
    }

    private sealed class Walk(JsonElement root)
    {
        private const int MaxReferences = 64;

        public int Removed { get; private set; }

        public void Write(Utf8JsonWriter json, JsonElement value, JsonElement? schema)
        {
            var shape = ShapeOf(value, schema, 0);
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    json.WriteStartObject();
                    foreach (var member in value.EnumerateObject())
                    {
                        var own = Member(shape, member.Name);
                        if (member.Value.ValueKind == JsonValueKind.Null && own is { } described && !IsRequired(shape, member.Name) && !AllowsNull(described, 0))
                        {
                            Removed++;
                            continue;
                        }

                        json.WritePropertyName(member.Name);
                        Write(json, member.Value, own);
                    }

                    json.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    json.WriteStartArray();
                    var index = 0;
                    foreach (var item in value.EnumerateArray()) Write(json, item, ItemOf(shape, index++));
                    json.WriteEndArray();
                    break;
                case JsonValueKind.Number:
                    json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
                    break;
                default:
                    value.WriteTo(json);
                    break;
            }
        }

        /// <summary>The schema itself that a value is described by, through references and choices; null where that is not certain.</summary>
        private JsonElement? ShapeOf(JsonElement value, JsonElement? schema, int references)
        {
            if (schema is not { ValueKind: JsonValueKind.Object } one || references > MaxReferences) return null;
            if (one.TryGetProperty("$ref"u8, out var reference)) return ShapeOf(value, Find(reference), references + 1);
            if (!one.TryGetProperty("anyOf"u8, out var branches) && !one.TryGetProperty("oneOf"u8, out branches)) return one;
            if (branches.ValueKind != JsonValueKind.Array) return null;
            foreach (var branch in branches.EnumerateArray())
            {
                if (ShapeOf(value, branch, references + 1) is { } shape && IsOf(value, shape)) return shape;
            }

            return null;
        }

        /// <summary>Whether a value was written by this branch: all of the branch's members, no others, and its constants. Every member was asked for.</summary>
        private static bool IsOf(JsonElement value, JsonElement shape)
        {
            if (value.ValueKind == JsonValueKind.Array) return shape.TryGetProperty("items"u8, out _);
            if (value.ValueKind != JsonValueKind.Object || !shape.TryGetProperty("properties"u8, out var properties) || properties.ValueKind != JsonValueKind.Object) return false;
            foreach (var member in value.EnumerateObject())
            {
                if (!properties.TryGetProperty(member.Name, out _)) return false;
            }

            foreach (var property in properties.EnumerateObject())
            {
                if (!value.TryGetProperty(property.Name, out var given)) return false;
                if (property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("const"u8, out var constant) && !JsonElement.DeepEquals(constant, given)) return false;
            }

            return true;
        }

        private static JsonElement? Member(JsonElement? shape, string name)
            => shape is { } one && one.TryGetProperty("properties"u8, out var properties) && properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(name, out var member) ? member : null;

        private static JsonElement? ItemOf(JsonElement? shape, int index)
        {
            if (shape is not { } one) return null;
            if (one.TryGetProperty("prefixItems"u8, out var places) && places.ValueKind == JsonValueKind.Array && index < places.GetArrayLength()) return places[index];
            return one.TryGetProperty("items"u8, out var items) ? items : null;
        }

        private static bool IsRequired(JsonElement? shape, string name)
            => shape is { } one && one.TryGetProperty("required"u8, out var required) && required.ValueKind == JsonValueKind.Array && required.EnumerateArray().Any(r => r.ValueKind == JsonValueKind.String && r.ValueEquals(name));

        private bool AllowsNull(JsonElement schema, int references)
        {
            if (schema.ValueKind != JsonValueKind.Object) return schema.ValueKind == JsonValueKind.True;
            if (references > MaxReferences) return true;
            if (schema.TryGetProperty("type"u8, out var type) && !IsNull(type)) return false;
            if (schema.TryGetProperty("enum"u8, out var values) && !values.EnumerateArray().Any(v => v.ValueKind == JsonValueKind.Null)) return false;
            if (schema.TryGetProperty("const"u8, out var constant) && constant.ValueKind != JsonValueKind.Null) return false;
            if (schema.TryGetProperty("$ref"u8, out var reference) && Find(reference) is { } target && !AllowsNull(target, references + 1)) return false;
            if (schema.TryGetProperty("anyOf"u8, out var any) && !any.EnumerateArray().Any(b => AllowsNull(b, references + 1))) return false;
            if (schema.TryGetProperty("oneOf"u8, out var exactly) && !exactly.EnumerateArray().Any(b => AllowsNull(b, references + 1))) return false;
            return !schema.TryGetProperty("allOf"u8, out var all) || all.EnumerateArray().All(b => AllowsNull(b, references + 1));
        }

        private static bool IsNull(JsonElement type) => type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(t => t.ValueKind == JsonValueKind.String && t.ValueEquals("null"u8))
            : type.ValueKind == JsonValueKind.String && type.ValueEquals("null"u8);

        private JsonElement? Find(JsonElement reference)
        {
            if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var pointer]) return null;
            var target = root;
            foreach (var step in pointer.Split('/').Skip(1))
            {
                var name = JsonPointer.Unescape(Uri.UnescapeDataString(step));
                if (target.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < target.GetArrayLength()) target = target[index];
                else if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(name, out target)) return null;
            }

            return target;
        }
    }
}
