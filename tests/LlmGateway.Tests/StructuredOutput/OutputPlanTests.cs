using System.Text.Json;
using LlmGateway.StructuredOutput;
using LlmGateway.Tests.Fakes;
using LlmGateway.Vendors;

namespace LlmGateway.Tests.StructuredOutput;

/// <summary>How a schema is put to each vendor's models, with thinking and with tools beside it.</summary>
public sealed class OutputPlanTests
{
    private static readonly LlmTool Clock = new("clock", "Tells the time.", JsonElement.Parse("""{"type":"object","properties":{}}"""));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("openai", "gpt-5.4-mini", typeof(Line), OutputMode.Native)]
    [InlineData("openai", "gpt-5.4-mini", typeof(Optional), OutputMode.Native)]
    [InlineData("openai", "gpt-5.4-mini", typeof(Node), OutputMode.Native)]
    [InlineData("openai", "gpt-5.4-mini", typeof(Drawing), OutputMode.Native)]
    [InlineData("openai", "gpt-5.4-mini", typeof(Collections), OutputMode.Tool)]
    [InlineData("openai", "gpt-5.4-mini", typeof(Anything), OutputMode.Tool)]
    [InlineData("openai", "gpt-4", typeof(Line), OutputMode.Tool)]
    [InlineData("openai_responses", "o4-mini", typeof(Optional), OutputMode.Native)]
    [InlineData("azure_openai", "gpt-4.1-mini", typeof(Optional), OutputMode.Native)]
    [InlineData("anthropic", "claude-sonnet-5", typeof(Optional), OutputMode.Native)]
    [InlineData("anthropic", "claude-sonnet-5", typeof(Node), OutputMode.Tool)]
    [InlineData("anthropic", "claude-sonnet-5", typeof(Collections), OutputMode.Tool)]
    [InlineData("anthropic", "claude-3-7-sonnet", typeof(Line), OutputMode.Tool)]
    [InlineData("anthropic", "claude-2.1", typeof(Line), OutputMode.Prompt)]
    [InlineData("gemini", "gemini-3.5-flash", typeof(Collections), OutputMode.Native)]
    [InlineData("gemini", "gemini-3.5-flash", typeof(Node), OutputMode.Prompt)]
    [InlineData("gemini", "gemini-2.5-flash", typeof(Drawing), OutputMode.Native)]
    [InlineData("mistral", "mistral-medium-latest", typeof(Collections), OutputMode.Native)]
    [InlineData("deepseek", "deepseek-v4-flash", typeof(Line), OutputMode.Prompt)]
    [InlineData("groq", "openai/gpt-oss-120b", typeof(Optional), OutputMode.Native)]
    public void The_best_way_that_a_model_has_is_taken(string vendor, string model, Type type, OutputMode mode)
    {
        var plan = Choose(vendor, model, type, new LlmRequest { Model = model, Messages = [LlmMessage.User("q")] });

        Assert.Equal((mode, null), (plan.Mode, plan.Refusal));
    }

    [Theory]
    [InlineData("openai", "gpt-5.4-mini", OutputMode.Native)]
    [InlineData("openai_responses", "gpt-5.4-mini", OutputMode.Native)]
    [InlineData("anthropic", "claude-sonnet-5", OutputMode.Native)]
    [InlineData("anthropic", "claude-3-7-sonnet", OutputMode.Tool)]
    [InlineData("gemini", "gemini-3.5-flash", OutputMode.Native)]
    [InlineData("gemini", "gemini-2.5-flash", OutputMode.Tool)]
    [InlineData("vertex", "gemini-2.5-pro", OutputMode.Tool)]
    [InlineData("groq", "openai/gpt-oss-120b", OutputMode.Tool)]
    [InlineData("deepseek", "deepseek-v4-flash", OutputMode.Prompt)]
    public void Tools_stand_beside_a_schema_where_the_vendor_allows_it(string vendor, string model, OutputMode mode)
    {
        var request = new LlmRequest { Model = model, Messages = [LlmMessage.User("q")], Tools = [Clock], ParallelToolCalls = true };
        var capabilities = Capabilities(vendor, model);
        var plan = Choose(vendor, model, typeof(Line), request);
        var planned = plan.Apply(request, capabilities);

        Assert.Equal(mode, plan.Mode);
        Assert.True(planned.ParallelToolCalls);
        Assert.Equal(mode == OutputMode.Tool ? ["answer", "clock"] : ["clock"], planned.Tools.Select(tool => tool.Name));
        Assert.Equal(mode == OutputMode.Tool ? LlmToolChoiceMode.Required : null, planned.ToolChoice?.Mode);
    }

    [Theory]
    [InlineData("anthropic", "claude-opus-4-1", true, LlmToolChoiceMode.Auto)]
    [InlineData("anthropic", "claude-opus-4-1", false, LlmToolChoiceMode.Named)]
    [InlineData("bedrock", "anthropic.claude-opus-4-1-20250805-v1:0", true, LlmToolChoiceMode.Auto)]
    [InlineData("openrouter", "anthropic/claude-sonnet-5", true, LlmToolChoiceMode.Auto)]
    [InlineData("openai", "gpt-4", true, LlmToolChoiceMode.Named)]
    public void A_tool_is_asked_for_and_not_forced_where_a_thinking_model_takes_no_force(string vendor, string model, bool thinks, LlmToolChoiceMode mode)
    {
        var request = new LlmRequest { Model = model, Messages = [LlmMessage.User("q")], Reasoning = new LlmReasoning { Enabled = thinks, BudgetTokens = thinks ? 2048 : null } };
        var planned = Choose(vendor, model, typeof(Line), request).Apply(request, Capabilities(vendor, model));

        Assert.Equal(mode, planned.ToolChoice!.Mode);
        Assert.Equal(mode == LlmToolChoiceMode.Auto, planned.Messages[0] is { Role: LlmRole.System } told && told.Content.Contains("calling the tool 'answer'", StringComparison.Ordinal));
        Assert.Equal("q", planned.Messages[^1].Content);
    }

    [Theory]
    [InlineData("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", typeof(Line), true, "(at least 1, at most 10)")]
    [InlineData("bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", typeof(Node), null, "$defs")]
    [InlineData("groq", "openai/gpt-oss-120b", typeof(Line), null, "\"maximum\":10")]
    [InlineData("gemini", "gemini-2.5-flash", typeof(Line), null, "\"maximum\":10")]
    public void The_answers_tool_is_strict_where_the_vendor_can_hold_it_to_the_schema(string vendor, string model, Type type, bool? isStrict, string said)
    {
        var request = new LlmRequest { Model = model, Messages = [LlmMessage.User("q")], Tools = [Clock] };
        var planned = Choose(vendor, model, type, request).Apply(request, Capabilities(vendor, model));

        Assert.Equal(("answer", isStrict), (planned.Tools[0].Name, planned.Tools[0].Strict));
        Assert.Contains(said, planned.Tools[0].Parameters.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Anthropics_citations_and_native_schemas_exclude_each_other()
    {
        var cited = new DocumentPart(MediaSource.FromText("Once.")) { Citations = true };
        var request = new LlmRequest { Model = "claude-sonnet-5", Messages = [new LlmMessage(LlmRole.User, [cited])] };
        var plan = Choose("anthropic", "claude-sonnet-5", typeof(Line), request);

        Assert.Equal(OutputMode.Tool, plan.Mode);
        Assert.Equal("the model's native schemas do not go together with citations", plan.Notes[0]);
    }

    [Fact]
    public void The_callers_choice_among_tools_is_kept()
    {
        var capabilities = new ModelCapabilities { ForcedTool = true };
        var request = new LlmRequest { Model = "m", Messages = [LlmMessage.User("q")], Tools = [Clock, Clock with { Name = "map" }] };

        Assert.Equal("answer", Chosen(new LlmToolChoice(LlmToolChoiceMode.None))!.ToolName);
        Assert.Equal(["answer", "map"], Chosen(new LlmToolChoice(LlmToolChoiceMode.Auto) { AllowedTools = ["map"] })!.AllowedTools);
        Assert.Null(new LlmRequest { Model = "m", Messages = request.Messages, ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Auto) } is var without
            ? OutputPlan.Choose(TypeContract<Line>.ByReflection(UnknownMembers.Error), ModelCapabilities.Basic, without).Apply(without, ModelCapabilities.Basic).ToolChoice : null);

        LlmToolChoice? Chosen(LlmToolChoice choice)
        {
            var asked = request with { ToolChoice = choice };
            return OutputPlan.Choose(TypeContract<Line>.ByReflection(UnknownMembers.Error), capabilities, asked).Apply(asked, capabilities).ToolChoice;
        }
    }

    [Theory]
    [InlineData("anthropic", "claude-sonnet-5")]
    [InlineData("openai", "o4-mini")]
    [InlineData("gemini", "gemini-3.5-flash")]
    public void Thinking_and_a_native_schema_go_together(string vendor, string model)
    {
        var request = new LlmRequest { Model = model, Messages = [LlmMessage.User("q")], Reasoning = new LlmReasoning { Enabled = true, BudgetTokens = 2048 } };
        var planned = Choose(vendor, model, typeof(Line), request).Apply(request, Capabilities(vendor, model));

        Assert.Equal((OutputMode.Native, request.Reasoning, null), (planned.OutputSchema!.Mode, planned.Reasoning, planned.ToolChoice));
    }

    [Fact]
    public async Task The_record_says_what_was_changed_and_what_could_not_be_said()
    {
        var strict = new ModelCapabilities { NativeSchema = true, SchemaSubset = SchemaSubset.OpenAIStrict };
        var response = await Ask<Settable>("""{"must":"m","may":null,"count":1,"seven":7}""", strict);
        var open = await Ask<Dictionary<string, int>>("""{"a":1}""", strict);

        Assert.Equal(OutputMode.Native, response.Metadata.OutputMode);
        Assert.Contains("/properties/may: required, with null for left out", response.Metadata.SchemaNotes);
        Assert.Contains("/properties/seven: in words: default: 7", response.Metadata.SchemaNotes);
        Assert.Equal(OutputMode.Prompt, open.Metadata.OutputMode);
        Assert.Equal(["natively the schema cannot be said: the answer: members of any name (additionalProperties)"], open.Metadata.SchemaNotes);
    }

    [Fact]
    public async Task A_null_for_a_member_that_may_be_left_out_is_read_as_left_out()
    {
        var strict = new ModelCapabilities { NativeSchema = true, SchemaSubset = SchemaSubset.OpenAIStrict };
        var all = (await Ask<Optional>("""{"must":"m","may":null,"sky":null,"word":null,"count":null,"mood":null,"none":null}""", strict)).Content;
        var inUnion = (await Ask<List<Pet>>("""{"value":[{"kind":"cat","name":null},{"kind":"dog","name":"Rex","age":null}]}""", strict)).Content;

        Assert.Equal(new Optional("m", null, null), all);
        Assert.Equal([new Cat(), new Dog("Rex")], inUnion);

        // Where members are not asked for by null, a null is a null.
        var error = await Assert.ThrowsAsync<ResponseValidationException>(() => Ask<Optional>("""{"must":"m","may":null,"sky":null,"word":null}""", new ModelCapabilities { NativeSchema = true }));
        Assert.Equal("/word", Assert.Single(error.Errors).Pointer);

        // And a member that must be given is not left out.
        var required = await Assert.ThrowsAsync<ResponseValidationException>(() => Ask<Optional>("""{"must":null,"may":null,"sky":null,"word":"w","count":1,"mood":"Clear","none":null}""", strict));
        Assert.Equal("/must", Assert.Single(required.Errors).Pointer);
        Assert.DoesNotContain("missing", required.Errors[0].Message, StringComparison.Ordinal); // It was given, as a null.
    }

    [Fact]
    public async Task Tools_that_the_model_wants_first_are_a_typed_error_that_tells_how_to_go_on()
    {
        var call = new ToolCallPart("c1", "clock", "{}");
        var provider = new ScriptedProvider(
            new LlmReply { Parts = [call, new ToolCallPart("c2", "answer", """{"text":"t","count":1}""")], FinishReason = FinishReason.ToolCalls },
            Replies.Tool("""{"text":"noon","count":3}"""))
        {
            Capabilities = new ModelCapabilities { ForcedTool = true },
        };
        await using var client = new LlmClient(provider);
        var options = new LlmCallOptions { Tools = [Clock] };

        var wanted = await Assert.ThrowsAsync<ToolCallsRequestedException>(() => client.CompleteAsync<Line>("When?", options, Token));

        Assert.Equal([call], wanted.Reply.Parts);
        Assert.Equal(("tool_calls", 1), (wanted.Record!.ErrorType, wanted.Record.Attempts.Count));
        Assert.Contains("(clock)", wanted.Message, StringComparison.Ordinal);
        LlmMessage[] conversation = [LlmMessage.User("When?"), new(LlmRole.Assistant, wanted.Reply.Parts), new(LlmRole.Tool, [new ToolResultPart("c1", "12:00")])];
        Assert.Equal(new Line("noon", 3), (await client.CompleteAsync<Line>(conversation, options, Token)).Content);
    }

    [Fact]
    public async Task A_tool_of_the_callers_may_have_the_name_of_our_own()
    {
        var call = new ToolCallPart("c1", "answer", "{}");
        var provider = new ScriptedProvider(
            new LlmReply { Parts = [call], FinishReason = FinishReason.ToolCalls },
            new LlmReply { Parts = [new ToolCallPart("c2", "answer_2", """{"text":"noon","count":3}""")], FinishReason = FinishReason.ToolCalls })
        {
            Capabilities = new ModelCapabilities { ForcedTool = true },
        };
        await using var client = new LlmClient(provider);
        var options = new LlmCallOptions { Tools = [Clock with { Name = "answer" }] };

        var wanted = await Assert.ThrowsAsync<ToolCallsRequestedException>(() => client.CompleteAsync<Line>("When?", options, Token));

        Assert.Equal([call], wanted.Reply.Parts);
        Assert.Equal(new Line("noon", 3), (await client.CompleteAsync<Line>("When?", options, Token)).Content);
        Assert.Equal(["answer_2", "answer"], provider.Requests[0].Tools.Select(static tool => tool.Name));
    }

    [Fact]
    public async Task Tools_that_cannot_go_together_with_a_schema_are_refused_before_anything_is_sent()
    {
        var provider = new ScriptedProvider("{}") { Capabilities = new ModelCapabilities { ForcedTool = true } };
        await using var client = new LlmClient(provider);
        await using var without = new LlmClient(new ScriptedProvider("{}") { Capabilities = new ModelCapabilities { Tools = false } });

        await Refused(client, new LlmCallOptions { Tools = [Clock], ToolChoice = LlmToolChoice.Named("clock") }, "while a tool must be called");
        await Refused(without, new LlmCallOptions { Tools = [Clock] }, "calls no tools");
        Assert.Empty(provider.Requests);

        static async Task Refused(LlmClient client, LlmCallOptions options, string why)
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(() => client.CompleteAsync<Line>("x", options, Token));
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    private static ModelCapabilities Capabilities(string vendor, string model) => Vendor.All.Single(v => v.Name == vendor).CapabilitiesOf(model);

    private static OutputPlan Choose(string vendor, string model, Type type, LlmRequest request)
        => OutputPlan.Choose(SchemaContract.Of(JsonSchema.From(SchemaExporter.ForModel(StrictOptions.ByReflection().ForSchema(UnknownMembers.Error).GetTypeInfo(type)))), Capabilities(vendor, model), request);

    private static async Task<LlmResponse<T>> Ask<T>(string answer, ModelCapabilities capabilities)
    {
        await using var client = new LlmClient(new ScriptedProvider(answer) { Capabilities = capabilities }, new GatewayConfig { MaxReasks = 0 });
        return await client.CompleteAsync<T>("question", cancellationToken: Token);
    }
}
