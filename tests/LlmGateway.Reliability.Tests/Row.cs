using LlmGateway.Reliability.Tests.Fakes;

namespace LlmGateway.Reliability.Tests;

/// <summary>One row of the table: what a vendor does, and what is right.</summary>
/// <param name="Model">The fault.</param>
internal sealed record Row(string Model)
{
    /// <summary>What is right where the answer comes whole.</summary>
    public required Right Whole { get; init; }

    /// <summary>What is right where it is streamed.</summary>
    public Right Streamed
    {
        get => field ?? Whole;
        init;
    }

    /// <summary>What else is set.</summary>
    public Func<GatewayConfig, GatewayConfig> With { get; init; } = static config => config;
}

/// <summary>What a caller must be told, and what the vendor must have seen.</summary>
/// <param name="Times">When the requests come, in seconds from the first.</param>
internal sealed record Right(params double[] Times)
{
    /// <summary>The error's kind; null for an answer.</summary>
    public ProviderErrorKind? Kind { get; init; }

    /// <summary>How an answer ends.</summary>
    public FinishReason Finish { get; init; } = FinishReason.Stop;

    /// <summary>What the error's message must hold.</summary>
    public string Says { get; init; } = "";

    /// <summary>How much of the story an error leaves behind, or all of an answer.</summary>
    public int Characters { get; init; }

    /// <summary>When the caller is told, in seconds from the first request; null for with the last request.</summary>
    public double? Ends { get; init; }

    /// <summary>How many of the requests go to the first target; null for all.</summary>
    public int? First { get; init; }

    /// <summary>How many malformed events are passed over.</summary>
    public int Skipped { get; init; }

    /// <summary>An answer, all of it.</summary>
    public static Right Answer(params double[] times) => new(times) { Characters = Story.Length };

    /// <summary>An answer by the second target, which gets the last request.</summary>
    public static Right Other(params double[] times) => new(times) { Characters = Story.Length, First = times.Length - 1 };

    /// <summary>An error.</summary>
    public static Right Error(ProviderErrorKind kind, string says, params double[] times) => new(times) { Kind = kind, Says = says };

    public void Check(Told told, Stage stage, string dialect, string model, bool stream)
    {
        // What the caller was told.
        Assert.Equal(Kind, told.Kind);
        Assert.Equal(Kind is null, told.Error is null);
        Assert.Contains(Says, told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", told.Message, StringComparison.Ordinal);
        if (Kind is null)
        {
            if (Characters == Story.Length) Assert.Equal(Story.Text, told.Text);
            Assert.Equal((Finish, Skipped), (told.Reply!.FinishReason, told.Reply.SkippedEvents));
            Assert.Equal(stage.Server.Requests[^1].BilledInputTokens, told.Record!.Attempts[^1].Usage.InputTokens);
            Assert.Equal(stage.Server.Requests[^1].BilledOutputTokens, told.Record.Attempts[^1].Usage.OutputTokens);
        }
        else
        {
            Assert.StartsWith(dialect, told.Message, StringComparison.Ordinal);
            Assert.Equal(Story.Text[..Characters], told.Text);
            if (stream && Characters > 0) Assert.Equal(told.Text, ((ProviderException)told.Error!).PartialReply!.Text);
        }

        // What the vendor saw.
        Assert.Equal(Times, stage.Times);
        Assert.Equal(Times.Select((_, i) => i < (First ?? Times.Length) ? (dialect, model) : (Stage.OtherThan(dialect), "ok")), stage.Server.Requests.Select(seen => (seen.Dialect!, seen.Model!)));
        Assert.All(stage.Server.Requests, seen => Assert.Equal(stream, seen.IsStreamed));
        Assert.Equal(Ends ?? Times[^1], stage.Clock.Elapsed.TotalSeconds);

        // What the record says of it: a request an attempt.
        Assert.Equal(Times, told.Record!.Attempts.Select(attempt => (attempt.StartedAt - JumpingClock.Start).TotalSeconds));
        Assert.Equal(stage.Models, told.Record.Attempts.Select(attempt => attempt.Model));
    }
}
