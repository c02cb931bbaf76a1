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

    private static readonly Gen<JsonObject> Number = Gen.Select(Gen.Bool, Gen.Int[-50, 50].Null(), Gen.Int[0, 60].Null(), Gen.Bool, Gen.Int[1, 7].Null(), (isInteger, low, width, isOpen, step) =>
    {
        var schema = new JsonObject { ["type"] = isInteger ? "integer" : "number" };
        if (low is { } minimum) schema[isOpen ? "exclusiveMinimum" : "minimum"] = minimum;
        if (width is { } more) schema[isOpen ? "exclusiveMaximum" : "maximum"] = (low ?? 0) + more;
        if (step is { } multiple) schema["multipleOf"] = isInteger ? multiple : multiple / 10m;
        return schema;
    });

    private static readonly Gen<JsonObject> Text = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 30].Null(), Gen.Int[0, 30].Null(), Gen.OneOfConst(PatternTexts), Gen.OneOfConst(FormatNames), (which, low, width, pattern, format) =>
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (which == 1) schema["pattern"] = pattern;
        if (which == 2) schema["format"] = format;
        if (which != 2 && low is { } minimum) schema["minLength"] = minimum;
        if (which == 0 && width is { } more) schema["maxLength"] = (low ?? 0) + more;
        return schema;
    });

    private static readonly Gen<JsonObject> Listed = Gen.Select(Gen.OneOfConst(EnumTexts).Array[1, 4], Gen.Bool, (values, nullable) =>
    {
        JsonNode?[] all = [.. values.Distinct().Select(value => (JsonNode)value), .. nullable ? new JsonNode?[] { null } : []];
        return new JsonObject { ["enum"] = new JsonArray(all) };
    });

    private static readonly Gen<JsonObject> Boolean = Gen.Const(() => new JsonObject { ["type"] = "boolean" });

    private static readonly Gen<string> Prompt = Gen.OneOfConst(
        "", "Name: Ann Lee", "Total: EUR 12.50, due on 3 May 2024", "Status: in progress", "Email: a@b.example\nQuantity: 7",
        "Item   Qty   Price\nChair   2   10.00\nTable   1   99.00\n", "Lines: 1, 2, 3 and 3", "Paid: yes\nX: 17%", "Address: 1 High Street\nDue: 2024-02-30").Array[1, 4].Select(parts => string.Join('\n', parts));

    private static Gen<JsonObject> Schema(int depth)
    {
        if (depth == 0) return Gen.OneOf(Number, Text, Listed, Boolean);
        var inner = Schema(depth - 1);
        var map = Gen.Select(Gen.Select(Gen.OneOfConst(Names), inner, Gen.Bool).Array[0, 5], Gen.Bool, Gen.Bool, (members, isClosed, nullable) =>
        {
            var unique = members.DistinctBy(member => member.Item1).ToArray();
            var schema = new JsonObject { ["type"] = nullable ? new JsonArray("object", "null") : "object" };
            schema["properties"] = new JsonObject(unique.Select(member => KeyValuePair.Create(member.Item1, (JsonNode?)member.Item2.DeepClone())));
            schema["required"] = new JsonArray([.. unique.Where(member => member.Item3).Select(member => (JsonNode)member.Item1)]);
            if (isClosed) schema["additionalProperties"] = false;
            return schema;
        });
        var dictionary = Gen.Select(inner, Gen.Int[0, 3], (value, count) => new JsonObject { ["type"] = "object", ["additionalProperties"] = value.DeepClone(), ["minProperties"] = count });
        var list = Gen.Select(inner, Gen.Int[0, 4], Gen.Int[0, 4].Null(), Gen.Bool, (item, low, width, isUnique) =>
        {
            var schema = new JsonObject { ["type"] = "array", ["items"] = item.DeepClone(), ["minItems"] = low, ["uniqueItems"] = isUnique };
            if (width is { } more) schema["maxItems"] = low + more;
            return schema;
        });
        var choice = Gen.Select(Gen.OneOfConst("anyOf", "oneOf", "allOf"), inner.Array[1, 3], (keyword, branches) =>
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
        Assert.InRange(refused, 0, answered / 3);
    }

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
