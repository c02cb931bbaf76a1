using System.Globalization;
using System.Text;

namespace LlmGateway.Cli.Output;

/// <summary>What <c>complete --explain</c> prints: which targets were asked, how each attempt ended, and why the next was made. A projection of the call's record.</summary>
internal static class CallStory
{
    public static string Of(CallRecord record)
    {
        var story = new StringBuilder();
        story.Append(CultureInfo.InvariantCulture, $"{(record.Route is { } route ? $"route {route}" : record.RequestedModel)}: {ResponseJson.Word(record.Outcome)} after {Seconds(record.Latency)}, {Count(record.Attempts.Count)}, {Cost(record.Usage)}\n");
        foreach (var skipped in record.SkippedTargets) story.Append(CultureInfo.InvariantCulture, $"  passed over: {skipped.Target}: {skipped.Because}\n");
        foreach (var attempt in record.Attempts) Append(story, attempt, record.StartedAt);
        return story.ToString();
    }

    private static void Append(StringBuilder story, AttemptRecord attempt, DateTimeOffset callStartedAt)
    {
        story.Append(CultureInfo.InvariantCulture, $"  {attempt.Number}. {attempt.Target}{Kind(attempt)} at {Seconds(attempt.StartedAt - callStartedAt)}: {ResponseJson.Word(attempt.Outcome)}");
        if (attempt.ErrorKind is { } kind) story.Append(CultureInfo.InvariantCulture, $" ({kind}{(attempt.HttpStatus is { } status ? $", HTTP {status}" : "")})");
        story.Append(CultureInfo.InvariantCulture, $" after {Seconds(attempt.Latency)}");
        if (attempt.TimeToFirstToken is { } first) story.Append(CultureInfo.InvariantCulture, $", first token after {Seconds(first)}");
        story.Append(CultureInfo.InvariantCulture, $", {Cost(attempt.Usage)}\n");
        if (attempt.EndedBecause is { } ended) story.Append(CultureInfo.InvariantCulture, $"     it ended: {OneLine(ended)}\n");
        if (attempt.NextBecause is { } next) story.Append(CultureInfo.InvariantCulture, $"     then: {OneLine(next)}{(attempt.RetryDelay is { } delay ? $"; waited {Seconds(delay)}" : "")}\n");
    }

    private static string Kind(AttemptRecord attempt) => attempt switch
    {
        { Rescue: { } rescue } => $" (to go on with the stream: {ResponseJson.Word(rescue)})",
        { IsHedge: true } => " (beside a slow one)",
        { Ask: > 0 } => string.Create(CultureInfo.InvariantCulture, $" (re-ask {attempt.Ask})"),
        _ => "",
    };

    private static string Cost(TokenUsage usage) => usage.TotalCostUsd is { } cost ? $"${Money.ToExactString(cost)}" : "cost unknown";

    private static string Count(int attempts) => attempts == 1 ? "1 request" : string.Create(CultureInfo.InvariantCulture, $"{attempts} requests");

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000} s");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
