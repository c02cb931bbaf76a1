namespace LlmGateway;

/// <summary>What one call does otherwise than its client's configuration says. Null keeps the configuration's value.</summary>
public record LlmCallOptions
{
    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The most output tokens, at least 1.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Sampling temperature, 0 to 2.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling, 0 to 1.</summary>
    public double? TopP { get; init; }

    /// <summary>Makes sampling repeatable, as far as the vendor can.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts at which the model stops.</summary>
    public IReadOnlyList<string>? StopSequences { get; init; }

    /// <summary>How much to think.</summary>
    public LlmReasoning? Reasoning { get; init; }

    /// <summary>Tools the model may call. The caller runs them: a reply that asks for one says so by its <see cref="LlmReply.FinishReason"/>. Beside a typed answer, that is a <see cref="ToolCallsRequestedException"/>.</summary>
    public IReadOnlyList<LlmTool>? Tools { get; init; }

    /// <summary>Whether the model may or must call a tool.</summary>
    public LlmToolChoice? ToolChoice { get; init; }

    /// <summary>Whether the model may call several tools in one turn.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>How often an invalid answer is asked for again, 0 to 10.</summary>
    public int? MaxReasks { get; init; }

    /// <summary>No re-ask begins later than this after its call did; above 0.</summary>
    public TimeSpan? ReaskWithin { get; init; }

    /// <summary>The limit of tokens with which a typed answer that was cut is asked for once more, at least 1. No higher than the model allows.</summary>
    public int? RetryMaxTokens { get; init; }

    /// <summary>Whether values of a typed answer may be changed to fit, where nothing is lost.</summary>
    public Coercion? Coercion { get; init; }

    /// <summary>What becomes of members that the type does not have. Not for answers by a <see cref="JsonSchema"/>, which says it itself.</summary>
    public UnknownMembers? UnknownMembers { get; init; }

    /// <summary>Labels of the call, such as user, team and feature, for budgets and the ledger; they go over the configuration's. Never sent to a vendor.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    internal void Validate()
    {
        if (ReaskWithin <= TimeSpan.Zero) throw new ArgumentOutOfRangeException(nameof(ReaskWithin), ReaskWithin, "LlmCallOptions.ReaskWithin must be above 0.");
        if (RetryMaxTokens is < 1) throw new ArgumentOutOfRangeException(nameof(RetryMaxTokens), RetryMaxTokens, "LlmCallOptions.RetryMaxTokens must be at least 1.");
        if (MaxTokens is < 1) throw new ArgumentOutOfRangeException(nameof(MaxTokens), MaxTokens, "LlmCallOptions.MaxTokens must be at least 1.");
        if (Temperature is not null and not (>= 0 and <= 2)) throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "LlmCallOptions.Temperature must be from 0 to 2.");
        if (TopP is not null and not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "LlmCallOptions.TopP must be from 0 to 1.");
        if (MaxReasks is not null and not (>= 0 and <= 10)) throw new ArgumentOutOfRangeException(nameof(MaxReasks), MaxReasks, "LlmCallOptions.MaxReasks must be from 0 to 10.");
    }
}

/// <summary>What one call with a typed answer does otherwise, and what else its answer must satisfy.</summary>
/// <typeparam name="T">The type of the answer; a call for another type refuses these options.</typeparam>
public sealed record LlmCallOptions<T> : LlmCallOptions
{
    /// <summary>
    /// The caller's own check of an answer that is valid otherwise. What it returns is shown to the model in a re-ask like any
    /// other error; nothing (null or empty) means that the answer is good. What it throws ends the call.
    /// </summary>
    public Func<T, ValueTask<IEnumerable<ValidationError>>>? Check { get; init; }
}
