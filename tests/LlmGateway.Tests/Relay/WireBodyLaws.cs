using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Gemini;
using LlmGateway.Dialects.OpenAI;
using LlmGateway.Relay;

namespace LlmGateway.Tests.Relay;

/// <summary>A body goes on as it came: whatever is in it, wherever the model stands.</summary>
public sealed class WireBodyLaws
{
    private static readonly Gen<string> Space = Of("", " ", "\n\t", "\r\n  ");

    private static readonly Gen<string> Value = Of(
        "1", "-0.50", "1e400", "true", "null", "\"\"", "\"{\\\"model\\\":1}\"", "\"\\u006dodel\"", "\"a\\\\\"", "\"日本\"", "[]", "{}", "[1, {\"model\": \"inner\"}]",
        "{\"model\":{\"model\":[\"}\"]}, \"stream_options\" : {}}", "[[[\"]\"]]]");

    private static readonly Gen<string> Name = Of("messages", "stream", "x_unknown", "", "models", "model_", "日", "temperature", "metadata");

    private static readonly Gen<string> ModelName = Of("model", "\\u006dodel", "mod\\u0065l");

    private static readonly Gen<string> Model = Of("\"gpt\"", "\"a\\\"b\"", "\"vendor/x:y\"", "\"\"", "null", "{\"a\":[1]}");

    /// <summary>The text of an object as what stands before the model's value, and what stands behind it.</summary>
    private static readonly Gen<(string Before, string Model, string After)> Body =
        from members in Gen.Select(Name, Value, Space, Space).Array[0, 8]
        from at in Gen.Int[0, 8]
        from name in ModelName
        from model in Model
        from space in Gen.Select(Space, Space, Space)
        select Make([.. members.DistinctBy(member => member.Item1)], at, name, model, space);

    [Fact]
    public void Nothing_but_the_models_name_is_changed() => Body.Sample(body =>
    {
        Assert.True(TryWrite(body.Before + body.Model + body.After, out var written, out _));
        Assert.Equal($"{body.Before}\"the-new\"{body.After}", written);
    });

