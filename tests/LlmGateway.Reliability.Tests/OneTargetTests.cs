using LlmGateway.Reliability.Tests.Fakes;

namespace LlmGateway.Reliability.Tests;

/// <summary>What a vendor may do, and what is right where there is nobody else to ask: at most <c>1 + LLM_MAX_RETRIES</c> requests, here 3.</summary>
public sealed class OneTargetTests
{
    /// <summary>Nothing of an answer came: a connection that failed like any other.</summary>
    private static readonly Right NoStream = Right.Error(ProviderErrorKind.Connection, "the stream was cut", 0, 0.5, 1.5);

    private static readonly Dictionary<string, Row> Rows = new Row[]
    {
        new("ok") { Whole = Right.Answer(0) },
        new("rate-limited-2s-once") { Whole = Right.Answer(0, 2) },
        new("rate-limited") { Whole = Right.Error(ProviderErrorKind.RateLimited, "HTTP 429", 0, 0.5, 1.5) },
        new("rate-limited-90s") { Whole = Right.Error(ProviderErrorKind.RateLimited, "asks to wait 90 s, longer than the 60 s that a call waits", 0) },
        new("overloaded") { Whole = Right.Error(ProviderErrorKind.Overloaded, "HTTP 503", 0, 0.5, 1.5) },
        new("overloaded-3s") { Whole = Right.Error(ProviderErrorKind.Overloaded, "HTTP 503", 0, 3, 6) },
        new("fails-once") { Whole = Right.Answer(0, 0.5) },
        new("fails") { Whole = Right.Error(ProviderErrorKind.ServerError, "HTTP 500", 0, 0.5, 1.5) },
        new("resets-once") { Whole = Right.Answer(0, 0.5) },
        new("resets") { Whole = Right.Error(ProviderErrorKind.Connection, "http://127.0.0.1:", 0, 0.5, 1.5) },
        new("hangs-up-once") { Whole = Right.Answer(0, 0.5) },
        new("hangs-up") { Whole = Right.Error(ProviderErrorKind.Connection, "http://127.0.0.1:", 0, 0.5, 1.5) },
        new("silent") { Whole = Right.Error(ProviderErrorKind.Timeout, "120 s (LLM_TIMEOUT_SECONDS)", 0) with { Ends = 120 } },
        new("late-first-token") { Whole = Right.Answer(0) with { Ends = 30 } },
        new("late-first-token-200s") { Whole = Right.Error(ProviderErrorKind.Timeout, "120 s (LLM_TIMEOUT_SECONDS)", 0) with { Ends = 120 } },
        new("cut")
        {
            Whole = Right.Error(ProviderErrorKind.Connection, "no complete answer", 0, 0.5, 1.5),
            Streamed = Right.Error(ProviderErrorKind.Truncated, "the stream was cut", 0) with { Characters = Story.Half },
        },
        new("ends-early")
        {
            Whole = Right.Error(ProviderErrorKind.MalformedReply, "not JSON", 0),
            Streamed = Right.Error(ProviderErrorKind.Truncated, "the stream was cut", 0) with { Characters = Story.Half },
        },
        new("stalls")
        {
            Whole = Right.Error(ProviderErrorKind.Timeout, "120 s (LLM_TIMEOUT_SECONDS)", 0) with { Ends = 120 },
            Streamed = Right.Error(ProviderErrorKind.Timeout, "15 s in the middle of its answer (LLM_IDLE_TIMEOUT_SECONDS)", 0) with { Ends = 15, Characters = Story.Half },
        },
        new("stalls-10s") { Whole = Right.Answer(0) with { Ends = 10 } },
        new("pings") { Whole = Right.Answer(0) with { Ends = 30 } },
        new("thinks-long") { Whole = Right.Answer(0) with { Ends = 30 } },
        new("malformed-event") { Whole = Right.Answer(0), Streamed = Right.Answer(0) with { Skipped = 1 } },
        new("malformed-cut")
        {
            Whole = Right.Error(ProviderErrorKind.MalformedReply, "not JSON", 0),
            Streamed = Right.Error(ProviderErrorKind.Truncated, "the stream was cut", 0) with { Characters = Story.Half },
        },
        new("no-sentinel") { Whole = Right.Answer(0) },
        new("error-event") { Whole = Right.Error(ProviderErrorKind.Overloaded, "Too much to do", 0, 0.5, 1.5) },
        new("error-event-once") { Whole = Right.Answer(0, 0.5) },
        new("error-event-late")
        {
            Whole = Right.Error(ProviderErrorKind.Overloaded, "Too much to do", 0, 0.5, 1.5),
            Streamed = Right.Error(ProviderErrorKind.Overloaded, "Too much to do", 0) with { Characters = Story.Half },
        },
        new("context-length") { Whole = Right.Error(ProviderErrorKind.ContextLength, "choose a model with a larger context window", 0) },
        new("unauthorized") { Whole = Right.Error(ProviderErrorKind.Authentication, "check LLM_API_KEY or ", 0) },
        new("forbidden") { Whole = Right.Error(ProviderErrorKind.Authentication, "HTTP 403", 0) },
        new("not-found") { Whole = Right.Error(ProviderErrorKind.NotFound, "The model 'not-found' does not exist", 0) },
        new("bad-request") { Whole = Right.Error(ProviderErrorKind.InvalidRequest, "HTTP 400", 0) },
        new("redirect") { Whole = Right.Error(ProviderErrorKind.MalformedReply, "a redirect, which is not followed because it would carry the key elsewhere", 0) },
        new("html") { Whole = Right.Error(ProviderErrorKind.MalformedReply, "not JSON", 0) },
        new("wrong-type") { Whole = Right.Error(ProviderErrorKind.MalformedReply, "not JSON", 0), Streamed = NoStream },
        new("wrong-shape") { Whole = Right.Error(ProviderErrorKind.MalformedReply, "Check LLM_BASE_URL", 0), Streamed = NoStream },
        new("empty") { Whole = Right.Error(ProviderErrorKind.MalformedReply, "not JSON", 0), Streamed = NoStream },
        new("drip-5s") { Whole = Right.Error(ProviderErrorKind.Timeout, "120 s", 0) with { Ends = 120 } },
    }.ToDictionary(row => row.Model);

