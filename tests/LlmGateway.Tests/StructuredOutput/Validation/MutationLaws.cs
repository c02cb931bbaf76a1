using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace LlmGateway.Tests.StructuredOutput.Validation;

/// <summary>Instances made from a schema satisfy it, and each single change that breaks one of its rules is caught.</summary>
public sealed class MutationLaws
{
    private static readonly Gen<Shape> Leaf = Gen.OneOf(
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4]).Select((least, more) => (Shape)new Text(least, least + more)),
        Gen.Select(Gen.Int[-50, 50], Gen.Int[0, 40]).Select((least, more) => (Shape)new Whole(least, least + more)),
        Gen.Int[1, 9].Select(step => (Shape)new Multiple(step)),
        Gen.Int[1, 4].Select(count => (Shape)new OneOf(count)),
        Gen.Const((Shape)new Flag()),
        Gen.Const((Shape)new Code()));

    private static readonly Gen<Shape> Any = Of(3);

    [Fact]
    public void What_a_schema_describes_satisfies_it_and_what_breaks_one_rule_does_not()
        => Gen.Select(Any, Gen.Int[0, 1000]).Sample(
            (shape, seed) =>
            {
                var schema = JsonSchema.Parse(shape.Schema().ToJsonString());
                var instance = shape.Instance(seed);
                Agree(schema, instance, isValid: true);
                foreach (var broken in shape.Broken(instance)) Agree(schema, broken, isValid: false);
            },
            iter: 1500);

    private static void Agree(JsonSchema schema, JsonNode? instance, bool isValid)
    {
        var text = instance?.ToJsonString() ?? "null";
        var bytes = Encoding.UTF8.GetBytes(text);
        using var document = JsonDocument.Parse(bytes);
        Assert.True(schema.IsValid(bytes) == isValid, $"{text} against {schema.Document}");
        Assert.Equal(isValid, schema.IsValid(document.RootElement));
        Assert.Equal(isValid, schema.Validate(bytes).Count == 0);
        Assert.Equal(isValid, schema.Validate(document.RootElement).Count == 0);
    }

    private static Gen<Shape> Of(int depth) => depth == 0
        ? Leaf
        : Gen.OneOf(
            Leaf,
            Gen.Select(Of(depth - 1), Gen.Int[0, 2], Gen.Int[0, 2]).Select((item, least, more) => (Shape)new Items(item, least, least + more)),
            Gen.Select(Of(depth - 1).Array[1, 4], Gen.Int[0, 15]).Select((members, required) => (Shape)new Members(members, required)),
            Of(depth - 1).Select(inner => (Shape)new OrNull(inner)));

    /// <summary>A schema of which it is known what satisfies it and what does not.</summary>
    private abstract record Shape
    {
        public abstract JsonObject Schema();

        public abstract JsonNode? Instance(int seed);

        /// <summary>Values that differ from a valid one in one place, and break a rule there.</summary>
        public abstract IEnumerable<JsonNode?> Broken(JsonNode? valid);
    }

    private sealed record Text(int Least, int Most) : Shape
    {
        public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = Least, ["maxLength"] = Most };

        // Each is one character, of 1 or of 2 UTF-16 units.
        public override JsonNode? Instance(int seed) => string.Concat(Enumerable.Repeat(seed % 2 == 0 ? "é" : "😀", Least + (seed % (Most - Least + 1))));

        public override IEnumerable<JsonNode?> Broken(JsonNode? valid)
        {
            yield return new string('x', Most + 1);
            if (Least > 0) yield return new string('x', Least - 1);
            yield return 1;
            yield return null;
        }
    }

    private sealed record Whole(int Least, int Most) : Shape
    {
        public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = Least, ["exclusiveMaximum"] = Most + 1 };

        public override JsonNode? Instance(int seed) => Least + (seed % (Most - Least + 1));

        public override IEnumerable<JsonNode?> Broken(JsonNode? valid)
        {
            yield return Least - 1;
            yield return Most + 1;
            yield return Least + 0.5m;
            yield return JsonNode.Parse("1e400");
            yield return Least.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Of hundredths, which binary fractions cannot hold.</summary>
    private sealed record Multiple(int Step) : Shape
    {
        public override JsonObject Schema() => new() { ["type"] = "number", ["multipleOf"] = Step / 100m };

        public override JsonNode? Instance(int seed) => seed * Step / 100m;

        public override IEnumerable<JsonNode?> Broken(JsonNode? valid)
        {
            yield return valid!.GetValue<decimal>() + (Step / 200m);
            yield return valid.GetValue<decimal>() + 0.0000000000001m;
            yield return true;
        }
    }

    private sealed record OneOf(int Count) : Shape
    {
        public override JsonObject Schema() => new() { ["enum"] = new JsonArray([.. Enumerable.Range(0, Count).Select(i => (JsonNode)$"Name{i}")]) };

        public override JsonNode? Instance(int seed) => $"Name{seed % Count}";

        public override IEnumerable<JsonNode?> Broken(JsonNode? valid)
        {
            yield return "name0";
            yield return $"Name{Count}";
            yield return 0;
        }
    }

    private sealed record Flag : Shape
    {
        public override JsonObject Schema() => new() { ["type"] = "boolean" };

        public override JsonNode? Instance(int seed) => seed % 2 == 0;

        public override IEnumerable<JsonNode?> Broken(JsonNode? valid) => ["true", 1, null];
    }

    private sealed record Code : Shape
    {
        public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[A-Z]{2}-\\d+$" };

        public override JsonNode? Instance(int seed) => $"AB-{seed}";

        public override IEnumerable<JsonNode?> Broken(JsonNode? valid) => ["ab-1", "AB-", "xAB-1", "AB-1\n", "AB-١"];
    }

    private sealed record OrNull(Shape Inner) : Shape
    {
        public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(Inner.Schema(), new JsonObject { ["type"] = "null" }) };

        public override JsonNode? Instance(int seed) => seed % 3 == 0 ? null : Inner.Instance(seed);

        public override IEnumerable<JsonNode?> Broken(JsonNode? valid) => valid is null ? [] : Inner.Broken(valid).Where(broken => broken is not null);
    }

    private sealed record Items(Shape Item, int Least, int Most) : Shape
    {
        public override JsonObject Schema() => new() { ["type"] = "array", ["items"] = Item.Schema(), ["minItems"] = Least, ["maxItems"] = Most };

        public override JsonNode? Instance(int seed) => new JsonArray([.. Enumerable.Range(0, Least + (seed % (Most - Least + 1))).Select(i => Item.Instance(seed + i))]);

        public override IEnumerable<JsonNode?> Broken(JsonNode? valid)
        {
            var items = valid!.AsArray();
            yield return new JsonArray([.. Enumerable.Range(0, Most + 1).Select(Item.Instance)]);
            if (Least > 0) yield return new JsonArray([.. Enumerable.Range(0, Least - 1).Select(Item.Instance)]);
            yield return new JsonObject();
            for (var i = 0; i < items.Count; i++)
            {
                foreach (var broken in Item.Broken(items[i]))
                {
                    var copy = (JsonArray)items.DeepClone();
                    copy[i] = broken;
                    yield return copy;
                }
            }
        }
    }

    private sealed record Members(Shape[] Of, int RequiredBits) : Shape
    {
        public override JsonObject Schema()
        {
            var properties = new JsonObject();
            for (var i = 0; i < Of.Length; i++) properties[Name(i)] = Of[i].Schema();
            return new JsonObject
            {
                ["type"] = "object",
                ["properties"] = properties,
                ["required"] = new JsonArray([.. Required().Select(i => (JsonNode)Name(i))]),
                ["additionalProperties"] = false,
            };
        }

        public override JsonNode? Instance(int seed)
        {
            var container = new JsonObject();
            for (var i = Of.Length - 1; i >= 0; i--)
            {
                if (IsRequired(i) || (seed >> i) % 2 == 0) container[Name(i)] = Of[i].Instance(seed + i);
            }

            return container;
        }

        public override IEnumerable<JsonNode?> Broken(JsonNode? valid)
        {
            var container = valid!.AsObject();
            yield return With(container, copy => copy["other"] = 1);
            yield return new JsonArray();
            foreach (var i in Required()) yield return With(container, copy => copy.Remove(Name(i)));
            for (var i = 0; i < Of.Length; i++)
            {
                if (!container.TryGetPropertyValue(Name(i), out var member)) continue;
                foreach (var broken in Of[i].Broken(member)) yield return With(container, copy => copy[Name(i)] = broken);
            }
        }

        private static JsonObject With(JsonObject container, Action<JsonObject> change)
        {
            var copy = (JsonObject)container.DeepClone();
            change(copy);
            return copy;
        }

        /// <summary>One of them has to be escaped in pointers, one in JSON.</summary>
        private static string Name(int i) => i switch { 1 => "a/b~", 2 => "é\"", _ => $"m{i}" };

        private bool IsRequired(int i) => ((RequiredBits >> i) & 1) == 1;

        private IEnumerable<int> Required() => Enumerable.Range(0, Of.Length).Where(IsRequired);
    }
}
