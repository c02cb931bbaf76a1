namespace LlmGateway;

/// <summary>Whether the model may, must or must not call a tool.</summary>
/// <param name="Mode">The rule.</param>
/// <param name="ToolName">The tool that must be called, with <see cref="LlmToolChoiceMode.Named"/>; else null.</param>
public sealed record LlmToolChoice(LlmToolChoiceMode Mode, string? ToolName = null)
{
    /// <summary>The only tools that may be called, with <see cref="LlmToolChoiceMode.Auto"/> or <see cref="LlmToolChoiceMode.Required"/>; null for all.</summary>
    public IReadOnlyList<string>? AllowedTools { get; init; }

    /// <summary>The model must call this tool.</summary>
    /// <param name="name">The tool's name.</param>
    /// <returns>The choice.</returns>
    public static LlmToolChoice Named(string name) => new(LlmToolChoiceMode.Named, name);
}

/// <summary>The rules of <see cref="LlmToolChoice"/>.</summary>
public enum LlmToolChoiceMode
{
    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>The model must not call a tool.</summary>
    None,

    /// <summary>The model must call some tool.</summary>
    Required,

    /// <summary>The model must call the named tool.</summary>
    Named,
}
