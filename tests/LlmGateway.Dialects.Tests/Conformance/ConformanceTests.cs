using System.Text.Json;
using LlmGateway.Dialects.Tests.Laws;

namespace LlmGateway.Dialects.Tests.Conformance;

/// <summary>
/// One set of behaviours for every dialect, streamed and not, over real sockets: the client's half of a codec speaks with its
/// server's half. What each half makes of the vendors' own bytes is tested from documented fixtures, and by the vendors' clients.
/// </summary>
public class ConformanceTests
{
    private static readonly JsonElement City = JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""");

    private static readonly LlmTool Weather = new("weather", "Tells the weather.", City);

    public static TheoryData<string, bool> Ways => [.. All.Names.SelectMany(row => (bool[])[false, true], (row, streams) => (row.Data, streams))];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Text(string dialect, bool streams)
    {
        await using var caller = new Caller(dialect);

        var response = await caller.AskAsync(Request() with { MaxTokens = 77, StopSequences = ["END"] }, streams);

        Assert.Equal(("Hello, world", FinishReason.Stop), (response.Content.Text, response.Content.FinishReason));
        Assert.Equal(caller.Model, response.Model);
        var seen = Assert.Single(caller.Server.Requests);
        Assert.Equal([(LlmRole.System, "Be brief."), (LlmRole.User, "Hi")], seen.Messages.Select(message => (message.Role == LlmRole.Developer ? LlmRole.System : message.Role, message.Content)));
        Assert.Equal((77, streams), (seen.MaxTokens, seen.Stream));
        Assert.Equal(dialect == "openai_responses" ? [] : ["END"], seen.StopSequences); // Responses has no stop sequences,
        Assert.Equal(dialect == "openai_responses", response.Metadata.Losses.Any(loss => loss.Contains("stop", StringComparison.OrdinalIgnoreCase))); // which is said.
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task An_answer_cut_by_its_limit_says_so(string dialect, bool streams)
    {
        await using var caller = new Caller(dialect, "too-long");

        Assert.Equal(FinishReason.Length, (await caller.AskAsync(Request(), streams)).Content.FinishReason);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Parallel_tool_calls_and_their_results_one_of_them_an_error_one_with_a_picture(string dialect, bool streams)
    {
        await using var caller = new Caller(dialect);
        var request = Request() with { Tools = [Weather] };

        var first = await caller.AskAsync(request, streams);

        var calls = first.Content.Parts.OfType<ToolCallPart>().ToList();
        Assert.Equal([("weather", """{"city": "Oslo"}"""), ("weather", """{"city": "Rome"}""")], calls.Select(call => (call.Name, call.ArgumentsJson)));
        Assert.Equal(2, calls.Select(call => call.Id).Distinct().Count());
        Assert.Equal(FinishReason.ToolCalls, first.Content.FinishReason);

        var second = await caller.AskAsync(
            request with
            {
                Messages =
                [
                    .. request.Messages,
                    new LlmMessage(LlmRole.Assistant, first.Content.Parts),
                    new LlmMessage(LlmRole.Tool, [new ToolResultPart(calls[0].Id, "No such city.", isError: true) { Name = "weather" }, new ToolResultPart(calls[1].Id, [new TextPart("Sunny:"), Picture]) { Name = "weather" }]),
                ],
            },
            streams);

        Assert.Equal("Hello, world", second.Content.Text);
        var seen = caller.Server.Requests.Last();
        var tool = Assert.Single(seen.Tools);
        Assert.Equal(("weather", "Tells the weather."), (tool.Name, tool.Description));
        Middle.AssertSameJson(City.GetRawText(), tool.Parameters.GetRawText());
        var asked = seen.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().ToList();
        var answered = seen.Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().ToList();
        Assert.Equal(calls.Select(call => (call.Id, call.ArgumentsJson)), asked.Select(call => (call.Id, call.ArgumentsJson)));
        Assert.Equal(asked.Select(call => call.Id), answered.Select(result => result.CallId));
        Assert.Contains("No such city.", answered[0].Content, StringComparison.Ordinal);
        Assert.Contains("Sunny:", answered[1].Content, StringComparison.Ordinal);

        // A picture in a result stands there, or beside it, or its loss is said: it is never just gone.
        var hasPicture = seen.Messages.SelectMany(message => message.Parts).SelectMany(part => part is ToolResultPart result ? result.Parts : [part]).OfType<ImagePart>().Any(image => image.Source.Base64 == "iVBORw0KGgo=");
        Assert.True(hasPicture || second.Metadata.Losses.Count > 0);

        // So is the mark of an error.
        Assert.True(answered[0].IsError || second.Metadata.Losses.Any(loss => loss.Contains("error", StringComparison.OrdinalIgnoreCase)), string.Join(" ", second.Metadata.Losses));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Pictures_by_their_bytes_keep_each_byte(string dialect, bool streams)
    {
        await using var caller = new Caller(dialect);

        var response = await caller.AskAsync(Request() with { Messages = [new LlmMessage(LlmRole.User, [new TextPart("What is this?"), Picture])] }, streams);

        var message = Assert.Single(Assert.Single(caller.Server.Requests).Messages);
        var image = Assert.Single(message.Parts.OfType<ImagePart>());
        Assert.Equal(("iVBORw0KGgo=", "image/png"), (image.Source.Base64, image.Source.MediaType));
        Assert.Equal("What is this?", message.Content);
        Assert.Empty(response.Metadata.Losses);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Pictures_by_their_address_are_passed_on_or_refused_before_anything_is_sent(string dialect, bool streams)
    {
        await using var caller = new Caller(dialect);
        var request = Request() with { Messages = [new LlmMessage(LlmRole.User, [new TextPart("What is this?"), new ImagePart(MediaSource.FromUrl("https://example.com/a.png", "image/png"))])] };

        if (dialect == "bedrock")
        {
            var error = await Assert.ThrowsAsync<ProviderException>(() => caller.AskAsync(request, streams)); // Converse takes bytes and S3 locations only.
            Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
            Assert.Empty(caller.Server.Requests);
            return;
        }

        await caller.AskAsync(request, streams);
        Assert.Equal("https://example.com/a.png", Assert.Single(Assert.Single(caller.Server.Requests).Messages[0].Parts.OfType<ImagePart>()).Source.Url);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Thoughts_are_carried_into_the_next_turn_byte_for_byte(string dialect, bool streams)
    {
        await using var caller = new Caller(dialect, "thinks");
        var request = Request();
        var first = await caller.AskAsync(request, streams);
        var thoughts = first.Content.Parts.OfType<ThinkingPart>().ToList();
        Assert.NotEmpty(thoughts);

        var second = await caller.AskAsync(request with { Messages = [.. request.Messages, new LlmMessage(LlmRole.Assistant, first.Content.Parts), LlmMessage.User("And now?")] }, streams);

        var seen = caller.Server.Requests.Last().Messages.SelectMany(message => message.Parts).OfType<ThinkingPart>().ToList();
        if (dialect == "openai")
        {
            // Chat Completions has no place for them in a request, which is said.
            Assert.Contains(second.Metadata.Losses, loss => loss.Contains("think", StringComparison.OrdinalIgnoreCase) || loss.Contains("reason", StringComparison.OrdinalIgnoreCase));
            return;
        }

        Assert.Equal(thoughts.Select(Seal), seen.Select(Seal));
        Assert.Contains(seen, part => part.Signature is not null || part.EncryptedContent is not null);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_schema_reaches_the_other_side_whole(string dialect, bool streams)
    {
        await using var caller = new Caller(dialect);

        var response = await caller.AskAsync(Request() with { OutputSchema = new OutputSchema("place", City, OutputMode.Native) }, streams);

        Assert.Equal("""{"city":"Oslo"}""", response.Content.Text);
        Middle.AssertSameJson(City.GetRawText(), Assert.Single(caller.Server.Requests).OutputSchema!.Schema.GetRawText());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Usage_counts_all_input_cached_included(string dialect, bool streams)
    {
        await using var caller = new Caller(dialect, "writes-cache");

        var usage = (await caller.AskAsync(Request(), streams)).Usage;

        Assert.Equal((30, 4, 5), (usage.InputTokens, usage.CacheReadTokens, usage.OutputTokens));
        Assert.False(usage.IsEstimated);
        if (dialect is "anthropic" or "bedrock") Assert.Equal((9, 6), (usage.CacheWriteTokens, usage.CacheWrite1hTokens));
        else Assert.Equal(2, usage.ReasoningTokens);
    }

    public static TheoryData<string, bool, ProviderErrorKind> Errors =>
    [
        .. All.Names.SelectMany(
            row => (ProviderErrorKind[])[ProviderErrorKind.RateLimited, ProviderErrorKind.Overloaded, ProviderErrorKind.ServerError, ProviderErrorKind.Authentication, ProviderErrorKind.NotFound, ProviderErrorKind.InvalidRequest, ProviderErrorKind.ContextLength],
            (row, kind) => (row.Data, kind)).SelectMany(pair => (bool[])[false, true], (pair, streams) => (pair.Data, streams, pair.kind)),
    ];

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Errors_keep_their_kind(string dialect, bool streams, ProviderErrorKind kind)
    {
        await using var caller = new Caller(dialect, $"fails-{kind}");

        var error = await Assert.ThrowsAnyAsync<GatewayException>(() => caller.AskAsync(Request(), streams));

        var failure = Assert.IsAssignableFrom<ProviderException>(error);
        Assert.Equal(kind, failure.Kind);
        Assert.Single(caller.Server.Requests);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task A_stream_that_fails_midway_is_the_vendors_own_error_with_what_came(string dialect)
    {
        await using var caller = new Caller(dialect, "fails-midway");

        var error = await Assert.ThrowsAsync<ProviderException>(() => caller.AskAsync(Request(), streams: true));

        Assert.Equal((ProviderErrorKind.Overloaded, "Hello, world"), (error.Kind, error.PartialReply!.Text));
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task A_stream_that_is_cut_is_truncated_with_what_came(string dialect)
    {
        await using var caller = new Caller(dialect, "is-cut");

        var error = await Assert.ThrowsAsync<ProviderException>(() => caller.AskAsync(Request(), streams: true));

        Assert.Equal((ProviderErrorKind.Truncated, "Hello, world"), (error.Kind, error.PartialReply!.Text));
        Assert.True(error.Record!.Usage.OutputTokens > 0);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_call_that_its_caller_gives_up_lets_go_of_the_connection(string dialect, bool streams)
    {
        await using var caller = new Caller(dialect, "hangs");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var request = Request() with { Model = caller.Model };

        if (streams)
        {
            var text = "";
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var delta in caller.Client.StreamAsync(request, cancel.Token))
                {
                    text += (delta as TextDelta)?.Text;
                    if (text == "Hello") await cancel.CancelAsync();
                }
            });
            Assert.Equal("Hello", text);
        }
        else
        {
            var answer = caller.Client.CompleteAsync(request, cancel.Token);
            while (caller.Server.Requests.Count == 0) await Task.Delay(5, TestContext.Current.CancellationToken);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        }

        await caller.Server.CallerGone.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static ImagePart Picture => new(MediaSource.FromBase64("iVBORw0KGgo=", "image/png"));

    private static LlmRequest Request() => new() { Messages = [LlmMessage.System("Be brief."), LlmMessage.User("Hi")], MaxTokens = 100 };

    private static (string, string?, string?) Seal(ThinkingPart part) => (part.Text, part.Signature, part.EncryptedContent);
}
