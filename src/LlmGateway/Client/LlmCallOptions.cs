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

    /// <summary>How often an invalid answer is asked for again, 0 to 10.</summary>
    public int? MaxReasks { get; init; }

    internal void Validate()
    {
        if (MaxTokens is < 1) throw new ArgumentOutOfRangeException(nameof(MaxTokens), MaxTokens, "LlmCallOptions.MaxTokens must be at least 1.");
        if (Temperature is not null and not (>= 0 and <= 2)) throw new ArgumentOutOfRangeException(nameof(Temperature), Temperature, "LlmCallOptions.Temperature must be from 0 to 2.");
        if (MaxReasks is not null and not (>= 0 and <= 10)) throw new ArgumentOutOfRangeException(nameof(MaxReasks), MaxReasks, "LlmCallOptions.MaxReasks must be from 0 to 10.");
    }
}
