using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Tests.Telemetry;

public sealed class CaptureTests
{
    private const string Canary = "canary-in-the-prompt";
    private const string AnswerCanary = "canary-in-the-answer";
    private const string Key = "sk-ant-secret-key-canary";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prompt_and_answer_stand_on_the_calls_span_where_capture_is_on()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply(AnswerCanary));
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client(new GatewayConfig { CaptureMessageContent = true }).CompleteTextAsync(
            [LlmMessage.System("Be brief."), LlmMessage.User(Canary), LlmMessage.Assistant("So?"), LlmMessage.User("Go on.")], cancellationToken: Token);

        Same($$"""
            [{"role":"user","parts":[{"type":"text","content":"{{Canary}}"}]},
             {"role":"assistant","parts":[{"type":"text","content":"So?"}]},
             {"role":"user","parts":[{"type":"text","content":"Go on."}]}]
            """, spans.Call.GetTagItem("gen_ai.input.messages"));
        Same("""[{"type":"text","content":"Be brief."}]""", spans.Call.GetTagItem("gen_ai.system_instructions"));
        Same($$"""[{"role":"assistant","parts":[{"type":"text","content":"{{AnswerCanary}}"}],"finish_reason":"end_turn"}]""", spans.Call.GetTagItem("gen_ai.output.messages"));
        Assert.DoesNotContain(Canary, TextOf(spans.Attempts), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_part_has_its_form()
    {
        var reply = new LlmReply
        {
            Parts = [new ThinkingPart("hm", "sig"), new ToolCallPart("c1", "find", """{"a":[1,2]}"""), new ToolCallPart("c2", "find", "{not json")],
            FinishReason = FinishReason.ToolCalls,
        };
        var provider = new TelemetryProvider(reply);
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client(new GatewayConfig { CaptureMessageContent = true }).CompleteTextAsync(
            [LlmMessage.User("x"), new LlmMessage(LlmRole.Tool, [new ToolResultPart("c0", "42"), new RawPart("anthropic", "{}")])], cancellationToken: Token);

        Same("""
            [{"role":"user","parts":[{"type":"text","content":"x"}]},
             {"role":"tool","parts":[{"type":"tool_call_response","id":"c0","response":"42"},{"type":"other"}]}]
            """, spans.Call.GetTagItem("gen_ai.input.messages"));
        Same("""
            [{"role":"assistant","parts":[
              {"type":"reasoning","content":"hm"},
              {"type":"tool_call","id":"c1","name":"find","arguments":{"a":[1,2]}},
              {"type":"tool_call","id":"c2","name":"find","arguments":"{not json"}],
              "finish_reason":"tool_calls"}]
            """, spans.Call.GetTagItem("gen_ai.output.messages"));
    }

    [Fact]
    public async Task A_text_that_is_no_valid_unicode_does_not_fail_the_call()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply("cut \uD83D"));
        using var spans = new SpanCollector(provider.DefaultModel);

        await provider.Client(new GatewayConfig { CaptureMessageContent = true }).CompleteTextAsync("half an emoji: \uD83D!", cancellationToken: Token);

        Assert.Contains("half an emoji", (string?)spans.Call.GetTagItem("gen_ai.input.messages"), StringComparison.Ordinal);
        Assert.Contains("cut", (string?)spans.Call.GetTagItem("gen_ai.output.messages"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_failed_validation_is_captured_too()
    {
        var provider = new TelemetryProvider(TelemetryProvider.Reply(AnswerCanary));
        using var spans = new SpanCollector(provider.DefaultModel);

        await Assert.ThrowsAsync<ResponseValidationException>(
            () => provider.Client(new GatewayConfig { CaptureMessageContent = true, MaxReasks = 0 }).CompleteAsync<int[]>("x", cancellationToken: Token));

        Assert.Contains(AnswerCanary, (string?)spans.Call.GetTagItem("gen_ai.output.messages"), StringComparison.Ordinal);
    }

    /// <summary>Through the real codec and HTTP, since that is where the key is.</summary>
    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    public async Task Without_capture_no_span_and_no_log_line_holds_prompt_answer_or_key(int status)
    {
        var model = $"claude-{Guid.NewGuid():N}";
        using var spans = new SpanCollector(model);
        using var log = new RecordingLoggerProvider();
        using var factory = log.Factory();
        using var http = new HttpClient(new Answering(status));
        await using var client = new LlmClient(
            new GatewayConfig { Provider = "anthropic", Model = model, ApiKey = Key },
            new LlmClientOptions { Services = new ProviderServices { HttpClient = http, LoggerFactory = factory } });

        var call = client.CompleteTextAsync([LlmMessage.System(Canary), LlmMessage.User(Canary)], cancellationToken: Token);
        if (status == 200) await call;
        else await Assert.ThrowsAsync<ProviderException>(() => call);

        var told = TextOf(spans.All) + string.Join('\n', log.Lines.Select(l => l.Text + l.Exception));
        Assert.Equal(2, spans.All.Count);
        Assert.NotEmpty(log.Lines);
        Assert.DoesNotContain(Canary, told, StringComparison.Ordinal);
        Assert.DoesNotContain(AnswerCanary, told, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, told, StringComparison.Ordinal);
        Assert.All(spans.All, s => Assert.DoesNotContain(s.TagObjects, t => t.Key is "gen_ai.input.messages" or "gen_ai.output.messages" or "gen_ai.system_instructions"));
    }

    [Fact]
    public async Task With_capture_the_key_is_still_nowhere()
    {
        var model = $"claude-{Guid.NewGuid():N}";
        using var spans = new SpanCollector(model);
        using var http = new HttpClient(new Answering(200));
        await using var client = new LlmClient(
            new GatewayConfig { Provider = "anthropic", Model = model, ApiKey = Key, CaptureMessageContent = true },
            new LlmClientOptions { Services = new ProviderServices { HttpClient = http } });

        await client.CompleteTextAsync(Canary, cancellationToken: Token);

        Assert.Contains(Canary, TextOf(spans.All), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, TextOf(spans.All), StringComparison.Ordinal);
    }

    private static void Same(string expected, object? actual)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(Assert.IsType<string>(actual));
        Assert.True(JsonElement.DeepEquals(left.RootElement, right.RootElement), (string)actual);
    }

    private static string TextOf(IEnumerable<Activity> spans)
    {
        var text = new StringBuilder();
        foreach (var span in spans)
        {
            text.AppendLine(span.DisplayName).AppendLine(span.StatusDescription);
            foreach (var (name, value) in span.TagObjects) text.Append(name).Append('=').AppendLine(value is string[] items ? string.Join(',', items) : $"{value}");
            foreach (var e in span.Events) text.AppendLine(e.Name).AppendLine(string.Join(',', e.Tags));
            foreach (var (name, value) in span.Baggage) text.AppendLine(name).AppendLine(value);
        }

        return text.ToString();
    }

    /// <summary>Some vendors quote the key and the prompt in their errors; this one does.</summary>
    private sealed class Answering(int status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = status == 200
                ? $$$"""{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[{"type":"text","text":"{{{AnswerCanary}}}"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}"""
                : $$$"""{"type":"error","error":{"type":"authentication_error","message":"{{{Key}}} may not ask {{{Canary}}}"}}""";
            return Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
