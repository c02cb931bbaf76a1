using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Wire;

namespace LlmGateway.Tests.Dialects.Anthropic;

public class AnthropicRequestTests
{
    private static readonly JsonElement ObjectSchema = Json("""{"type":"object","properties":{"n":{"type":"integer","minimum":3}},"required":["n"],"additionalProperties":false}""");

    [Fact]
    public void A_plain_question_is_the_least_there_is()
        => AssertBody("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"hé \"q\""}]}]}""",
            Request(LlmMessage.User("hé \"q\"")));

    [Fact]
    public void The_temperature_is_sent_where_it_is_set()
        => Assert.Equal(0.25, (double?)Encode(Request(LlmMessage.User("q")) with { Temperature = 0.25 }).Body["temperature"]);

    [Fact]
    public void System_messages_go_to_the_system_field_each_as_a_block()
    {
        var (body, losses) = Encode(Request(LlmMessage.System("one"), LlmMessage.System("two"), LlmMessage.User("q")));

        AssertJson("""[{"type":"text","text":"one"},{"type":"text","text":"two"}]""", body["system"]);
        Assert.Single(body["messages"]!.AsArray());
        Assert.Empty(losses);
    }

    [Fact]
    public void A_system_message_that_stood_later_is_moved_and_that_is_said()
    {
        var (body, losses) = Encode(Request(LlmMessage.User("q"), LlmMessage.System("late"), LlmMessage.Assistant("a"), LlmMessage.User("r")));

        AssertJson("""[{"type":"text","text":"late"}]""", body["system"]);
        Assert.Contains("system", Assert.Single(losses), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["user", "assistant", "user"], body["messages"]!.AsArray().Select(m => (string?)m!["role"]));
    }

    [Fact]
    public void Neighbours_of_the_same_role_become_one_turn()
    {
        var (body, _) = Encode(Request(LlmMessage.User("a"), LlmMessage.System("s"), LlmMessage.User("b"), LlmMessage.Assistant("c"), LlmMessage.Assistant("d"), LlmMessage.User("e")));

        AssertJson(
            """
            [{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
             {"role":"assistant","content":[{"type":"text","text":"c"},{"type":"text","text":"d"}]},
             {"role":"user","content":[{"type":"text","text":"e"}]}]
            """,
            body["messages"]);
    }

    [Fact]
    public void Tool_calls_and_all_their_results_are_paired_in_neighbouring_turns()
    {
        var (body, losses) = Encode(Request(
            LlmMessage.User("q"),
            new LlmMessage(LlmRole.Assistant, [new ThinkingPart("hm", "sig"), new TextPart("let me"), new ToolCallPart("c1", "f", """{"x":1.50}"""), new ToolCallPart("c2", "g", "{}")]),
            new LlmMessage(LlmRole.Tool, [new ToolResultPart("c1", "one")]),
            new LlmMessage(LlmRole.Tool, [new ToolResultPart("c2", "broke", isError: true)]),
            LlmMessage.User("go on")));

        AssertJson(
            """
            [{"role":"user","content":[{"type":"text","text":"q"}]},
             {"role":"assistant","content":[
               {"type":"thinking","thinking":"hm","signature":"sig"},{"type":"text","text":"let me"},
               {"type":"tool_use","id":"c1","name":"f","input":{"x":1.50}},{"type":"tool_use","id":"c2","name":"g","input":{}}]},
             {"role":"user","content":[
               {"type":"tool_result","tool_use_id":"c1","content":"one"},
               {"type":"tool_result","tool_use_id":"c2","content":"broke","is_error":true},
               {"type":"text","text":"go on"}]}]
            """,
            body["messages"]);
        Assert.Empty(losses);
    }

    [Fact]
    public void Blank_text_which_the_api_refuses_is_left_out()
    {
        var (body, _) = Encode(Request(LlmMessage.System("  "), LlmMessage.User("a"), LlmMessage.Assistant(" \n"), LlmMessage.User("b")));

        Assert.Null(body["system"]);
        AssertJson("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""", body["messages"]);
    }

    [Fact]
    public void A_conversation_without_anything_to_say_is_refused()
    {
        var e = Assert.Throws<DialectException>(() => Encode(Request(LlmMessage.System("s"), LlmMessage.User(" "))));

        Assert.Equal(ProviderErrorKind.InvalidRequest, e.Kind);
    }

    [Fact]
    public void A_request_without_a_limit_of_tokens_is_refused()
        => Assert.Equal(ProviderErrorKind.InvalidRequest, Assert.Throws<DialectException>(() => Encode(Request(LlmMessage.User("q")) with { MaxTokens = null })).Kind);

    [Theory]
    [InlineData("{\"x\":")]
    [InlineData("{} {}")]
    public void Tool_arguments_that_are_not_json_are_refused(string arguments)
        => Assert.Equal(ProviderErrorKind.InvalidRequest, Assert.Throws<DialectException>(() => Encode(Request(
            LlmMessage.User("q"), new LlmMessage(LlmRole.Assistant, [new ToolCallPart("c", "f", arguments)])))).Kind);

    [Fact]
    public void A_part_of_its_own_dialect_goes_back_as_it_came_and_one_of_another_is_a_loss()
    {
        var (body, losses) = Encode(Request(LlmMessage.User("q"), new LlmMessage(LlmRole.Assistant,
            [new RawPart("anthropic", """{"type":"new_thing","x":[1.0]}"""), new RawPart("other", "{}"), new ThinkingPart("unsigned", null)])));

        AssertJson("""[{"type":"new_thing","x":[1.0]}]""", body["messages"]![1]!["content"]);
        Assert.Equal(2, losses.Count);
        Assert.Contains(losses, l => l.Contains("other's part", StringComparison.Ordinal));
        Assert.Contains(losses, l => l.Contains("thinking", StringComparison.Ordinal));
    }

    [Fact]
    public void A_turn_of_which_nothing_is_left_is_not_opened()
    {
        var (body, losses) = Encode(Request(LlmMessage.User("q"), new LlmMessage(LlmRole.Assistant, [new ThinkingPart("unsigned", null)]), LlmMessage.User("r")));

        AssertJson("""[{"role":"user","content":[{"type":"text","text":"q"},{"type":"text","text":"r"}]}]""", body["messages"]);
        Assert.Single(losses);
    }

    [Fact]
    public void A_native_schema_stands_in_output_config()
    {
        var (body, _) = Encode(Request(LlmMessage.User("q")) with { OutputSchema = new OutputSchema("S", ObjectSchema, OutputMode.Native) });

        AssertJson(
            """
            {"format":{"type":"json_schema","schema":{"type":"object","properties":{"n":{"type":"integer","description":"(at least 3)"}},"required":["n"],"additionalProperties":false}}}
            """,
            body["output_config"]);
        Assert.Null(body["tools"]);
    }

    [Fact]
    public void A_schema_in_the_prompt_or_in_a_tool_is_not_repeated_in_output_config()
    {
        Assert.Null(Encode(Request(LlmMessage.User("q")) with { OutputSchema = new OutputSchema("S", ObjectSchema, OutputMode.Prompt) }).Body["output_config"]);
        Assert.Null(Encode(Request(LlmMessage.User("q")) with { OutputSchema = new OutputSchema("S", ObjectSchema, OutputMode.Tool) }).Body["output_config"]);
    }

    [Fact]
    public void A_tool_stands_with_its_schema_and_the_choice_that_forces_it()
    {
        var (body, _) = Encode(Request(LlmMessage.User("q")) with
        {
            Tools = [new LlmTool("f", "Does f.", ObjectSchema), new LlmTool("g", null, ObjectSchema)],
            ToolChoice = LlmToolChoice.Named("f"),
            ParallelToolCalls = false,
        });

        AssertJson("""{"type":"tool","name":"f","disable_parallel_tool_use":true}""", body["tool_choice"]);
        Assert.Equal("Does f.", (string?)body["tools"]![0]!["description"]);
        AssertJson(ObjectSchema.GetRawText(), body["tools"]![0]!["input_schema"]);
        Assert.False(body["tools"]![1]!.AsObject().ContainsKey("description"));
    }

    [Theory]
    [InlineData(LlmToolChoiceMode.Auto, "auto")]
    [InlineData(LlmToolChoiceMode.None, "none")]
    [InlineData(LlmToolChoiceMode.Required, "any")]
    public void The_other_choices_have_the_apis_words(LlmToolChoiceMode mode, string word)
    {
        var (body, _) = Encode(Request(LlmMessage.User("q")) with { Tools = [new LlmTool("f", null, ObjectSchema)], ToolChoice = new LlmToolChoice(mode) });

        AssertJson($$"""{"type":"{{word}}"}""", body["tool_choice"]);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_does_not_break_the_body()
        => Assert.Equal("a\uFFFDb", (string?)Encode(Request(LlmMessage.User("a\ud83db"))).Body["messages"]![0]!["content"]![0]!["text"]);

    private static LlmRequest Request(params LlmMessage[] messages) => new() { Model = "m", MaxTokens = 9, Messages = messages };

    private static (JsonObject Body, List<string> Losses) Encode(LlmRequest request)
    {
        using var buffer = new PooledBuffer();
        var losses = new List<string>();
        AnthropicDialect.Instance.EncodeRequest(request, WirePeer.Any, buffer, losses);
        return (JsonNode.Parse(buffer.WrittenMemory.Span)!.AsObject(), losses);
    }

    private static void AssertBody(string expected, LlmRequest request) => AssertJson(expected, Encode(request).Body);

    private static void AssertJson(string expected, JsonNode? actual)
        => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"Expected {expected}\nActual   {actual?.ToJsonString()}");

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text));
        return document.RootElement.Clone();
    }
}
