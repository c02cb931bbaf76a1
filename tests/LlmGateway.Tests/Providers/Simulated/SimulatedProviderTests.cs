using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Providers.Simulated;

public sealed class SimulatedProviderTests
{
    private static readonly JsonElement City = JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""");
    private static readonly LlmTool Weather = new("get_weather", "The weather", City);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static LlmRequest Request(string prompt) => new() { Model = "claude-opus-4-1", Messages = [LlmMessage.User(prompt)] };

    [Fact]
    public async Task It_says_that_no_model_was_called()
    {
        await using var provider = new SimulatedProvider();

        var reply = await provider.CompleteAsync(Request("What is the capital of France?"), Token);

        Assert.Equal("simulated", reply.Model);
        Assert.Equal("Simulated answer (no model was called) to: \"What is the capital of France?\"", reply.Text);
        Assert.Equal(FinishReason.Stop, reply.FinishReason);
    }

    [Fact]
    public async Task It_is_free_in_this_process_and_takes_schemas_and_tools()
    {
        await using ILlmProvider provider = new SimulatedProvider();

        Assert.Equal(("simulated", "simulated"), (provider.Name, provider.DefaultModel));
        Assert.Equal(ProviderBilling.Free, provider.Billing);
        Assert.Null(provider.Endpoint);
        Assert.Equal(new ModelCapabilities { NativeSchema = true, ForcedTool = true }, provider.GetCapabilities("any"));
    }

    [Fact]
    public async Task A_long_question_is_quoted_from_its_beginning_without_cutting_a_character()
    {
        await using var provider = new SimulatedProvider();

        var reply = await provider.CompleteAsync(Request(new string('x', 79) + "🙂 and on"), Token);

        Assert.EndsWith(new string('x', 79) + "…\"", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokens_are_one_for_each_four_characters_and_no_estimate()
    {
        await using var provider = new SimulatedProvider();

        var reply = await provider.CompleteAsync(Request("12345"), Token);

        Assert.Equal((2, (reply.Text.Length + 3) / 4), (reply.Usage!.InputTokens, (int)reply.Usage.OutputTokens));
        Assert.False(reply.Usage.IsEstimated);
    }

    [Fact]
    public async Task Set_token_counts_are_given_back()
    {
        await using var provider = new SimulatedProvider(new SimulatedOptions { InputTokens = 1000, OutputTokens = 0 });

        var reply = await provider.CompleteAsync(Request("hello"), Token);

        Assert.Equal((1000, 0), (reply.Usage!.InputTokens, reply.Usage.OutputTokens));
    }

    [Fact]
    public async Task Latency_is_waited_for_on_the_given_clock()
    {
        var clock = new FakeTimeProvider();
        await using var provider = new SimulatedProvider(new SimulatedOptions { Latency = TimeSpan.FromSeconds(5), TimeProvider = clock });

        var call = provider.CompleteAsync(Request("hello"), Token);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.StartsWith("Simulated", (await call).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        await using var provider = new SimulatedProvider(new SimulatedOptions { Latency = TimeSpan.FromDays(1), TimeProvider = new FakeTimeProvider() });
        using var source = new CancellationTokenSource();

        var call = provider.CompleteAsync(Request("hello"), source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => provider.CompleteAsync(Request("hello"), source.Token));
    }

    [Fact]
    public void A_negative_latency_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedOptions { Latency = TimeSpan.FromTicks(-1) });

    [Fact]
    public async Task Faults_come_first_and_then_answers()
    {
        await using var provider = new SimulatedProvider(new SimulatedOptions { Fault = SimulatedOptions.FailFirst(2, ProviderErrorKind.Overloaded) });

        for (var i = 0; i < 2; i++)
        {
            var fault = await Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(Request("hello"), Token));
            Assert.Equal(("simulated", ProviderErrorKind.Overloaded, true), (fault.Provider, fault.Kind, fault.IsTransient));
        }

        Assert.Equal(FinishReason.Stop, (await provider.CompleteAsync(Request("hello"), Token)).FinishReason);
    }

    [Fact]
    public async Task A_fault_may_depend_on_the_request()
    {
        await using var provider = new SimulatedProvider(new SimulatedOptions
        {
            Fault = (call, request) => request.Messages[0].Content == "bad" ? new ProviderException("simulated", ProviderErrorKind.ContentFilter, $"call {call}") : null,
        });

        await provider.CompleteAsync(Request("good"), Token);
        var fault = await Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(Request("bad"), Token));

        Assert.Equal("call 2", fault.Message);
    }

    [Theory]
    [InlineData(LlmToolChoiceMode.Named, "get_weather")]
    [InlineData(LlmToolChoiceMode.Required, null)]
    public async Task A_forced_tool_is_called_with_arguments_from_the_prompt(LlmToolChoiceMode mode, string? name)
    {
        await using var provider = new SimulatedProvider();

        var reply = await provider.CompleteAsync(Request("City: Oslo") with { Tools = [Weather], ToolChoice = new LlmToolChoice(mode, name) }, Token);

        Assert.Equal([new ToolCallPart("simulated_call_1", "get_weather", """{"city":"Oslo"}""")], reply.Parts);
        Assert.Equal(FinishReason.ToolCalls, reply.FinishReason);
    }

    [Fact]
    public async Task After_the_results_of_tools_an_open_choice_is_answered_in_text()
    {
        await using var provider = new SimulatedProvider();
        var request = Request("City: Oslo") with { Tools = [Weather] };
        request = request with
        {
            Messages =
            [
                .. request.Messages,
                new LlmMessage(LlmRole.Assistant, [new ToolCallPart("simulated_call_1", "get_weather", "{}")]),
                new LlmMessage(LlmRole.Tool, [new ToolResultPart("simulated_call_1", "Sunny")]),
            ],
        };

        Assert.StartsWith("Simulated answer", (await provider.CompleteAsync(request, Token)).Text, StringComparison.Ordinal);
        var forced = await provider.CompleteAsync(request with { ToolChoice = LlmToolChoice.Named("get_weather") }, Token);
        Assert.Equal("simulated_call_2", Assert.IsType<ToolCallPart>(Assert.Single(forced.Parts)).Id);
    }

    [Theory]
    [InlineData(LlmToolChoiceMode.Named, "no_such_tool")]
    [InlineData(LlmToolChoiceMode.Required, null)]
    public async Task A_forced_call_without_its_tool_is_an_error(LlmToolChoiceMode mode, string? name)
    {
        await using var provider = new SimulatedProvider();
        var request = Request("hello") with { Tools = name is null ? [] : [Weather], ToolChoice = new LlmToolChoice(mode, name) };

        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(request, Token));

        Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
    }

    [Theory]
    [InlineData(OutputMode.Native)]
    [InlineData(OutputMode.Prompt)]
    [InlineData(OutputMode.Tool)]
    public async Task A_schema_is_filled_however_the_provider_is_told(OutputMode mode)
    {
        await using var provider = new SimulatedProvider();
        var prompt = $"City: Oslo\nAnswer with JSON of this schema:\n{City.GetRawText()}";

        var reply = await provider.CompleteAsync(Request(prompt) with { OutputSchema = new OutputSchema("Place", City, mode) }, Token);

        Assert.Equal("""{"city":"Oslo"}""", reply.Text);
    }

    [Fact]
    public async Task A_re_ask_and_the_results_of_tools_do_not_spoil_what_the_first_message_said()
    {
        await using var provider = new SimulatedProvider();
        var request = Request("Where am I?") with { OutputSchema = new OutputSchema("Place", City, OutputMode.Native) };
        request = request with
        {
            Messages =
            [
                LlmMessage.System("City: Nowhere"),
                .. request.Messages,
                new LlmMessage(LlmRole.Assistant, [new ToolCallPart("1", "locate", "{}")]),
                new LlmMessage(LlmRole.Tool, [new ToolResultPart("1", "City: Oslo")]),
                LlmMessage.Assistant("City: Bergen"),
                LlmMessage.User("The answer is not valid:\n/city: must not be null.\n/: the member 'country' is unknown."),
            ],
        };

        Assert.Equal("""{"city":"Oslo"}""", (await provider.CompleteAsync(request, Token)).Text);
    }

    [Fact]
    public async Task An_answer_longer_than_the_limit_is_cut_and_says_so()
    {
        await using var provider = new SimulatedProvider();

        var reply = await provider.CompleteAsync(Request("hello") with { MaxTokens = 2 }, Token);

        Assert.Equal(("Simulate", FinishReason.Length, 2L), (reply.Text, reply.FinishReason, reply.Usage!.OutputTokens));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_limit_of_less_than_a_token_is_refused_as_vendors_refuse_it(int limit)
    {
        await using var provider = new SimulatedProvider();

        var error = await Assert.ThrowsAsync<ProviderException>(() => provider.CompleteAsync(Request("Hi") with { MaxTokens = limit }, Token));

        Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
        Assert.Contains($"is {limit}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_request_gives_the_same_bytes()
    {
        var request = Request("Total: EUR 4.20\nCity: Oslo") with { OutputSchema = new OutputSchema("Place", City, OutputMode.Native) };
        await using var one = new SimulatedProvider();
        await using var other = new SimulatedProvider();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : other).CompleteAsync(request, Token)));

        Assert.Single(answers.Select(answer => answer.Text).Distinct());
    }

    public static TheoryData<string> Hostile => new(
        string.Concat(Enumerable.Repeat("1,", 500_000)),
        string.Concat(Enumerable.Repeat("a:\n", 300_000)),
        string.Concat(Enumerable.Repeat("- a:\n", 200_000)),
        string.Concat(Enumerable.Repeat("1 1\t", 250_000)),
        string.Concat(Enumerable.Repeat("{\"properties\"", 80_000)),
        string.Concat(Enumerable.Repeat("Thanks,\n", 120_000)),
        string.Concat(Enumerable.Repeat("A-1-", 250_000)),
        string.Concat(Enumerable.Repeat("2024-01-01 EUR 12.00  x@y.example  Anna Smith\n", 22_000)),
        new string(' ', 1_000_000),
        new string('A', 1_000_000),
        new string('|', 1_000_000),
        new string('\n', 1_000_000));

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public async Task A_prompt_of_a_megabyte_is_answered_in_seconds(string prompt)
    {
        var schema = JsonElement.Parse("""
            {"type":"object","properties":{"total":{"type":"number"},"date":{"type":"string","format":"date"},"name":{"type":"string"},
             "lines":{"type":"array","items":{"type":"object","properties":{"item":{"type":"string"},"price":{"type":"number"}},"required":["item","price"]}},
             "emails":{"type":"array","items":{"type":"string","format":"email"}}},"required":["total","date","name","lines","emails"]}
            """);
        var started = Stopwatch.StartNew();

        var text = await Asking.Json(schema, prompt);

        Assert.True(SchemaOracle.Accepts(JsonElement.Parse(text), schema));
        Assert.InRange(started.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }
}