    public static TheoryData<string, string, bool> Cases => [.. from row in Rows.Keys from dialect in Stage.Dialects from stream in new[] { false, true } select (row, dialect, stream)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task The_caller_is_told_what_is_right_and_the_vendor_is_not_hammered(string model, string dialect, bool stream) => Stage.SteadyAsync(async stage =>
    {
        // Bedrock's errors have a status of their own; in a whole body of 200 they mean nothing.
        if (model.StartsWith("error-event", StringComparison.Ordinal) && dialect == "bedrock" && !stream) return;
        var row = Rows[model];

        var told = await stage.AskAsync(row.With(stage.Config(dialect, model)), stream);

        (stream ? row.Streamed : row.Whole).Check(told, stage, dialect, model, stream);
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public Task A_refusal_or_a_filter_is_the_answer_and_not_asked_again(string model, string dialect, bool stream) => Stage.SteadyAsync(async stage =>
    {
        var told = await stage.AskAsync(stage.Config(dialect, model), stream);

        Assert.Contains(told.Reply!.FinishReason, new[] { FinishReason.Refusal, FinishReason.ContentFilter });
        Assert.NotNull(told.Reply.VendorFinishReason);
        Assert.Single(stage.Server.Requests);
    });

    public static TheoryData<string, string, bool> Ways => [.. from model in new[] { "refusal", "content-filter" } from dialect in Stage.Dialects from stream in new[] { false, true } select (model, dialect, stream)];

    [Theory]
    [MemberData(nameof(TooMuch))]
    public Task What_does_not_end_is_an_error_within_the_limits_of_size(string model, string dialect, bool stream) => Stage.SteadyAsync(async stage =>
    {
        stage.QuietMilliseconds = 400;
        var told = await stage.AskAsync(stage.Config(dialect, model), stream);

        Assert.Contains(told.Kind, new ProviderErrorKind?[] { ProviderErrorKind.MalformedReply, ProviderErrorKind.Connection });
        Assert.Contains(dialect == "bedrock" && stream && model == "bomb" ? "checksum is wrong" : "larger than", told.Message, StringComparison.Ordinal);
        Assert.InRange(stage.Server.Requests.Count, 1, 3);
        Assert.All(stage.Server.Requests, seen => Assert.InRange(seen.BytesSent, 0, 80L * 1024 * 1024));
    });

    public static TheoryData<string, string, bool> TooMuch => [.. from model in new[] { "gigantic", "bomb" } from dialect in Stage.Dialects from stream in new[] { false, true } select (model, dialect, stream)];

    [Theory]
    [InlineData("resets")]
    [InlineData("hangs-up")]
    public Task A_pooled_connection_that_breaks_is_tried_again_by_nobody_but_the_route(string model) => Stage.SteadyAsync(async stage =>
    {
        await using var client = stage.Client(stage.Config("openai", "ok") with { MaxRetries = 0 });
        Assert.Null((await stage.AskAsync(client, stream: false)).Error);
        await using var broken = stage.Client(stage.Config("openai", model) with { MaxRetries = 0 });

        var told = await stage.AskAsync(broken, stream: false);

        Assert.Equal(ProviderErrorKind.Connection, told.Kind);
        Assert.Equal(["ok", model], stage.Models);
    });

    [Fact]
    public Task Nobody_listens() => Stage.SteadyAsync(async stage =>
    {
        Uri nowhere;
        await using (var gone = new MisbehavingServer()) nowhere = gone.Url;

        var told = await stage.AskAsync(stage.Config("openai", "ok") with { BaseUrl = nowhere }, stream: false);

        Assert.Equal(ProviderErrorKind.Connection, told.Kind);
        Assert.Contains(nowhere.OriginalString, told.Message, StringComparison.Ordinal);
        Assert.Equal([0, 0.5, 1.5], told.Record!.Attempts.Select(attempt => (attempt.StartedAt - JumpingClock.Start).TotalSeconds));
        Assert.All(told.Record.Attempts, attempt => Assert.Equal(0, attempt.Usage.TotalTokens));
    });

    [Theory]
    [InlineData("rate-limited")]
    [InlineData("overloaded")]
    [InlineData("fails")]
    [InlineData("resets")]
    [InlineData("error-event")]
    public Task One_target_gets_three_requests_however_many_retries_are_allowed(string model) => Stage.SteadyAsync(async stage =>
    {
        var told = await stage.AskAsync(stage.Config("anthropic", model) with { MaxRetries = 10 }, stream: true);

        Assert.NotNull(told.Error);
        Assert.Equal([0, 0.5, 1.5], stage.Times);
    });
}
