using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

internal sealed partial class SchemaCompiler
{
    private sealed partial class KeywordReader
    {
        private NumberRules Numbers => node.Numbers ??= new NumberRules();

        private StringRules Strings => node.Strings ??= new StringRules();

        private ArrayRules Arrays => node.Arrays ??= new ArrayRules();

        private ObjectRules Objects => node.Objects ??= new ObjectRules();

        private bool ReadValidation(string keyword, JsonElement value)
        {
            var at = At(keyword);
            switch (keyword)
            {
                case "type":
                    node.Types = Types(value, at);
                    node.IntegersAreWritten = _dialect.Is4;
                    break;
                case "enum":
                    node.Enum = ValueSet.Of([.. Items(value, at, "")]);
                    break;
                case "const" when !_dialect.Is4:
                    node.Const = ValueSet.Of([value]);
                    break;
                case "minLength":
                    Strings.MinLength = Size(value, at);
                    break;
                case "maxLength":
                    Strings.MaxLength = Size(value, at);
                    break;
                case "pattern":
                    Strings.Pattern = compiler.Pattern(Text(value, at), node.Resource, at);
                    break;
                case "minItems":
                    Arrays.MinItems = Size(value, at);
                    break;
                case "maxItems":
                    Arrays.MaxItems = Size(value, at);
                    break;
                case "uniqueItems":
                    Arrays.UniqueItems = Boolean(value, at);
                    break;
                case "minContains" when _dialect.Is202012:
                    Arrays.MinContains = Size(value, at);
                    break;
                case "maxContains" when _dialect.Is202012:
                    Arrays.MaxContains = Size(value, at);
                    break;
                case "minProperties":
                    Objects.MinProperties = Size(value, at);
                    break;
                case "maxProperties":
                    Objects.MaxProperties = Size(value, at);
                    break;
                case "required":
                    foreach (var name in Names(value, at)) Member(name).IsRequired = true;
                    break;
                case "dependentRequired" when _dialect.Is202012:
                    foreach (var dependency in Members(value, at)) AddDependents(dependency, keyword, at);
                    break;
                default:
                    return ReadNumeric(keyword, value, at);
            }

            return true;
        }

        private bool ReadNumeric(string keyword, JsonElement value, SchemaPlace at)
        {
            switch (keyword)
            {
                case "minimum":
                    if (IsExclusive("exclusiveMinimum")) Numbers.ExclusiveMinimum = Number(value, at);
                    else Numbers.Minimum = Number(value, at);
                    break;
                case "maximum":
                    if (IsExclusive("exclusiveMaximum")) Numbers.ExclusiveMaximum = Number(value, at);
                    else Numbers.Maximum = Number(value, at);
                    break;
                case "exclusiveMinimum" or "exclusiveMaximum" when _dialect.Is4:
                    Boolean(value, at);
                    if (!schema.TryGetProperty(keyword == "exclusiveMinimum" ? "minimum" : "maximum", out _)) throw Refuse(at, "needs the bound that it speaks of beside it");
                    break;
                case "exclusiveMinimum":
                    Numbers.ExclusiveMinimum = Bound(value, at);
                    break;
                case "exclusiveMaximum":
                    Numbers.ExclusiveMaximum = Bound(value, at);
                    break;
                case "multipleOf":
                    Numbers.MultipleOf = Number(value, at) is { IsPositive: true } unit ? unit : throw Refuse(at, "must be above 0");
                    break;
                default:
                    return false;
            }

            return true;
        }

        private SchemaNumber Bound(JsonElement value, SchemaPlace at)
            => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? throw Refuse(at, "must be a number; true and false are of draft 4") : Number(value, at);

        private bool IsExclusive(string keyword) => _dialect.Is4 && schema.TryGetProperty(keyword, out var flag) && flag.ValueKind == JsonValueKind.True;

        private JsonTypes Types(JsonElement value, SchemaPlace at)
        {
            if (value.ValueKind == JsonValueKind.String) return Type(value, at);
            if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0) throw Refuse(at, "must be the name of a type, or an array of such names");
            return value.EnumerateArray().Aggregate(default(JsonTypes), (all, name) => all | Type(name, at));
        }

        private JsonTypes Type(JsonElement value, SchemaPlace at) => Text(value, at) switch
        {
            "null" => JsonTypes.Null,
            "boolean" => JsonTypes.Boolean,
            "string" => JsonTypes.String,
            "number" => JsonTypes.Number,
            "integer" => JsonTypes.Integer,
            "array" => JsonTypes.Array,
            "object" => JsonTypes.Object,
            var other => throw Refuse(at, $"'{other}' is no type"),
        };

        private IEnumerable<byte[]> Names(JsonElement value, SchemaPlace at)
        {
            foreach (var name in Items(value, at, " of names"))
            {
                if (name.ValueKind != JsonValueKind.String) throw Refuse(at, "must be an array of names");
                yield return JsonText.BytesOf(name);
            }
        }
    }
}