    [Fact]
    public void The_counts_of_a_stream_are_asked_for_and_nothing_else_is_changed() => Gen.Select(
        Body,
        Of<string?>(null, "null", "{}", "{ }", "{\"include_usage\":false}", "{\"a\": 1, \"include_usage\" : null}", "{\"include_obfuscation\":false}", "{\"include_usage\": true}", "{\"include_usage\":{\"x\":[1]},\"b\":2}"),
        Gen.Bool).Sample((body, options, isFirst) =>
    {
        var inner = body.Before[1..] + body.Model + body.After[..body.After.LastIndexOf('}')];
        var text = options is null ? $"{{{inner}}}" : isFirst ? $"{{\"stream_options\":{options},{inner}}}" : $"{{{inner},\"stream_options\" : {options} }}";
        Assert.True(TryWrite(text, out var written, out var adds, isStream: true));

        var expected = JsonNode.Parse(text)!.AsObject();
        expected["model"] = "the-new";
        Assert.Equal(!(expected["stream_options"] is JsonObject given && given["include_usage"] is JsonValue wish && wish.TryGetValue<bool>(out var asked) && asked), adds);
        if (expected["stream_options"] is not JsonObject wished) expected["stream_options"] = wished = [];
        wished["include_usage"] = true;
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(written)), $"{text} became {written}");
    });

    [Theory]
    [InlineData("{}", """{"model":"the-new"}""")]
    [InlineData("""{ "a": 1}""", """{"model":"the-new", "a": 1}""")]
    public void A_model_that_is_missing_is_put_in(string text, string expected)
    {
        Assert.True(TryWrite(text, out var written, out _));
        Assert.Equal(expected, written);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"a":1}""")]
    public void A_model_and_the_wish_for_counts_are_both_put_in(string text)
    {
        Assert.True(TryWrite(text, out var written, out var adds, isStream: true));
        Assert.True(adds);
        var node = JsonNode.Parse(written)!;
        Assert.Equal(("the-new", true), (node["model"]!.GetValue<string>(), node["stream_options"]!["include_usage"]!.GetValue<bool>()));
    }

    [Theory]
    [InlineData("""{"model":"a","model":"b"}""")]
    [InlineData("""{"model":"a","mod\u0065l":"b"}""")]
    [InlineData("""{"model":"a","messages":[],"messages":[1]}""")]
    [InlineData("""{"model":"a","messages":[],"mess\u0061ges":[1]}""")]
    [InlineData("""{"model":"a","max_tokens":1,"max_completion_tokens":9}""")]
    [InlineData("""{"model":"a","stream_options":{"include_usage":true,"include_usage":false}}""")]
    [InlineData("""{"model":"a"} x""")]
    [InlineData("""{"model":"a""")]
    [InlineData("[]")]
    [InlineData("")]
    public void What_has_more_than_one_reading_is_not_sent_on_as_it_came(string text)
    {
        Assert.False(TryWrite(text, out var written, out _));
        Assert.Empty(written);
    }

    [Fact]
    public void A_body_of_very_many_members_is_not_sent_on_as_it_came()
        => Assert.False(TryWrite($"{{{string.Join(',', Enumerable.Range(0, 100).Select(i => $"\"m{i}\":1"))}}}", out _, out _));

    [Theory]
    [InlineData("""{"model":"cheap","Model":"dear"}""")]
    [InlineData("""{"MODEL":"dear","model":"cheap"}""")]
    [InlineData("""{"model":"cheap","M\u006fdel":"dear"}""")]
    public void A_second_model_that_only_some_servers_see_is_refused(string text)
    {
        var refused = Assert.Throws<DialectException>(() => TryWrite(text, out _, out _));
        Assert.Equal(ProviderErrorKind.InvalidRequest, refused.Kind);
    }

    [Fact]
    public void A_member_that_the_vendor_refuses_is_left_to_the_dialect()
    {
        var peer = WirePeer.Any with { Refuses = new HashSet<string> { "seed" } };
        Assert.False(TryWrite("""{"model":"a","seed":1}""", out _, out _, peer: peer));
        Assert.True(TryWrite("""{"model":"a","seeds":1}""", out _, out _, peer: peer));
    }

    [Fact]
    public void A_limit_of_tokens_under_a_name_that_the_model_does_not_take_is_left_to_the_dialect()
    {
        var peer = WirePeer.Any with { Model = new ModelCapabilities { MaxTokensField = "max_tokens" } };
        Assert.False(TryWrite("""{"model":"a","max_completion_tokens":1}""", out _, out _, peer: peer));
        Assert.True(TryWrite("""{"model":"a","max_tokens":1}""", out _, out _, peer: peer));
    }

    [Fact]
    public void A_vendor_that_refuses_the_wish_for_counts_is_not_asked()
    {
        Assert.True(TryWrite("""{"model":"a"}""", out var written, out var adds, isStream: true, peer: WirePeer.Any with { Refuses = new HashSet<string> { "stream_options" } }));
        Assert.Equal(("""{"model":"the-new"}""", false), (written, adds));
    }

    [Theory]
    [InlineData("""{"contents":[]}""", """{"contents":[]}""")]
    [InlineData("""{"model":"models/a","contents":[]}""", """{"model":"models/the-new","contents":[]}""")]
    [InlineData("""{"model":"a","contents":[]}""", """{"model":"the-new","contents":[]}""")]
    public void Where_the_url_names_the_model_the_body_says_the_same_or_nothing(string text, string expected)
    {
        Assert.True(TryWrite(text, out var written, out _, isStream: true, dialect: GeminiDialect.Instance));
        Assert.Equal(expected, written);
    }

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static bool TryWrite(string text, out string written, out bool adds, bool isStream = false, WirePeer? peer = null, IDialect? dialect = null)
    {
        dialect ??= OpenAIDialect.Instance;
        var output = new ArrayBufferWriter<byte>();
        var isWritten = WireBody.TryWrite(Encoding.UTF8.GetBytes(text), "\"the-new\""u8, dialect.KeepsModelInUrl, isStream, dialect.WireRules, peer ?? WirePeer.Any, output, out adds);
        written = Encoding.UTF8.GetString(output.WrittenSpan);
        return isWritten;
    }

    private static (string Before, string Model, string After) Make((string Name, string Value, string Left, string Right)[] members, int at, string name, string model, (string, string, string) space)
    {
        at = Math.Min(at, members.Length);
        var all = members.Select(member => $"{member.Left}\"{member.Name}\"{member.Right}:{member.Left}{member.Value}{member.Right}").ToList();
        var before = string.Concat(all.Take(at).Select(member => member + ","));
        var after = string.Concat(all.Skip(at).Select(member => "," + member));
        return ($"{{{before}{space.Item1}\"{name}\"{space.Item2}:{space.Item3}", model, $"{space.Item1}{after}}}{space.Item2}");
    }
}
