namespace LlmGateway;

/// <summary>A vendor's reply has no usage that can be read: it is absent, or one of its counts is no count. The message names the field.</summary>
public sealed class UsageFormatException : FormatException
{
    /// <summary>An error of one field.</summary>
    /// <param name="field">The field's path in the body, such as <c>usage.input_tokens</c>.</param>
    /// <param name="problem">What is wrong with it.</param>
    public UsageFormatException(string field, string problem)
        : base($"{field}: {problem}") => Field = field;

    /// <summary>The field's path in the body, such as <c>usage.input_tokens</c>.</summary>
    public string Field { get; }
}
