namespace LlmGateway;

/// <summary>What one call does otherwise than its client's configuration says. Null keeps the configuration's value.</summary>
public sealed record LlmCallOptions
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

    internal void Validate()
    {
        if (MaxTokens is < 1) throw new ArgumentOutOfRangeException(nameof(MaxTokens), MaxTokens, "LlmCallOptions.MaxTokens must be at least 1.");
        if (Temperature is not null and not (>= 0 and <= 2)) throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "LlmCallOptions.Temperature must be from 0 to 2.");
        if (TopP is not null and not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(TopP), TopP, "LlmCallOptions.TopP must be from 0 to 1.");
        if (MaxReasks is not null and not (>= 0 and <= 10)) throw new ArgumentOutOfRangeException(nameof(MaxReasks), MaxReasks, "LlmCallOptions.MaxReasks must be from 0 to 10.");
    }
}
