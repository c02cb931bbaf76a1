using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

internal sealed partial class SchemaCompiler
{
    private sealed partial class KeywordReader
    {
        private bool ReadApplicator(string keyword, JsonElement value)
        {
            var at = At(keyword);
            switch (keyword)
            {
                case "allOf":
                    node.AllOf = Schemas(value, at);
                    break;
                case "anyOf":
                    node.AnyOf = Schemas(value, at);
                    break;
                case "oneOf":
                    node.OneOf = Schemas(value, at);
                    break;
                case "not":
                    node.Not = Schema(value, at);
                    break;
                case "if" when !_dialect.Is4:
                    node.If = Schema(value, at);
                    break;
                case "then" when !_dialect.Is4:
                    if (HasIf()) node.Then = Schema(value, at);
                    else Schema(value, at);
                    break;
                case "else" when !_dialect.Is4:
                    if (HasIf()) node.Else = Schema(value, at);
                    else Schema(value, at);
                    break;
                case "properties":
                    foreach (var property in Members(value, at)) Member(JsonText.NameOf(property)).Schema = Schema(property.Value, at.At(property.Name));
                    break;
                case "patternProperties":
                    Objects.Patterns = [.. Members(value, at).Select(p => new PatternRule(compiler.Pattern(p.Name, node.Resource, at.At(p.Name)), Schema(p.Value, at.At(p.Name))))];
                    break;
                case "additionalProperties":
                    Objects.AdditionalProperties = Schema(value, at);
                    break;
                case "propertyNames" when !_dialect.Is4:
                    Objects.PropertyNames = Schema(value, at);
                    break;
                case "dependentSchemas" when _dialect.Is202012:
                    foreach (var dependency in Members(value, at)) AddDependentSchema(dependency, keyword, at);
                    break;
                case "dependencies":
                    // 2020-12 keeps it for old schemas.
                    foreach (var dependency in Members(value, at))
                    {
                        if (dependency.Value.ValueKind == JsonValueKind.Array) AddDependents(dependency, keyword, at);
                        else AddDependentSchema(dependency, keyword, at);
                    }

                    break;
                default:
                    return ReadItems(keyword, value, at);
            }

            return true;
        }

        private bool ReadItems(string keyword, JsonElement value, SchemaPlace at)
        {
            switch (keyword)
            {
                case "prefixItems" when _dialect.Is202012:
                    Arrays.Prefix = Schemas(value, at);
                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    if (_dialect.Is202012) throw Refuse(at, "one schema for each place is of draft 7; 2020-12 has prefixItems for it");
                    Arrays.Prefix = Schemas(value, at, mayBeEmpty: true);
                    break;
                case "items":
                    Arrays.Rest = Schema(value, at);
                    break;
                case "additionalItems" when !_dialect.Is202012:
                    var rest = Schema(value, at);
                    if (schema.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array) Arrays.Rest = rest;
                    break;
                case "contains" when !_dialect.Is4:
                    Arrays.Contains = Schema(value, at);
                    break;
                default:
                    return false;
            }

            return true;
        }

        private bool ReadUnevaluated(string keyword, JsonElement value)
        {
            switch (keyword)
            {
                case "unevaluatedProperties" when _dialect.Is202012:
                    node.UnevaluatedProperties = Schema(value, At(keyword));
                    return true;
                case "unevaluatedItems" when _dialect.Is202012:
                    node.UnevaluatedItems = Schema(value, At(keyword));
                    return true;
                default:
                    return false;
            }
        }

        private bool HasIf() => schema.TryGetProperty("if", out _);
    }
}
