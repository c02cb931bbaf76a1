using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.Dialects;
using LlmGateway.StructuredOutput;
using LlmGateway.Vendors;
using LlmGateway.Wire;

namespace LlmGateway.Tests.StructuredOutput;

/// <summary>What must hold for every schema: it goes over the wire as the plan made it, and an answer by it is read as the full schema means it.</summary>
public sealed class PlanLawsTests
{
    private static readonly Gen<Made> AnyLeaf = Gen.OneOf(
        Gen.Int.Select(number => new Made("""{"type":"integer","default":7}""", number, number, false)),
        Gen.String.AlphaNumeric.Select(text => new Made("""{"type":"string","maxLength":500}""", text, text, false)),
        Gen.Bool.Select(isNull => new Made("""{"type":["string","null"]}""", isNull ? null : "x", isNull ? null : "x", true)),
        Gen.Bool.Select(first => new Made("""{"enum":["a","b"]}""", first ? "a" : "b", first ? "a" : "b", false)));

    public static TheoryData<string, string, string> Targets => new()
    {
        { "openai", "gpt-5.4-mini", "/response_format/json_schema" },
        { "azure_openai", "gpt-4.1-mini", "/response_format/json_schema" },
        { "openai_responses", "gpt-5.4-mini", "/text/format" },
        { "anthropic", "claude-sonnet-5", "/output_config/format" },
        { "gemini", "gemini-3.5-flash", "/generationConfig" },
    };

    [Theory]
    [MemberData(nameof(Targets))]
    public void What_the_plan_made_goes_over_the_wire_as_it_is(string vendor, string model, string place)
    {
        var row = Vendor.All.Single(v => v.Name == vendor);
        var capabilities = row.CapabilitiesOf(model);
        var request = new LlmRequest { Model = model, MaxTokens = 100, Messages = [LlmMessage.User("q")] };
        foreach (var contract in (OutputContract[])[TypeContract<Line>.ByReflection(UnknownMembers.Error), TypeContract<Optional>.ByReflection(UnknownMembers.Error), TypeContract<Drawing>.ByReflection(UnknownMembers.Error), TypeContract<Place>.ByReflection(UnknownMembers.Error), TypeContract<int>.ByReflection(UnknownMembers.Error)])
        {
            var planned = OutputPlan.Choose(contract, capabilities, request).Apply(request, capabilities);
            using var body = new PooledBuffer();
            var losses = new List<string>();
            Dialect.Find(row.Dialect)!.EncodeRequest(planned, new WirePeer { Vendor = vendor, Model = capabilities }, body, losses);

            var sent = JsonNode.Parse(body.WrittenMemory.Span)!;
            foreach (var step in place[1..].Split('/')) sent = sent[step]!;
            var schema = sent["schema"] ?? sent["responseJsonSchema"];
            Assert.Equal(OutputMode.Native, planned.OutputSchema!.Mode);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(planned.OutputSchema.Schema.GetRawText()), schema), schema?.ToJsonString());
            Assert.Equal(vendor.Contains("openai", StringComparison.Ordinal) ? true : null, sent["strict"]?.GetValue<bool>());
            Assert.Empty(losses);
        }
    }

    [Fact]
    public void An_answer_in_strict_form_is_read_as_the_value_that_it_stands_for() => AnyObject(3).Sample(
        made =>
        {
            var full = JsonSchema.Parse(made.Schema);
            var plan = OutputPlan.Of(SchemaContract.Of(full), OutputMode.Native, SchemaSubset.OpenAIStrict);
            var request = new LlmRequest { Messages = [LlmMessage.User("q")] };
            var given = JsonElement.Parse(made.Strict!.ToJsonString());

            Assert.Null(plan.Refusal);
            Assert.Empty(JsonSchema.From(plan.Apply(request, ModelCapabilities.Basic).OutputSchema!.Schema).Validate(given));
            var read = plan.Restore(given);
            Assert.True(JsonNode.DeepEquals(made.Value, JsonNode.Parse(read.GetRawText())), read.GetRawText());
            Assert.Empty(full.Validate(read));
        },
        iter: 400);

    private static Gen<Made> Any(int depth) => depth == 0 ? AnyLeaf : Gen.OneOf(AnyLeaf, AnyObject(depth - 1), AnyList(depth - 1), AnyUnion(depth - 1));

    private static Gen<Made> AnyList(int depth) =>
        from item in Any(depth)
        from count in Gen.Int[0, 2]
        select new Made($$"""{"type":"array","items":{{item.Schema}}}""", Repeat(item.Value, count), Repeat(item.Strict, count), false);

    private static Gen<Made> AnyObject(int depth) =>
        from members in Gen.Select(Any(depth), Gen.Bool, Gen.Bool).Array[1, 4]
        select Object(members, null);

    private static Gen<Made> AnyUnion(int depth) =>
        from a in Gen.Select(Any(depth), Gen.Bool, Gen.Bool).Array[0, 2]
        from b in Gen.Select(Any(depth), Gen.Bool, Gen.Bool).Array[0, 2]
        from first in Gen.Bool
        let one = Object(a, "a")
        let other = Object(b, "b")
        let chosen = first ? one : other
        select new Made($$"""{"oneOf":[{{one.Schema}},{{other.Schema}}]}""", chosen.Value, chosen.Strict, false);

    /// <summary>Each member with whether it is required, and whether it is left out where it may be.</summary>
    private static Made Object((Made Made, bool IsRequired, bool IsOut)[] members, string? kind)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        var (value, strict) = (new JsonObject(), new JsonObject());
        if (kind is not null)
        {
            properties["kind"] = new JsonObject { ["const"] = kind };
            required.Add((JsonNode)"kind");
            value["kind"] = kind;
            strict["kind"] = kind;
        }

        for (var i = 0; i < members.Length; i++)
        {
            var (made, isRequired, isOut) = members[i];
            properties[$"m{i}"] = JsonNode.Parse(made.Schema);
            if (isRequired) required.Add((JsonNode)$"m{i}");
            var isLeftOut = !isRequired && isOut;
            strict[$"m{i}"] = isLeftOut ? null : made.Strict?.DeepClone();
            if (isLeftOut && !made.AllowsNull) continue;
            value[$"m{i}"] = isLeftOut ? null : made.Value?.DeepClone();
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required, ["additionalProperties"] = false };
        return new Made(schema.ToJsonString(), value, strict, false);
    }

    private static JsonArray Repeat(JsonNode? item, int count) => new([.. Enumerable.Range(0, count).Select(_ => item?.DeepClone())]);

    /// <summary>A schema, a value that satisfies it, and the same value as strict mode has it written.</summary>
    private sealed record Made(string Schema, JsonNode? Value, JsonNode? Strict, bool AllowsNull);
}
