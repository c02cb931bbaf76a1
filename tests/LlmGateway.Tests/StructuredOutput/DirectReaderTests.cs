using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.StructuredOutput;

namespace LlmGateway.Tests.StructuredOutput;

/// <summary>The short way of reading an answer lets nothing through that the thorough one would not.</summary>
public sealed class DirectReaderTests
{
    private static readonly Gen<JsonNode?> Values = Gen.OneOf(
        "null", "1", "1.0", "-1", "1.5", "1e400", "99999999999", "0.1234567890123456789012345678901", "\"\"", "\"a\"", "\"Bad\"", "\"bad\"", "\"Good, Bad\"", "\"1\"", "true", "[]", "[null]", "[1]", "{}", """{"x":null}""", """{"text":"t","count":1}""", "\"2026-01-01\"")
        .Select(text => JsonNode.Parse(text));

    [Theory]
    [InlineData(typeof(Everything), """{"name":"n","note":null,"whole":1,"money":1.10,"real":0.1,"mood":"Bad","tags":["a"],"gaps":["a",null],"counts":{"x":1},"first":{"text":"t","count":1},"lines":[{"text":"t","count":10}],"short":"abc"}""")]
    [InlineData(typeof(Line), """{"text":"t","count":3}""")]
    [InlineData(typeof(Mutable), """{"count":1,"note":null,"word":"a"}""")]
    [InlineData(typeof(Tree), """{"name":"a","children":[{"name":"b","children":[]}]}""")]
    [InlineData(typeof(Shape), """{"value":{"kind":"square","side":3}}""")]
    [InlineData(typeof(Period), """{"from":"2026-01-01","to":"2026-02-01"}""")]
    [InlineData(typeof(List<string>), """{"value":["a","b"]}""")]
    [InlineData(typeof(Dictionary<string, Line>), """{"a":{"text":"t","count":3},"b":{"text":"u","count":1}}""")]
    [InlineData(typeof(Plain), """{"id":7,"name":"n","tags":["a"],"inner":{"text":"t","count":1},"when":"2026-01-01T00:00:00Z","note":null}""")]
    public void Both_ways_say_the_same(Type type, string valid)
        => typeof(DirectReaderTests).GetMethod(nameof(Compare), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [valid]);

    private static void Compare<T>(string valid)
    {
        var contract = TypeContract<T>.ByReflection(UnknownMembers.Error);
        Assert.True(contract.Read(valid, Coercion.None).Reading.IsValid);
        Gen.Select(Gen.Int[0, 40], Gen.Int[0, 3], Values).Sample(
            (at, how, value) =>
            {
                var text = Mutate(valid, at, how, value);
                var short_ = contract.Read(text, Coercion.None);
                var thorough = contract.Read("\uFEFF" + text, Coercion.None); // A mark before the text is not for the short way.
                Assert.Equal(thorough.Reading.IsValid, short_.Reading.IsValid);
                Assert.Equal(thorough.Reading.Errors.Select(e => e.ToString()), short_.Reading.Errors.Select(e => e.ToString()));
                Assert.Equal(JsonSerializer.Serialize(thorough.Reading.Value), JsonSerializer.Serialize(short_.Reading.Value));
            },
            iter: 2000);
    }

    /// <summary>Changes one place of the document: another value, no value, another name, or a member more.</summary>
    private static string Mutate(string json, int at, int how, JsonNode? value)
    {
        var root = JsonNode.Parse(json)!;
        var places = Places(root).ToList();
        var (parent, name, index) = places[at % places.Count];
        switch (parent, how)
        {
            case (JsonObject container, 0):
                container.Remove(name!);
                break;
            case (JsonObject container, 1):
                var moved = container[name!]?.DeepClone();
                container.Remove(name!);
                container[name!.ToUpperInvariant()] = moved;
                break;
            case (JsonObject container, 2):
                container["extra"] = value?.DeepClone();
                break;
            case (JsonObject container, _):
                container[name!] = value?.DeepClone();
                break;
            case (JsonArray items, _):
                items[index] = value?.DeepClone();
                break;
        }

        return root.ToJsonString();
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> Places(JsonNode? node)
    {
        if (node is JsonObject container)
        {
            foreach (var (name, child) in container.ToList())
            {
                yield return (container, name, 0);
                foreach (var deeper in Places(child)) yield return deeper;
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                yield return (items, null, i);
                foreach (var deeper in Places(items[i])) yield return deeper;
            }
        }
    }

    /// <summary>All of whose checks the serializer makes itself, but for nulls among the tags.</summary>
    private sealed record Plain(int Id, string Name, List<string> Tags, Line Inner, DateTimeOffset When, string? Note);

    [Fact]
    public void What_the_serializer_checks_itself_is_known()
    {
        Assert.Equal(SerializerChecks.AllButNulls, Coverage<Plain>());
        Assert.Equal(SerializerChecks.All, Coverage<Line>());
        Assert.Equal(SerializerChecks.All, Coverage<List<int>>());
        Assert.Equal(SerializerChecks.None, Coverage<Everything>()); // An enum, whose names the serializer reads in any case.
        Assert.Equal(SerializerChecks.None, Coverage<Shape>());
        Assert.Equal(SerializerChecks.AllButNulls, Coverage<Tree>());
    }

    private static SerializerChecks Coverage<T>() => SerializerCoverage.Of(StrictOptions.ByReflection().ForReading(UnknownMembers.Error).GetTypeInfo(typeof(T)));
}
