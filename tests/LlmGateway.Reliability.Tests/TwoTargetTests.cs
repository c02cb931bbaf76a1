using LlmGateway.Reliability.Tests.Fakes;

namespace LlmGateway.Reliability.Tests;

/// <summary>The same where another target is healthy: the caller gets the complete answer, or the one error that another target could not have helped.</summary>
public sealed class TwoTargetTests
{
    private static readonly Dictionary<string, Row> Rows = new Row[]
    {
        new("ok") { Whole = Right.Answer(0) },
        new("rate-limited-2s-once") { Whole = Right.Answer(0, 2) },
        new("rate-limited-20s") { Whole = Right.Other(0, 0) },
        new("rate-limited") { Whole = Right.Other(0, 0.5, 1.5, 1.5) },
        new("overloaded") { Whole = Right.Other(0, 0.5, 1.5, 1.5) },
        new("fails-once") { Whole = Right.Answer(0, 0.5) },
        new("fails") { Whole = Right.Other(0, 0.5, 0.5) },
        new("down-60s") { Whole = Right.Other(0, 0.5, 1.5, 1.5) },
        new("resets") { Whole = Right.Other(0, 0) },
        new("hangs-up") { Whole = Right.Other(0, 0) },
        new("silent") { Whole = Right.Other(0, 120), Streamed = Right.Other(0, 10) },
        new("late-first-token") { Whole = Right.Answer(0) with { Ends = 30 }, Streamed = Right.Other(0, 10) },
        new("cut") { Whole = Right.Other(0, 0) },
        new("cut-after-1") { Whole = Right.Other(0, 0) },
        new("cut-after-599") { Whole = Right.Other(0, 0) },
        new("ends-early") { Whole = Right.Other(0, 0) },
        new("stalls") { Whole = Right.Other(0, 120), Streamed = Right.Other(0, 15) },
        new("thinks-long") { Whole = Right.Answer(0) with { Ends = 30 } },
        new("malformed-event") { Whole = Right.Answer(0), Streamed = Right.Answer(0) with { Skipped = 1 } },
        new("malformed-cut") { Whole = Right.Other(0, 0) },
        new("no-sentinel") { Whole = Right.Answer(0) },
        new("error-event") { Whole = Right.Other(0, 0.5, 1.5, 1.5) },
        new("error-event-late") { Whole = Right.Other(0, 0.5, 1.5, 1.5), Streamed = Right.Other(0, 0) },
        new("context-length") { Whole = Right.Error(ProviderErrorKind.ContextLength, "larger context window", 0) },
        new("unauthorized") { Whole = Right.Error(ProviderErrorKind.Authentication, "HTTP 401", 0) },
        new("forbidden") { Whole = Right.Error(ProviderErrorKind.Authentication, "HTTP 403", 0) },
        new("not-found") { Whole = Right.Error(ProviderErrorKind.NotFound, "HTTP 404", 0) },
        new("bad-request") { Whole = Right.Error(ProviderErrorKind.InvalidRequest, "HTTP 400", 0) },
        new("redirect") { Whole = Right.Other(0, 0) },
        new("html") { Whole = Right.Other(0, 0) },
        new("wrong-type") { Whole = Right.Other(0, 0) },
        new("wrong-shape") { Whole = Right.Other(0, 0) },
        new("empty") { Whole = Right.Other(0, 0) },
        new("gigantic") { Whole = Right.Other(0, 0) },
        new("bomb") { Whole = Right.Other(0, 0) },
        new("drip-5s") { Whole = Right.Other(0, 120), Streamed = Right.Other(0, 10) },
    }.ToDictionary(row => row.Model);

    public static TheoryData<string, string, bool> Cases => [.. from row in Rows.Keys from dialect in Stage.Dialects from stream in new[] { false, true } select (row, dialect, stream)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task The_caller_gets_the_whole_answer_or_the_one_error_that_is_right(string model, string dialect, bool stream) => Stage.SteadyAsync(async stage =>
    {
        if (model.StartsWith("error-event", StringComparison.Ordinal) && dialect == "bedrock" && !stream) return;
        if (model is "gigantic" or "bomb") stage.QuietMilliseconds = 400;
        var row = Rows[model];

        var told = await stage.AskAsync(row.With(stage.Config(dialect, model, "ok")), stream);

        (stream ? row.Streamed : row.Whole).Check(told, stage, dialect, model, stream);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task A_wait_that_does_not_fit_the_deadline_is_not_waited_for(bool stream) => Stage.SteadyAsync(async stage =>
    {
        var told = await stage.AskAsync(stage.Config("openai", "rate-limited-2s", "ok") with { DeadlineSeconds = 1 }, stream);

        Assert.Equal(Story.Text, told.Text);
        Assert.Equal([0, 0], stage.Times);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task The_deadline_bounds_everything(bool stream) => Stage.SteadyAsync(async stage =>
    {
        var told = await stage.AskAsync(stage.Config("anthropic", "silent", "silent") with { DeadlineSeconds = 13 }, stream);

        Assert.Equal(ProviderErrorKind.Timeout, told.Kind);
        Assert.Contains("LLM_DEADLINE_SECONDS", told.Message, StringComparison.Ordinal);
        Assert.Equal(13, stage.Clock.Elapsed.TotalSeconds);
        Assert.Equal(stream ? [0, 10] : [0], stage.Times);
    });

    [Fact]
    public Task Two_broken_targets_get_four_requests_together_and_the_error_names_both() => Stage.SteadyAsync(async stage =>
    {
        var told = await stage.AskAsync(stage.Config("openai", "fails", "overloaded"), stream: false);

        Assert.Equal(ProviderErrorKind.Overloaded, told.Kind);
        Assert.Equal(4, stage.Server.Requests.Count);
        Assert.Contains("openai/fails", told.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP 500", told.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP 503", told.Message, StringComparison.Ordinal);
    });

    [Fact]
    public Task Other_words_after_a_cut_end_the_call_with_what_was_handed_out() => Stage.SteadyAsync(async stage =>
    {
        var told = await stage.AskAsync(stage.Config("gemini", "cut", "other-words"), stream: true);

        Assert.Equal(ProviderErrorKind.Truncated, told.Kind);
        Assert.Equal(Story.Text[..Story.Half], told.Text);
        Assert.StartsWith(told.Text, ((ProviderException)told.Error!).PartialReply!.Text, StringComparison.Ordinal);
    });

    [Fact]
    public Task A_target_that_takes_no_prefill_is_never_the_last_word() => Stage.SteadyAsync(async stage =>
    {
        var told = await stage.AskAsync(stage.Config("gemini", "cut", "no-prefill"), stream: true);

        Assert.Null(told.Error);
        Assert.Equal(Story.Text, told.Text);
    });
}
