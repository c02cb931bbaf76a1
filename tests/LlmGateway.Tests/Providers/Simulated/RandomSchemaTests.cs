using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace LlmGateway.Tests.Providers.Simulated;

/// <summary>Whatever the schema and whatever the prompt: the answer is valid, or there is an error. Never an invalid answer.</summary>
public sealed class RandomSchemaTests
{
    private static readonly string[] Names = ["name", "total", "dueDate", "email", "status", "quantity", "lines", "address", "isPaid", "x"];
    private static readonly string[] PatternTexts = ["^[A-Z]{3}-\\d{4}$", "^(a|bc|def)+$", "\\d", "^\\w{2,5}(\\.\\w+)?$", "^[^@\\s]+@x\\.y$", "^(\\+\\d{1,3} )?\\d{3}[- ]?\\d{4}$", "^$|^-$"];
    private static readonly string[] FormatNames = ["date", "date-time", "time", "email", "uri", "uuid", "hostname", "ipv4", "ipv6", "duration"];
    private static readonly string[] EnumTexts = ["open", "closed", "inProgress", "EUR", "USD"];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<int?> Optional(int low, int high) => Gen.Select(Gen.Bool, Gen.Int[low, high], (has, value) => has ? value : (int?)null);

    private static readonly Gen<JsonObject> Number = Gen.Select(Gen.Bool, Optional(-50, 50), Optional(0, 60), Gen.Bool, Optional(1, 7), (isInteger, low, width, isOpen, step) =>
    {
        var schema = new JsonObject { ["type"] = isInteger ? "integer" : "number" };
        if (low is { } minimum) schema[isOpen ? "exclusiveMinimum" : "minimum"] = minimum;
        if (width is { } more) schema[isOpen ? "exclusiveMaximum" : "maximum"] = (low ?? 0) + more;
        if (step is { } multiple) schema["multipleOf"] = isInteger ? multiple : multiple / 10m;
        return schema;
    });

