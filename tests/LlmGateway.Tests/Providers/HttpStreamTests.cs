using System.Text;
using LlmGateway.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;
using static LlmGateway.Tests.Fakes.RawServer;

namespace LlmGateway.Tests.Providers;

/// <summary>Streams over real sockets, in each text dialect: whole ones, cut ones, failing ones, silent ones.</summary>
public class HttpStreamTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: req_7\r\nConnection: close\r\n\r\n";

    private static readonly Dictionary<string, (string[] Begin, string[] End, string Error)> Streams = new()
    {
        ["openai"] = (
            ["""{"id":"r1","model":"m1","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]}""", """{"choices":[{"index":0,"delta":{"content":"lo"}}]}"""],
            ["""{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"""],
            """{"error":{"message":"Too much.","type":"server_error","code":"overloaded"}}"""),
        ["openai_responses"] = (
            ["""{"type":"response.created","response":{"id":"r1","model":"m1"}}""", """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hel"}""", """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"lo"}"""],
            ["""{"type":"response.completed","response":{"id":"r1","model":"m1","status":"completed","usage":{"input_tokens":3,"output_tokens":2}}}"""],
            """{"type":"error","code":"overloaded","message":"Too much."}"""),
        ["anthropic"] = (
            ["""{"type":"message_start","message":{"id":"r1","model":"m1","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}""", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}""", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}}"""],
            ["""{"type":"content_block_stop","index":0}""", """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}""", """{"type":"message_stop"}"""],
            """{"type":"error","error":{"type":"overloaded_error","message":"Too much."}}"""),
        ["gemini"] = (
            ["""{"responseId":"r1","modelVersion":"m1","candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}""", """{"candidates":[{"content":{"parts":[{"text":"lo"}]}}]}"""],
            ["""{"candidates":[{"content":{"parts":[]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}"""],
            """{"error":{"code":503,"message":"Too much.","status":"UNAVAILABLE"}}"""),
    };

    public static TheoryData<string> Dialects => [.. Streams.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_whole_stream_ends_at_its_terminal_signal_though_the_connection_stays_open(string name)
    {
        await using var server = new RawServer(async (_, stream, token) =>
        {
            await stream.WriteAsync(Bytes(Head + Events([.. Streams[name].Begin, .. Streams[name].End])), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var llm = Client(server, name);

        var (deltas, error) = await CollectAsync(llm.StreamAsync("Hi", cancellationToken: Token));

        Assert.Null(error);
        Assert.Equal(["Hel", "lo"], deltas.OfType<TextDelta>().Select(delta => delta.Text).Where(text => text.Length > 0));
        var response = Assert.IsType<ResponseDelta>(deltas[^1]).Response;
        Assert.Equal(("Hello", "r1", "m1", FinishReason.Stop), (response.Content.Text, response.Content.Id, response.Model, response.Content.FinishReason));
        Assert.Equal((3, 2, false), (response.Usage.InputTokens, response.Usage.OutputTokens, response.Usage.IsEstimated));
        Assert.Equal("req_7", response.Metadata.RequestId);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_stream_that_breaks_in_the_middle_is_truncated_and_carries_what_was_received(string name)
    {
        await using var server = new RawServer(Bytes(Head + Events(Streams[name].Begin)));
        await using var llm = Client(server, name);

        var (deltas, error) = await CollectAsync(llm.StreamAsync("Hi", cancellationToken: Token));

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal(ProviderErrorKind.Truncated, failure.Kind);
        Assert.Equal("Hello", failure.PartialReply!.Text);
        Assert.True(failure.Record!.Usage.OutputTokens > 0);
        Assert.Equal("Hello", string.Concat(deltas.OfType<TextDelta>().Select(delta => delta.Text)));
        Assert.Single(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task An_error_event_has_its_own_kind(string name)
    {
        await using var server = new RawServer(Bytes(Head + Events([.. Streams[name].Begin, Streams[name].Error])));
        await using var llm = Client(server, name);

        var (_, error) = await CollectAsync(llm.StreamAsync("Hi", cancellationToken: Token));

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal(ProviderErrorKind.Overloaded, failure.Kind);
        Assert.Contains("Too much.", failure.Message, StringComparison.Ordinal);
        Assert.Equal("Hello", failure.PartialReply!.Text);
    }

    [Fact]
    public async Task What_an_answer_used_that_failed_is_counted()
    {
        const string Failed = """{"type":"response.failed","response":{"id":"r1","status":"failed","error":{"code":"server_error","message":"It broke."},"usage":{"input_tokens":30,"output_tokens":4}}}""";
        await using var server = new RawServer(Bytes(Head + Events([.. Streams["openai_responses"].Begin, Failed])));
        await using var llm = Client(server, "openai_responses");

        var (_, error) = await CollectAsync(llm.StreamAsync("Hi", cancellationToken: Token));

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal((ProviderErrorKind.ServerError, "Hello"), (failure.Kind, failure.PartialReply!.Text));
        Assert.Equal((30, 4, false), (failure.Record!.Usage.InputTokens, failure.Record.Usage.OutputTokens, failure.Record.Usage.IsEstimated));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_malformed_event_is_passed_over_and_counted(string name)
    {
        var (begin, end, _) = Streams[name];
        await using var server = new RawServer(Bytes(Head + Events([.. begin, "{broken", .. end])));
        await using var llm = Client(server, name);

        var (deltas, error) = await CollectAsync(llm.StreamAsync("Hi", cancellationToken: Token));

        Assert.Null(error);
        var response = Assert.IsType<ResponseDelta>(deltas[^1]).Response;
        Assert.Equal(("Hello", 1), (response.Content.Text, response.Metadata.SkippedEvents));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Leaving_the_loop_closes_the_connection(string name)
    {
        var isGone = new TaskCompletionSource();
        await using var server = new RawServer(async (_, stream, token) =>
        {
            await stream.WriteAsync(Bytes(Head + Events(Streams[name].Begin)), token);
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, token); // The other side's end.
            isGone.SetResult();
        });
        await using var llm = Client(server, name);

        await foreach (var delta in llm.StreamAsync("Hi", cancellationToken: Token))
        {
            if (delta is TextDelta { Text: "lo" }) break;
        }

        await isGone.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.True(llm.TotalTokens > 0);
    }

    [Fact]
    public async Task An_answer_in_one_piece_to_a_request_for_a_stream_is_taken_as_it_is()
    {
        await using var server = new RawServer(Response(200, """{"id":"r1","model":"m1","choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}""", "Content-Type: application/json"));
        await using var llm = Client(server, "openai");

        var (deltas, error) = await CollectAsync(llm.StreamAsync("Hi", cancellationToken: Token));

        Assert.Null(error);
        Assert.Equal("Hello", Assert.IsType<ResponseDelta>(deltas[^1]).Response.Content.Text);
        Assert.True(Assert.IsType<ResponseDelta>(deltas[^1]).Response.Usage.IsEstimated);
    }

    [Fact]
    public async Task An_error_before_the_stream_is_retried_by_its_status()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        await using var server = new RawServer(Response(429, """{"error":{"message":"Slow down.","code":"rate_limit_exceeded"}}""", "Retry-After: 0"), Bytes(Head + Events([.. Streams["openai"].Begin, .. Streams["openai"].End])));
        await using var llm = Client(server, "openai", time);

        var (deltas, error) = await CollectAsync(llm.StreamAsync("Hi", cancellationToken: Token));

        Assert.Null(error);
        Assert.Equal(2, Assert.IsType<ResponseDelta>(deltas[^1]).Response.Metadata.Attempts.Count);
    }

    private static LlmClient Client(RawServer server, string dialect, TimeProvider? time = null) => new(
        new GatewayConfig { Provider = dialect, BaseUrl = server.Url, ApiKey = "k", Model = "m", MaxRetries = 1 },
        new LlmClientOptions { Services = new ProviderServices { TimeProvider = time ?? TimeProvider.System } });

    private static string Events(IEnumerable<string> events) => string.Concat(events.Select(data => $"data: {data}\n\n"));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<(List<LlmDelta> Deltas, Exception? Error)> CollectAsync(IAsyncEnumerable<LlmDelta> stream)
    {
        var deltas = new List<LlmDelta>();
        try
        {
            await foreach (var delta in stream) deltas.Add(delta);
            return (deltas, null);
        }
        catch (Exception e)
        {
            return (deltas, e);
        }
    }
}
