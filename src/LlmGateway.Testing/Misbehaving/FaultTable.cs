namespace LlmGateway.Testing.Misbehaving;

/// <summary>Every fault: what docs, the tool's list and the tests are made from.</summary>
internal static class FaultTable
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        new("ok", "A right answer: the same story to everybody; by the schema or the forced tool where the request has one. It goes on from a prefill.", StreamFaults.Ok),
        new("other-words", "A right answer in other words.", StreamFaults.OtherWords),
        new("json", "A right answer in JSON, by the request's schema or of its own.", StreamFaults.Json),
        new("tool-call", "Two calls of the first tool that is offered; after their results the story.", StreamFaults.ToolCall),
        new("rate-limited", "429; with a time also Retry-After.", StatusFaults.RateLimited) { TakesTime = true },
        new("overloaded", "503; with a time also Retry-After.", StatusFaults.Overloaded) { TakesTime = true },
        new("down", "503 for a time from the first request on, 60 s by default; then healthy.", StatusFaults.Down) { TakesTime = true, LastsFor = static name => name.Time ?? TimeSpan.FromSeconds(60) },
        new("fails", "500.", StatusFaults.Fails),
        new("resets", "The connection is reset before the headers.", ConnectionFaults.Resets),
        new("hangs-up", "The connection is closed before the headers.", ConnectionFaults.HangsUp),
        new("silent", "The request is taken, and never answered; with a time, answered after it.", ConnectionFaults.Silent) { TakesTime = true },
        new("late-first-token", "Headers at once, the answer after a time, 30 s by default.", StreamFaults.LateFirstToken) { TakesTime = true },
        new("cut", "The connection is closed in the middle of the answer.", StreamFaults.Cut) { TakesAfter = true },
        new("json-cut", "As cut, in JSON.", StreamFaults.JsonCut) { TakesAfter = true },
        new("tool-call-cut", "As cut, in the second of two calls.", StreamFaults.ToolCallCut) { TakesAfter = true },
        new("ends-early", "The body ends in order in the middle of the answer.", StreamFaults.EndsEarly) { TakesAfter = true },
        new("stalls", "The answer stops in its middle, and the connection stays open; with a time, it goes on after it.", StreamFaults.Stalls) { TakesTime = true, TakesAfter = true },
        new("pings", "A stream has nothing but pings, every 5 s, for 30 s or a given time; then the answer.", StreamFaults.Pings) { TakesTime = true },
        new("thinks-long", "A stream has a thought, a piece each second, for 30 s or a given time; then the answer.", StreamFaults.ThinksLong) { TakesTime = true },
        new("malformed-event", "A stream has an event among others that is no JSON; all of the answer is there.", StreamFaults.MalformedEvent) { TakesAfter = true },
        new("malformed-cut", "A stream has an event that is no JSON, and ends with it; a body is broken JSON.", StreamFaults.MalformedCut) { TakesAfter = true },
        new("no-sentinel", "A stream has the finish reason and the usage, and then neither its last event nor an end.", StreamFaults.NoSentinel),
        new("error-event", "200, and then the vendor's error for overload in place of an answer.", StreamFaults.ErrorEvent),
        new("error-event-late", "200, and then the vendor's error for overload in the middle of a stream.", StreamFaults.ErrorEventLate) { TakesAfter = true },
        new("context-length", "The prompt is too long, said in the vendor's way.", StatusFaults.ContextLength),
        new("content-filter", "The vendor's filter ends the answer.", StreamFaults.ContentFilter),
        new("refusal", "The model refuses.", StreamFaults.Refusal),
        new("unauthorized", "401.", StatusFaults.Unauthorized),
        new("forbidden", "403.", StatusFaults.Forbidden),
        new("not-found", "404.", StatusFaults.NotFound),
        new("bad-request", "400.", StatusFaults.BadRequest),
        new("no-prefill", "400 where the last message is the assistant's; else a right answer.", StatusFaults.NoPrefill),
        new("empty", "200 without a body.", BodyFaults.Empty),
        new("html", "200 and a web page.", BodyFaults.Html),
        new("wrong-type", "200 and a picture.", BodyFaults.WrongType),
        new("wrong-shape", "200 and JSON that is no answer.", BodyFaults.WrongShape),
        new("gigantic", "200 and one text of 256 MB.", BodyFaults.Gigantic),
        new("bomb", "200 and a gigabyte of spaces in a megabyte of gzip.", BodyFaults.Bomb),
        new("drip", "A right answer, a byte a second or a given time.", BodyFaults.Drip) { TakesTime = true },
        new("redirect", "307 to elsewhere.", BodyFaults.Redirect),
    ];
}
