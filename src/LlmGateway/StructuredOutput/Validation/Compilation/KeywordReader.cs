using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

internal sealed partial class SchemaCompiler
{
    /// <summary>Reads the keywords of one schema into its node.</summary>
    private sealed partial class KeywordReader(SchemaCompiler compiler, SchemaNode node, JsonElement schema)
    {
        private readonly SchemaDialect _dialect = node.Resource.Dialect;
        private bool _hasRules;

        public void Read()
        {
            if (_dialect.ReferenceHidesSiblings && schema.TryGetProperty("$ref", out var reference))
            {
                ReadReference(reference, At("$ref"));
                node.HasBranches = true;
                return;
            }

            foreach (var keyword in schema.EnumerateObject())
            {
                if (ReadCore(keyword.Name, keyword.Value)) continue;
                if (_dialect.HasValidation && ReadValidation(keyword.Name, keyword.Value))
                {
                    _hasRules = true;
                    continue;
                }

                if (_dialect.HasApplicators && ReadApplicator(keyword.Name, keyword.Value)) _hasRules = true;
                else if (_dialect.HasUnevaluated && ReadUnevaluated(keyword.Name, keyword.Value)) _hasRules = true;
            }

            ReadMembers();
            node.HasBranches = node.Reference is not null || node.DynamicReference is not null || node.AllOf is not null || node.AnyOf is not null
                || node.OneOf is not null || node.Not is not null || node.If is not null;
            node.IsTrue = !_hasRules && !node.HasBranches;
        }

        /// <summary>What has a meaning, or at least a form, without being a rule of its own.</summary>
        private bool ReadCore(string keyword, JsonElement value)
        {
            var at = At(keyword);
            switch (keyword)
            {
                case "$ref":
                    ReadReference(value, at);
                    return true;
                case "$dynamicRef" when _dialect.Is202012:
                    ReadDynamicReference(value, at);
                    return true;
                case "$schema" or "title" or "description":
                case "$comment" or "contentEncoding" or "contentMediaType" when !_dialect.Is4:
                    Text(value, at);
                    return true;
                case "readOnly" or "writeOnly" when !_dialect.Is4:
                case "deprecated" when _dialect.Is202012:
                    Boolean(value, at);
                    return true;
                case "definitions":
                case "$defs" when _dialect.Is202012:
                    foreach (var definition in Members(value, at)) Schema(definition.Value, at.At(definition.Name));
                    return true;
                case "contentSchema" when _dialect.Is202012:
                    Schema(value, at);
                    return true;
                case "format":
                    ReadFormat(Text(value, at));
                    return true;
                default:
                    return false;
            }
        }

        private void ReadReference(JsonElement value, SchemaPlace at)
        {
            var (target, resource, place, _) = compiler._library.Resolve(Text(value, at), node.Resource, at);
            node.Reference = compiler.Node(target, resource, place);
        }

        private void ReadDynamicReference(JsonElement value, SchemaPlace at)
        {
            var (target, resource, place, anchor) = compiler._library.Resolve(Text(value, at), node.Resource, at);
            node.DynamicReference = compiler.Node(target, resource, place);
            if (anchor is null || !resource.DynamicAnchors.Contains(anchor)) return;
            node.DynamicName = anchor;
            compiler._dynamicNames.Add(anchor);
        }

        private void ReadFormat(string name)
        {
            if ((!compiler._options.AssertFormat && !_dialect.AssertsFormat) || StringFormat.Find(name, _dialect.Draft) is not { } format) return;
            (node.Strings ??= new StringRules()).Format = format;
            _hasRules = true;
        }

        private SchemaPlace At(string keyword) => node.Place.At(keyword);

        private SchemaNode Schema(JsonElement value, SchemaPlace at) => compiler.Node(value, node.Resource, at);

        private SchemaNode[] Schemas(JsonElement value, SchemaPlace at, bool mayBeEmpty = false)
        {
            if (value.ValueKind != JsonValueKind.Array || (!mayBeEmpty && value.GetArrayLength() == 0)) throw Refuse(at, "must be an array of schemas");
            var index = 0;
            return [.. value.EnumerateArray().Select(item => Schema(item, at.At(index++)))];
        }

        private string Text(JsonElement value, SchemaPlace at) => value.ValueKind == JsonValueKind.String ? JsonText.StringOf(value) : throw Refuse(at, "must be a string");

        private bool Boolean(JsonElement value, SchemaPlace at)
            => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.ValueKind == JsonValueKind.True : throw Refuse(at, "must be true or false");

        private JsonElement.ObjectEnumerator Members(JsonElement value, SchemaPlace at)
            => value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw Refuse(at, "must be an object");

        private JsonElement.ArrayEnumerator Items(JsonElement value, SchemaPlace at, string what)
            => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Refuse(at, $"must be an array{what}");

        private SchemaNumber Number(JsonElement value, SchemaPlace at)
        {
            const int MaxDigits = 2000; // A division by more would take long.
            if (value.ValueKind != JsonValueKind.Number) throw Refuse(at, "must be a number");
            var text = JsonMarshal.GetRawUtf8Value(value);
            return text.Length <= MaxDigits ? new SchemaNumber(text) : throw Refuse(at, $"is a number of more than {MaxDigits} digits");
        }

        private long Size(JsonElement value, SchemaPlace at)
        {
            if (value.ValueKind != JsonValueKind.Number || JsonMarshal.GetRawUtf8Value(value)[0] == '-') throw Refuse(at, "must be a whole number of at least 0");
            return Number(value, at) is { IsInteger: true } size ? size.AsSize : throw Refuse(at, "must be a whole number of at least 0");
        }

        private JsonSchemaException Refuse(SchemaPlace at, string why) => node.Resource.Source.Refuse(at, why);
    }
}
