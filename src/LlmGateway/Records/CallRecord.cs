using System.Collections.ObjectModel;
using LlmGateway.Telemetry;

namespace LlmGateway;

/// <summary>
/// All that happened in one call: the one source of what a response's metadata, its span, metrics and log line say. Immutable.
/// It holds no prompt and no answer.
/// </summary>
public sealed record CallRecord
{
    /// <summary>The call's id, unique.</summary>
    public required string CallId { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took: all attempts, the waits between them, and validation.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>What kind of call it was: <c>chat</c> or <c>embeddings</c>.</summary>
    public string Operation { get; init; } = TelemetryNames.OperationChat;

    /// <summary>Whether the answer was asked for in pieces.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>How long from the call's beginning until the first piece of a streamed answer came; null where none did, and where the answer was not streamed.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>How many malformed events of the stream were passed over.</summary>
    public int SkippedEvents { get; init; }

    /// <summary>The provider that answered; the last one asked where none did.</summary>
    public required string Provider { get; init; }

    /// <summary>The route that was asked; null where the model's name was none.</summary>
    public string? Route { get; init; }

    /// <summary>The targets of the route that were passed over before anything was sent to them. Never null; only those that were looked at.</summary>
    public IReadOnlyList<SkippedTarget> SkippedTargets { get; init; } = [];

    /// <summary>How often a stream that had died was gone on with.</summary>
    public int Rescues { get; init; }

    /// <summary>What was asked: a model's name, or a route's.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>The model that answered, where the vendor says; else the one asked.</summary>
    public required string Model { get; init; }

    /// <summary>How the call ended.</summary>
    public required CallOutcome Outcome { get; init; }

    /// <summary>What went wrong, as telemetry names it: a provider error kind in snake case, <c>validation</c>, <c>cost_limit</c>, <c>unknown_price</c>, <c>ledger</c> or <c>cancelled</c>; null on success.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Every request made, oldest first. Empty where the call was refused before sending.</summary>
    public required IReadOnlyList<AttemptRecord> Attempts { get; init; }

    /// <summary>The tokens and cost of all attempts together.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>How often the model was asked again because its answer was invalid.</summary>
    public int Reasks { get; init; }

    /// <summary>Why the model stopped; null where it did not answer.</summary>
    public FinishReason? FinishReason { get; init; }

    /// <summary>The vendor's own word for <see cref="FinishReason"/>; null where it gave none.</summary>
    public string? VendorFinishReason { get; init; }

    /// <summary>The vendor's id of the reply; null where it gave none.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The vendor's id of the last request; null where it gave none.</summary>
    public string? RequestId { get; init; }

    /// <summary>How the schema was put to the model; null where no schema was asked for.</summary>
    public OutputMode? OutputMode { get; init; }

    /// <summary>
    /// Where the schema that was sent differs from the full one, and why a better <see cref="OutputMode"/> was not to be had;
    /// each in words. Never null. The answer is checked against the full schema all the same.
    /// </summary>
    public IReadOnlyList<string> SchemaNotes { get; init; } = [];

    /// <summary>What was mended in the answer's syntax, in order. Never null. A repair never changes a value.</summary>
    public IReadOnlyList<Repair> Repairs { get; init; } = [];

    /// <summary>The values of the answer that were changed to fit its schema, in order. Never null; empty unless <see cref="Coercion.Lossless"/> was asked for.</summary>
    public IReadOnlyList<AppliedCoercion> Coercions { get; init; } = [];

    /// <summary>The labels that the caller gave the call. Never null.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>The names of the budgets that it was counted in, each with the value of its tag where it has one. Never null.</summary>
    public IReadOnlyList<string> Budgets { get; init; } = [];

    /// <summary>The id of the trace it belongs to, in 32 hexadecimal digits; null where there is none.</summary>
    public string? TraceId { get; init; }

    /// <summary>What of the request could not be passed on, each in words. Never null.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];
}

/// <summary>A target that was passed over.</summary>
/// <param name="Target">Its name: <c>vendor/model</c>.</param>
/// <param name="Because">Why, in words.</param>
public sealed record SkippedTarget(string Target, string Because);

/// <summary>One thing that was mended in the syntax of an answer.</summary>
/// <param name="Kind">What, such as <c>code_fence</c>.</param>
/// <param name="Offset">Where in the answer's text, in UTF-16 units.</param>
public sealed record Repair(string Kind, int Offset);

/// <summary>One value of an answer that was changed to fit its schema, without loss.</summary>
/// <param name="Kind">What, such as <c>number_from_string</c>.</param>
/// <param name="Pointer">Where: a JSON Pointer (RFC 6901) into the answer.</param>
/// <param name="From">The value as the model gave it, as JSON.</param>
/// <param name="To">The value as it is now, as JSON.</param>
public sealed record AppliedCoercion(string Kind, string Pointer, string From, string To);
