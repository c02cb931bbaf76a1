using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>What goes together with a schema over HTTP: tools, limits, refusals, vendors that are believed and such as are not.</summary>
public class SchemaMoreTests
{
    private const string Oslo = """{"city":"Oslo"}""";

    private static readonly LlmTool Weather = new("weather", "The weather.", JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""").RootElement);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Ways()
    {
        var ways = new TheoryData<string, bool>();
        foreach (var dialect in Served.Dialects)
            foreach (var stream in (bool[])[false, true]) ways.Add(dialect, stream);
        return ways;
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task To_a_vendor_that_is_believed_bytes_go_as_they_came_and_come_as_they_were_written(string dialect, bool stream)
    {
        var said = Shaped.Says("""{ "town" : "Oslo" }"""); // Not by the schema: it is believed.
        await using var shaped = await Shaped.StartAsync((_, _) => said, configure: static options => options.SignOfLifeInterval = TimeSpan.FromMilliseconds(1));
        var request = Shaped.Asks($"to_{dialect}/m", stream);
        using var response = await shaped.AskAsync(dialect, request);
        var body = await response.Content.ReadAsByteArrayAsync(Token);

        Assert.Equal("relay", response.Headers.GetValues("x-llm-gateway-mode").Single());
        var sent = Assert.Single(shaped.Vendor.Bodies);
        var own = Asking.BodyOf(dialect, request with { Model = "m" });
        if (dialect != "openai" || !stream) Assert.Equal(own, Encoding.UTF8.GetString(sent)); // Of a stream of OpenAI's the counts are asked for.
        var expected = new ArrayBufferWriter<byte>();
        if (!stream) Dialect.Find(dialect)!.EncodeReply(said, expected, []);
        if (!stream) Assert.Equal(Encoding.UTF8.GetString(expected.WrittenSpan), Encoding.UTF8.GetString(body));
        else Assert.Equal("""{ "town" : "Oslo" }""", (await Asking.ReadStreamAsync(dialect, new MemoryStream(body))).Text);
        if (stream) Assert.DoesNotContain("waiting", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Nobody_is_believed_where_native_schemas_are_to_be_checked(string dialect, bool stream)
    {
        await using var shaped = await Shaped.StartAsync((number, _) => Shaped.Says(number == 0 ? """{"town":"Oslo"}""" : Oslo), configure: static options => options.CheckNativeSchemas = true);

        var reply = await shaped.AnswerAsync(dialect, Shaped.Asks($"to_{dialect}/m", stream));

        Assert.Equal(Oslo, reply.Text);
        Assert.Equal(2, shaped.Vendor.Requests.Count);
        Assert.All(shaped.Vendor.Requests, static asked => Assert.NotNull(asked.OutputSchema));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_model_may_call_the_callers_tools_first(string dialect, bool stream)
    {
        await using var shaped = await Shaped.StartAsync((number, _) => number == 0 ? Shaped.Calling("weather", Oslo) : Shaped.Calling("answer", Oslo));
        var request = Shaped.Asks($"to_{Shaped.Other(dialect)}/by-tool/m", stream) with { Tools = [Weather] };

        var first = await shaped.AnswerAsync(dialect, request);
        var second = await shaped.AnswerAsync(dialect, request with { Messages = [.. request.Messages, new LlmMessage(LlmRole.Assistant, first.Parts), new LlmMessage(LlmRole.Tool, [new ToolResultPart(first.Parts.OfType<ToolCallPart>().Single().Id, "Rain.")])] });

        Assert.Equal(("weather", FinishReason.ToolCalls), (Assert.IsType<ToolCallPart>(Assert.Single(first.Parts)).Name, first.FinishReason));
        Assert.Equal((Oslo, FinishReason.Stop), (second.Text, second.FinishReason));
        Assert.All(shaped.Vendor.Requests, static asked => Assert.Equal(["answer", "weather"], asked.Tools.Select(static tool => tool.Name)));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_tool_of_the_callers_may_have_any_name(string dialect, bool stream)
    {
        await using var shaped = await Shaped.StartAsync((number, _) => number == 0 ? Shaped.Calling("answer", Oslo) : Shaped.Calling("answer_2", Oslo));
        var request = Shaped.Asks($"to_{Shaped.Other(dialect)}/by-tool/m", stream) with { Tools = [Weather with { Name = "answer" }] };

        var first = await shaped.AnswerAsync(dialect, request);
        var second = await shaped.AnswerAsync(dialect, request);

        Assert.Equal("answer", Assert.IsType<ToolCallPart>(Assert.Single(first.Parts)).Name);
        Assert.Equal(Oslo, second.Text);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Where_a_tool_must_be_called_a_text_that_comes_all_the_same_is_checked(string dialect, bool stream)
    {
        await using var shaped = await Shaped.StartAsync((number, _) => number switch { 0 => Shaped.Calling("weather", Oslo), 1 => Shaped.Says("It rains."), _ => Shaped.Says($"Here: {Oslo}") });
        var request = Shaped.Asks($"to_{Shaped.Other(dialect)}/by-tool/m", stream) with { Tools = [Weather], ToolChoice = LlmToolChoice.Named("weather") };

        var called = await shaped.AnswerAsync(dialect, request);
        var said = await shaped.AnswerAsync(dialect, request);

        Assert.Equal("weather", Assert.IsType<ToolCallPart>(Assert.Single(called.Parts)).Name);
        Assert.Equal(Oslo, said.Text);
        var asked = shaped.Vendor.Requests.ToList();
        Assert.Equal(3, asked.Count);
        Assert.All(asked, static one => Assert.Equal(["weather"], one.Tools.Select(static tool => tool.Name))); // No way round the tool is offered.
        Assert.Single(asked[0].Messages);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_refusal_comes_as_one(string dialect, bool stream)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        using var response = await served.AskAsync(dialect, Shaped.Asks($"on_{Shaped.Other(dialect)}/refusal", stream));

        var reply = await Asking.ReadAsync(dialect, response);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains(reply.FinishReason, (FinishReason[])[FinishReason.Refusal, FinishReason.ContentFilter]);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("by-tool")]
    public async Task A_cut_answer_comes_as_one_and_without_our_wrapper(string kind)
    {
        const string Cut = """{ "value": [{"city":"Os""";
        await using var shaped = await Shaped.StartAsync((_, request) => kind == "plain" ? Shaped.Says(Cut, FinishReason.Length) : Shaped.Calling(request.Tools.Single().Name, Cut, FinishReason.Length));
        foreach (var dialect in Served.Dialects)
        {
            foreach (var stream in (bool[])[false, true])
            {
                // A protocol whose calls are objects has no form for half of one.
                var vendor = kind == "plain" ? Shaped.Other(dialect) : dialect == "openai" ? "openai_responses" : "openai";
                var reply = await shaped.AnswerAsync(dialect, Shaped.Asks($"to_{vendor}/{kind}/m", stream, Shaped.Cities) with { MaxTokens = 10 });

                Assert.Equal(("""[{"city":"Os""", FinishReason.Length), (reply.Text, reply.FinishReason));
            }
        }

        Assert.Equal(8, shaped.Vendor.Requests.Count); // None was asked twice: the limit was the caller's.
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_cut_answer_is_asked_for_again_with_more_room_where_the_caller_set_no_limit(string dialect, bool stream)
    {
        await using var shaped = await Shaped.StartAsync((number, _) => number % 2 == 0 ? Shaped.Says("""{"city":"Os""", FinishReason.Length) : Shaped.Says(Oslo), configure: static options => options.Config!.RetryMaxTokens = 9000);

        var reply = await shaped.AnswerAsync(dialect == "anthropic" ? "openai" : dialect, Shaped.Asks("to_anthropic/plain/m", stream) with { MaxTokens = null }); // It must be told a limit: the gateway's own.

        Assert.Equal(Oslo, reply.Text);
        Assert.Equal([4096, 9000], shaped.Vendor.Requests.Select(static asked => asked.MaxTokens ?? 0));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task But_never_beyond_the_callers_own_limit(string dialect, bool stream)
    {
        await using var shaped = await Shaped.StartAsync((_, _) => Shaped.Says("""{"city":"Os""", FinishReason.Length), configure: static options => options.Config!.RetryMaxTokens = 9000);

        var reply = await shaped.AnswerAsync(dialect, Shaped.Asks($"to_{Shaped.Other(dialect)}/plain/m", stream) with { MaxTokens = 50 });

        Assert.Equal(("""{"city":"Os""", FinishReason.Length), (reply.Text, reply.FinishReason));
        Assert.Equal(50, Assert.Single(shaped.Vendor.Requests).MaxTokens);
    }

    [Theory]
    [InlineData("openai", "anthropic")]
    [InlineData("openai", "bedrock")]
    [InlineData("openai_responses", "gemini")]
    [InlineData("openai_responses", "anthropic")]
    [InlineData("gemini", "anthropic")]
    public async Task Any_object_may_be_asked_for_of_a_vendor_that_has_no_such_mode(string dialect, string vendor)
    {
        await using var shaped = await Shaped.StartAsync((number, _) => Shaped.Says(number % 2 == 0 ? "Oslo." : $"Here: {Oslo}"));
        foreach (var stream in (bool[])[false, true])
        {
            var reply = await shaped.AnswerAsync(dialect, Shaped.Asks($"to_{vendor}/plain/m", stream) with { OutputSchema = null, JsonMode = true });

            Assert.Equal(Oslo, reply.Text);
        }

        Assert.Equal(4, shaped.Vendor.Requests.Count);
        Assert.All(shaped.Vendor.Requests, static asked => Assert.False(asked.JsonMode));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task An_answer_that_stays_invalid_says_what_a_caller_and_its_operator_can_do(string dialect, bool stream)
    {
        await using var shaped = await Shaped.StartAsync((_, _) => Shaped.Says("""{"town":"Oslo"}"""));
        using var response = await shaped.AskAsync(dialect, Shaped.Asks($"to_{Shaped.Other(dialect)}/plain/m", stream));

        var error = await Assert.ThrowsAsync<DialectException>(() => Asking.ReadAsync(dialect, response));

        Assert.Equal(dialect.StartsWith("openai", StringComparison.Ordinal) ? 502 : 500, (int)response.StatusCode); // As the protocol has it.
        var words = error.VendorError!.Message!;
        Assert.Contains("after 3 requests: ", words, StringComparison.Ordinal);
        Assert.Contains("city", words, StringComparison.Ordinal);
        Assert.Contains("Name another model", words, StringComparison.Ordinal);
        Assert.DoesNotContain("RawText", words, StringComparison.Ordinal);
    }
}
