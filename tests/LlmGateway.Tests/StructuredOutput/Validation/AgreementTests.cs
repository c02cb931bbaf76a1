using System.Text;
using System.Text.Json;
using CsCheck;

namespace LlmGateway.Tests.StructuredOutput.Validation;

public sealed class AgreementTests
{
    private static readonly string[] Scalars = ["null", "true", "false", "0", "-1", "1", "1.0", "2.5", "3e2", "100", "\"\"", "\"a\"", "\"ab\"", "\"\\u0061\"", "\"\ud83d\ude00\"", "\"\\ud800\"", "\"2030-01-31\""];

    private static readonly string[] Names = ["a", "b", "c", "ab", "\\u0061b", "\ud83d\ude00"];

    private static readonly string[] Leaves =
    [
        "true", "false", "{}", """{"type":"integer"}""", """{"type":["string","null"]}""", """{"type":"object"}""", """{"enum":[1,"a",null,{"a":1},[1]]}""", """{"const":1}""",
        """{"minimum":1}""", """{"exclusiveMaximum":2.5}""", """{"multipleOf":0.5}""", """{"minLength":2}""", """{"maxLength":1}""", """{"pattern":"^a"}""", """{"pattern":"^(?=a)"}""", """{"format":"date"}""",
        """{"required":["a","ab"]}""", """{"minProperties":2}""", """{"maxItems":1}""", """{"uniqueItems":true}""", """{"dependentRequired":{"a":["b"]}}""", """{"$ref":"#/$defs/d"}""", """{"$dynamicRef":"#n"}""",
    ];

    private static readonly string[] Shapes =
    [
        """{"properties":{"a":@,"b":@}}""", """{"properties":{"a":@},"additionalProperties":@}""", """{"patternProperties":{"^a":@},"propertyNames":@}""", """{"items":@}""", """{"prefixItems":[@],"items":@}""",
        """{"contains":@,"minContains":1,"maxContains":2}""", """{"allOf":[@,@]}""", """{"anyOf":[@,@]}""", """{"oneOf":[@,@]}""", """{"not":@}""", """{"if":@,"then":@,"else":@}""", """{"dependentSchemas":{"a":@}}""",
        """{"allOf":[@],"unevaluatedProperties":@}""", """{"anyOf":[@,@],"properties":{"c":@},"unevaluatedProperties":false}""", """{"anyOf":[@,@],"unevaluatedItems":@}""", """{"type":"object","properties":{"a":@},"required":["b"]}""",
    ];

    private static readonly Gen<string> Value = Filled(["[]", "{}", "[@]", "[@,@]", "[@,@,@]", "{%:@}", "{%:@,%:@}", "{%:@,%:@,%:@}"], Scalars, depth: 3);

    private static readonly Gen<string> Schema = Gen.Select(Filled(Shapes, Leaves, depth: 3), Filled(Shapes, Leaves, depth: 2), (root, part)
        => root.StartsWith('{') ? $$"""{"$dynamicAnchor":"n","$defs":{"d":{{part}}}{{(root.Length > 2 ? "," : "")}}{{root[1..]}}""" : root);

    [Fact]
    public void Bytes_and_elements_have_the_same_errors_and_the_quick_verdict_agrees()
    {
        var (checkedPairs, invalid) = (0, 0);
        Gen.Select(Schema, Value).Sample((schemaText, valueText) =>
        {
            JsonSchema schema;
            try
            {
                schema = JsonSchema.Parse(schemaText, new JsonSchemaOptions { AssertFormat = true });
            }
            catch (JsonSchemaException e)
            {
                return e.Message.Contains("without end", StringComparison.Ordinal);
            }

            var bytes = Encoding.UTF8.GetBytes(valueText);
            using var inside = JsonDocument.Parse($"[ {valueText} ]");
            var element = inside.RootElement[0];
            var errors = schema.Validate(bytes);
            Interlocked.Increment(ref checkedPairs);
            if (errors.Count > 0) Interlocked.Increment(ref invalid);
            return Same(errors, schema.Validate(element)) && (errors.Count == 0) == schema.IsValid(bytes) && schema.IsValid(bytes) == schema.IsValid(element)
                && errors.All(e => e.SchemaPointer is not null || e.Message.StartsWith("has more errors", StringComparison.Ordinal));
        }, iter: 4_000);

        // A generator that makes only one kind would prove nothing.
        Assert.True(checkedPairs > 1_000 && invalid > checkedPairs / 10 && invalid < checkedPairs * 9 / 10, $"{invalid} of {checkedPairs} were invalid.");
    }

    [Fact]
    public void A_schema_and_its_negation_never_agree()
        => Gen.Select(Schema, Value).Sample((schemaText, valueText) =>
        {
            var part = WithId(schemaText);
            if (!TryParse(schemaText, out var schema)
                || !TryParse("""{"$ref":"urn:s","$defs":{"o":""" + part + "}}", out var same)
                || !TryParse("""{"not":{"$ref":"urn:s"},"$defs":{"o":""" + part + "}}", out var negated))
            {
                return true;
            }

            var bytes = Encoding.UTF8.GetBytes(valueText);
            if (schema.Validate(bytes).Any(e => e.Message.Contains("cannot be checked", StringComparison.Ordinal))) return true;
            return schema.IsValid(bytes) == same.IsValid(bytes) && schema.IsValid(bytes) != negated.IsValid(bytes);
        }, iter: 2_000);

    /// <summary>Where the rules have no end, it depends on the room that is left on the stack where that is noticed.</summary>
    private static bool Same(IReadOnlyList<ValidationError> one, IReadOnlyList<ValidationError> other)
        => one.SequenceEqual(other) || (one.Any(e => e.Message.Contains("too deeply", StringComparison.Ordinal)) && other.Any(e => e.Message.Contains("too deeply", StringComparison.Ordinal)));

    private static string WithId(string schema) => schema switch
    {
        "true" => """{"$id":"urn:s"}""",
        "false" => """{"$id":"urn:s","not":{}}""",
        "{}" => """{"$id":"urn:s"}""",
        _ => $$"""{"$id":"urn:s",{{schema[1..]}}""",
    };

    private static bool TryParse(string text, out JsonSchema schema)
    {
        try
        {
            schema = JsonSchema.Parse(text);
            return true;
        }
        catch (JsonSchemaException)
        {
            schema = null!;
            return false;
        }
    }

    /// <summary>Shapes with their holes filled by smaller ones.</summary>
    private static Gen<string> Filled(string[] shapes, string[] leaves, int depth)
        => Gen.Int[0, int.MaxValue].Array[40].Select(choices =>
        {
            var next = 0;
            return Fill(depth);

            int Choose(int count) => choices[next++ % choices.Length] % count;

            string Fill(int left)
            {
                if (left == 0 || Choose(4) == 0) return leaves[Choose(leaves.Length)];
                var text = new StringBuilder();
                var used = new HashSet<string>();
                foreach (var c in shapes[Choose(shapes.Length)])
                {
                    if (c == '@') text.Append(Fill(left - 1));
                    else if (c == '%') text.Append(Name(used));
                    else text.Append(c);
                }

                return text.ToString();
            }

            string Name(HashSet<string> used)
            {
                var name = Names[Choose(Names.Length)];
                while (!used.Add(name)) name += "x";
                return $"\"{name}\"";
            }
        });
}
