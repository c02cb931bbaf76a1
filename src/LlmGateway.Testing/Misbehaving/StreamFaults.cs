namespace LlmGateway.Testing.Misbehaving;

/// <summary>Answers that come in part, late, or with something among them; whole ones too.</summary>
internal static class StreamFaults
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenThoughts = TimeSpan.FromSeconds(1);

    public static Task Ok(Exchange exchange) => new AnswerWire(exchange, Answers.Of(exchange.Request)).SendAsync();

    public static Task OtherWords(Exchange exchange) => new AnswerWire(exchange, Answers.Of(exchange.Request, Answers.OtherStory)).SendAsync();

    public static Task Json(Exchange exchange) => new AnswerWire(exchange, Answers.OfJson(exchange.Request)).SendAsync();

    public static Task ToolCall(Exchange exchange) => new AnswerWire(exchange, Tools(exchange)).SendAsync();

    public static Task Refusal(Exchange exchange) => new AnswerWire(exchange, Answers.OfRefusal(exchange.Request, exchange.Dialect)).SendAsync();

    public static Task ContentFilter(Exchange exchange) => new AnswerWire(exchange, Answers.OfFilter(exchange.Request)).SendAsync();

    public static Task Cut(Exchange exchange) => CutAsync(exchange, Answers.Of(exchange.Request));

    public static Task JsonCut(Exchange exchange) => CutAsync(exchange, Answers.OfJson(exchange.Request));

    public static Task ToolCallCut(Exchange exchange) => CutAsync(exchange, Tools(exchange));

    /// <summary>Only the answer ends too early, not its framing: as a proxy ends it whose own vendor has left.</summary>
    public static async Task EndsEarly(Exchange exchange)
    {
        await new AnswerWire(exchange, Answers.Of(exchange.Request)).SendHalfAsync(saysItsLength: false).ConfigureAwait(false);
        await exchange.EndAsync(SeenOutcome.Broken).ConfigureAwait(false);
    }

    public static async Task Stalls(Exchange exchange)
    {
        var wire = new AnswerWire(exchange, Answers.Of(exchange.Request));
        var rest = await wire.SendHalfAsync().ConfigureAwait(false);
        if (exchange.Fault.Time is { } time) await exchange.WaitAsync(time).ConfigureAwait(false);
        else await exchange.WaitForEverAsync().ConfigureAwait(false);
        await wire.SendRestAsync(rest).ConfigureAwait(false);
    }

    public static async Task LateFirstToken(Exchange exchange)
    {
        var wire = new AnswerWire(exchange, Answers.Of(exchange.Request));
        var body = exchange.Request.Stream ? default : wire.Body();
        await exchange.HeadAsync(200, exchange.BodyType, exchange.Request.Stream ? null : body.Length).ConfigureAwait(false);
        await exchange.WaitAsync(exchange.Fault.Time ?? Long).ConfigureAwait(false);
        if (!exchange.Request.Stream) wire.BillAll();
        await wire.SendRestAsync(body).ConfigureAwait(false);
    }

    public static async Task Pings(Exchange exchange)
    {
        var wire = new AnswerWire(exchange, Answers.Of(exchange.Request));
        var left = exchange.Fault.Time ?? Long;
        if (!exchange.Request.Stream)
        {
            await exchange.WaitAsync(left).ConfigureAwait(false);
            await wire.SendAsync().ConfigureAwait(false);
            return;
        }

        await exchange.HeadAsync(200, exchange.BodyType, null).ConfigureAwait(false);
        for (; left > TimeSpan.Zero; left -= BetweenPings)
        {
            await wire.PingAsync().ConfigureAwait(false);
            await exchange.WaitAsync(left < BetweenPings ? left : BetweenPings).ConfigureAwait(false);
        }

        await wire.SendRestAsync(default).ConfigureAwait(false);
    }

    public static async Task ThinksLong(Exchange exchange)
    {
        var time = exchange.Fault.Time ?? Long;
        var wire = new AnswerWire(exchange, Answers.WithThought(exchange.Request, (int)Math.Max(1, time / BetweenThoughts)));
        if (!exchange.Request.Stream) await exchange.WaitAsync(time).ConfigureAwait(false);
        await wire.SendAsync(delta => delta is ThinkingDelta ? exchange.WaitAsync(BetweenThoughts) : Task.CompletedTask).ConfigureAwait(false);
    }

    public static async Task MalformedEvent(Exchange exchange)
    {
        var wire = new AnswerWire(exchange, Answers.Of(exchange.Request));
        if (!exchange.Request.Stream)
        {
            await wire.SendAsync().ConfigureAwait(false);
            return;
        }

        await wire.SendHalfAsync().ConfigureAwait(false);
        await wire.MalformAsync().ConfigureAwait(false);
        await wire.SendRestAsync(default).ConfigureAwait(false);
    }

    public static async Task MalformedCut(Exchange exchange)
    {
        var wire = new AnswerWire(exchange, Answers.Of(exchange.Request));
        await wire.SendHalfAsync(saysItsLength: false).ConfigureAwait(false);
        if (exchange.Request.Stream) await wire.MalformAsync().ConfigureAwait(false);
        await exchange.EndAsync(SeenOutcome.Broken).ConfigureAwait(false);
    }

    public static async Task NoSentinel(Exchange exchange)
    {
        var wire = new AnswerWire(exchange, Answers.Of(exchange.Request));
        if (!exchange.Request.Stream)
        {
            await wire.SendAsync().ConfigureAwait(false);
            return;
        }

        await exchange.HeadAsync(200, exchange.BodyType, null).ConfigureAwait(false);
        await wire.SendEventsAsync(int.MaxValue).ConfigureAwait(false);
        await wire.CompleteWithoutSentinelAsync().ConfigureAwait(false);
        exchange.Outcome = SeenOutcome.Answered;
        await exchange.WaitForEverAsync().ConfigureAwait(false);
    }

    public static Task ErrorEvent(Exchange exchange) => FailAsync(exchange, late: false);

    public static Task ErrorEventLate(Exchange exchange) => FailAsync(exchange, late: true);

    private static async Task FailAsync(Exchange exchange, bool late)
    {
        var error = StatusFaults.Error(ProviderErrorKind.Overloaded, "Too much to do. Come back later.");
        if (!exchange.Request.Stream)
        {
            await exchange.ErrorAsync(error, 200).ConfigureAwait(false);
            return;
        }

        var wire = new AnswerWire(exchange, Answers.Of(exchange.Request));
        if (late) await wire.SendHalfAsync().ConfigureAwait(false);
        else await exchange.HeadAsync(200, exchange.BodyType, null).ConfigureAwait(false);
        await wire.FailAsync(error).ConfigureAwait(false);
        await exchange.EndAsync(SeenOutcome.Failed).ConfigureAwait(false);
    }

    /// <summary>The connection is closed in the middle when the fault returns.</summary>
    private static async Task CutAsync(Exchange exchange, LlmReply reply) => await new AnswerWire(exchange, reply).SendHalfAsync().ConfigureAwait(false);

    /// <summary>After the tools' results the model answers.</summary>
    private static LlmReply Tools(Exchange exchange)
        => exchange.Request.Messages.Any(message => message.Parts.Any(part => part is ToolResultPart)) ? Answers.Of(exchange.Request) : Answers.OfTools(exchange.Request);
}
