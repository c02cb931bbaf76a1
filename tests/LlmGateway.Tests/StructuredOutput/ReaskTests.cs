using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.StructuredOutput;

public sealed class ReaskTests
{
    private static readonly ModelCapabilities Tools = new() { ForcedTool = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_model_is_shown_its_answer_and_the_errors()
    {
        var provider = new ScriptedProvider("""{"text":"t","count":99}""", """{"text":"t","count":3}""");
        await using var client = new LlmClient(provider);

        var response = await client.CompleteAsync<Line>("line", cancellationToken: Token);

        Assert.Equal((3, 1), (response.Content.Count, response.Metadata.Reasks));
        var shown = provider.Requests[1].Messages;
        Assert.Equal([LlmRole.System, LlmRole.User, LlmRole.Assistant, LlmRole.User], shown.Select(m => m.Role));
        Assert.Equal("""{"text":"t","count":99}""", shown[2].Content);
        Assert.Contains("- /count: ", shown[3].Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_of_the_tool_gets_its_result()
    {
        var provider = new ScriptedProvider(Replies.Tool("""{"text":"t"}""", "call_7"), Replies.Tool("""{"text":"t","count":3}""", "call_8")) { Capabilities = Tools };
        await using var client = new LlmClient(provider);

        var response = await client.CompleteAsync<Line>("line", cancellationToken: Token);

        Assert.Equal((3, OutputMode.Tool), (response.Content.Count, response.Metadata.OutputMode));
        var first = provider.Requests[0];
        Assert.Equal((LlmToolChoiceMode.Named, first.Tools.Single().Name), (first.ToolChoice!.Mode, first.ToolChoice.ToolName));
        Assert.Equal([LlmRole.User, LlmRole.Assistant, LlmRole.Tool], provider.Requests[1].Messages.Select(m => m.Role));
        var result = Assert.IsType<ToolResultPart>(Assert.Single(provider.Requests[1].Messages[2].Parts));
        Assert.Equal(("call_7", true), (result.CallId, result.IsError));
        Assert.Contains("/count", result.Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_conversation_does_not_grow_from_one_re_ask_to_the_next()
    {
        var provider = new ScriptedProvider("1", "22", "333", """{"text":"t","count":3}""");
        await using var client = new LlmClient(provider, new GatewayConfig { MaxReasks = 3 });

        await client.CompleteAsync<Line>("line", cancellationToken: Token);

        Assert.Equal([2, 4, 4, 4], provider.Requests.Select(r => r.Messages.Count));
        Assert.Equal(["1", "22", "333"], provider.Requests.Skip(1).Select(r => r.Messages[2].Content));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task It_ends_after_the_set_number_with_all_that_was_used(int maxReasks)
    {
        var provider = new ScriptedProvider((_, _, _) => Task.FromResult(Replies.Costing("""{"text":7,"count":0}""", 0.1m)));
        await using var client = new LlmClient(provider, new GatewayConfig { MaxReasks = maxReasks });

        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => client.CompleteAsync<Line>("line", cancellationToken: Token));

        Assert.Equal((1 + maxReasks, 1 + maxReasks, maxReasks), (provider.Requests.Count, error.Attempts, error.Record!.Reasks));
        Assert.Equal(((1 + maxReasks) * 0.1m, (1 + maxReasks) * 15L), (error.Usage.TotalCostUsd, error.Usage.TotalTokens));
        Assert.Equal(("""{"text":7,"count":0}""", CallOutcome.Invalid, "validation"), (error.RawText, error.Record.Outcome, error.Record.ErrorType));
        Assert.All(error.Record.Attempts, a => Assert.Equal(CallOutcome.Invalid, a.Outcome));
        Assert.Contains("/text", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, OutputMode.Native)]
    [InlineData(true, false, OutputMode.Native)]
    [InlineData(false, true, OutputMode.Tool)]
    [InlineData(false, false, OutputMode.Prompt)]
    public async Task The_schema_is_put_as_the_model_can_take_it(bool native, bool tool, OutputMode mode)
    {
        var reply = mode == OutputMode.Tool ? (object)Replies.Tool("""{"text":"t","count":3}""") : """{"text":"t","count":3}""";
        var provider = new ScriptedProvider(reply) { Capabilities = new ModelCapabilities { NativeSchema = native, ForcedTool = tool } };
        await using var client = new LlmClient(provider);

        var response = await client.CompleteAsync<Line>("line", cancellationToken: Token);

        var request = Assert.Single(provider.Requests);
        Assert.Equal((mode, mode, typeof(Line)), (response.Metadata.OutputMode, request.OutputSchema!.Mode, request.OutputType));
        Assert.Equal(mode == OutputMode.Tool ? 1 : 0, request.Tools.Count);
        Assert.Equal(mode == OutputMode.Prompt, request.Messages[0].Content.Contains("\"count\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_schema_that_the_vendors_format_cannot_say_is_put_another_way()
    {
        var provider = new ScriptedProvider(Replies.Tool("""{"name":"a","children":[]}"""))
        {
            Capabilities = new ModelCapabilities { NativeSchema = true, ForcedTool = true, UnsupportedSchemaFeatures = SchemaFeatures.Recursion },
        };
        await using var client = new LlmClient(provider);

        Assert.Equal(OutputMode.Tool, (await client.CompleteAsync<Tree>("tree", cancellationToken: Token)).Metadata.OutputMode);
    }

    [Fact]
    public async Task The_models_schema_says_what_attributes_and_descriptions_say()
    {
        var provider = new ScriptedProvider("""{"count":1,"word":"a"}""");
        await using var client = new LlmClient(provider);

        await client.CompleteAsync<Mutable>("x", cancellationToken: Token);

        var schema = provider.Requests[0].OutputSchema!.Schema;
        var properties = schema.GetProperty("properties");
        Assert.Equal("how many there are", properties.GetProperty("count").GetProperty("description").GetString());
        Assert.Equal("^(?:[a-z]+)$", properties.GetProperty("word").GetProperty("pattern").GetString());
        Assert.Contains("count", schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        Assert.DoesNotContain("note", schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
    }
}