    private static readonly Gen<JsonObject> Text = Gen.Select(Gen.Int[0, 2], Optional(0, 30), Optional(0, 30), OneOf(PatternTexts), OneOf(FormatNames), (which, low, width, pattern, format) =>
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (which == 1) schema["pattern"] = pattern;
        if (which == 2) schema["format"] = format;
        if (which != 2 && low is { } minimum) schema["minLength"] = minimum;
        if (which == 0 && width is { } more) schema["maxLength"] = (low ?? 0) + more;
        return schema;
    });

    private static readonly Gen<JsonObject> Listed = Gen.Select(OneOf(EnumTexts).Array[1, 4], Gen.Bool, (values, nullable) =>
    {
        JsonNode?[] all = [.. values.Distinct().Select(value => (JsonNode)value), .. nullable ? new JsonNode?[] { null } : []];
        return new JsonObject { ["enum"] = new JsonArray(all) };
    });

    private static readonly Gen<JsonObject> Boolean = Gen.Const(() => new JsonObject { ["type"] = "boolean" });

    private static readonly Gen<string> Prompt = OneOf(
        "", "Name: Ann Lee", "Total: EUR 12.50, due on 3 May 2024", "Status: in progress", "Email: a@b.example\nQuantity: 7",
        "Item   Qty   Price\nChair   2   10.00\nTable   1   99.00\n", "Lines: 1, 2, 3 and 3", "Paid: yes\nX: 17%", "Address: 1 High Street\nDue: 2024-02-30").Array[1, 4].Select(parts => string.Join('\n', parts));

    private static Gen<JsonObject> Schema(int depth)
    {
        if (depth == 0) return Gen.OneOf(Number, Text, Listed, Boolean);
        var inner = Schema(depth - 1);
        var map = Gen.Select(Gen.Select(OneOf(Names), inner, Gen.Bool).Array[0, 5], Gen.Bool, Gen.Bool, (members, isClosed, nullable) =>
        {
            var unique = members.DistinctBy(member => member.Item1).ToArray();
            var schema = new JsonObject { ["type"] = nullable ? new JsonArray("object", "null") : "object" };
            schema["properties"] = new JsonObject(unique.Select(member => KeyValuePair.Create(member.Item1, (JsonNode?)member.Item2.DeepClone())));
            schema["required"] = new JsonArray([.. unique.Where(member => member.Item3).Select(member => (JsonNode)member.Item1)]);
            if (isClosed) schema["additionalProperties"] = false;
            return schema;
        });
        var dictionary = Gen.Select(inner, Gen.Int[0, 3], (value, count) => new JsonObject { ["type"] = "object", ["additionalProperties"] = value.DeepClone(), ["minProperties"] = count });
        var list = Gen.Select(inner, Gen.Int[0, 4], Optional(0, 4), Gen.Bool, (item, low, width, isUnique) =>
        {
            var schema = new JsonObject { ["type"] = "array", ["items"] = item.DeepClone(), ["minItems"] = low, ["uniqueItems"] = isUnique };
            if (width is { } more) schema["maxItems"] = low + more;
            return schema;
        });
        var choice = Gen.Select(OneOf("anyOf", "oneOf", "allOf"), inner.Array[1, 3], (keyword, branches) =>
            new JsonObject { [keyword] = new JsonArray([.. branches.Select(branch => branch.DeepClone())]) });
        return Gen.OneOf(map, map, dictionary, list, choice, Number, Text, Listed);
    }

    [Fact]
    public void An_answer_is_valid_or_an_error()
    {
        var (answered, refused) = (0, 0);
        Gen.Select(Schema(3), Prompt).Sample((schema, prompt) =>
        {
            var element = JsonSerializer.SerializeToElement(schema);
            try
            {
                var text = Asking.Json(element, prompt).GetAwaiter().GetResult();
                Interlocked.Increment(ref answered);
                return SchemaOracle.Accepts(JsonElement.Parse(text), element);
            }
            catch (ProviderException e) when (e.Kind == ProviderErrorKind.InvalidRequest)
            {
                Interlocked.Increment(ref refused);
                return true;
            }
        }, iter: 3000, print: pair => pair.Item1.ToJsonString() + "\n" + pair.Item2);

        // Some random schemas allow nothing; if most were refused, the law would say little.
        Assert.InRange(answered, 1000, int.MaxValue);
        Assert.InRange(refused, 0, answered / 10);
    }

    [Fact]
    public void Nonsense_for_a_schema_is_an_error_and_nothing_else()
    {
        var junk = Gen.Recursive<JsonNode?>((depth, self) => depth > 3
            ? Leaf
            : Gen.Frequency((3, Leaf), (1, self.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))), (3, Keywords(self))));

        Keywords(junk).Sample(
            schema =>
            {
                var element = JsonSerializer.SerializeToElement(schema);
                try
                {
                    return JsonElement.Parse(Asking.Json(element, "Name: Ann\nTotal: 12").GetAwaiter().GetResult()).ValueKind != JsonValueKind.Undefined;
                }
                catch (ProviderException e)
                {
                    return e.Kind == ProviderErrorKind.InvalidRequest;
                }
            },
            iter: 3000, print: schema => schema?.ToJsonString() ?? "null");

        static Gen<JsonNode?> Keywords(Gen<JsonNode?> value) => Gen.Select(OneOf(AllKeywords), value).Array[0, 4].Select(pairs =>
            (JsonNode?)new JsonObject(pairs.DistinctBy(pair => pair.Item1).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2?.DeepClone()))));
    }

    private static readonly string[] AllKeywords =
    [
        "type", "enum", "const", "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties", "items", "prefixItems", "contains",
        "minContains", "minItems", "maxItems", "uniqueItems", "minimum", "maximum", "exclusiveMinimum", "multipleOf", "minLength", "maxLength", "pattern", "format", "anyOf", "oneOf", "allOf", "not",
        "if", "then", "else", "$ref", "$defs", "dependentRequired", "dependentSchemas", "description", "default", "examples", "nullable", "contentEncoding", "$anchor",
    ];

    private static readonly Gen<JsonNode?> Leaf = OneOf<Func<JsonNode?>>(
        () => null, () => true, () => false, () => 0, () => -3, () => 2.5, () => 1e300, () => "string", () => "integer", () => "object", () => "array", () => "#", () => "#/properties", () => "", () => "[",
        () => "^a+$", () => "date", () => "base64", () => new JsonArray("name", "total"), () => new JsonArray("string", "null")).Select(make => make());

    [Fact]
    public void A_satisfiable_leaf_is_always_filled()
    {
        var satisfiable = Gen.OneOf(
            Text,
            Listed,
            Gen.Select(Gen.Int[-50, 50], Gen.Int[0, 60], (low, width) => new JsonObject { ["type"] = "integer", ["minimum"] = low, ["maximum"] = low + width }),
            Gen.Select(Gen.Decimal[-5m, 5m], Gen.Decimal[0.0001m, 3m], (low, width) => new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = low, ["exclusiveMaximum"] = low + width }));
        var possible = satisfiable.Where(schema => !(schema["pattern"] is { } pattern && schema["minLength"]?.GetValue<int>() > Longest(pattern.GetValue<string>())));

        Gen.Select(possible, Prompt).Sample((schema, prompt) =>
        {
            var element = JsonSerializer.SerializeToElement(schema);
            return SchemaOracle.Accepts(JsonElement.Parse(Asking.Json(element, prompt).GetAwaiter().GetResult()), element);
        }, iter: 2000, print: pair => pair.Item1.ToJsonString() + "\n" + pair.Item2);

        static int Longest(string pattern) => pattern switch
        {
            "^[A-Z]{3}-\\d{4}$" => 8,
            "^(\\+\\d{1,3} )?\\d{3}[- ]?\\d{4}$" => 13,
            "^$|^-$" => 1,
            _ => int.MaxValue,
        };
    }
}
