using System.Text.Json;

namespace LlmGateway;

/// <summary>A tool that the model may call.</summary>
/// <param name="Name">Its name: letters, digits, <c>_</c> and <c>-</c>, at most 64 (the strictest of the vendors' rules).</param>
/// <param name="Description">What it does, for the model; null for none.</param>
/// <param name="Parameters">The JSON schema of its arguments: an object.</param>
public sealed record LlmTool(string Name, string? Description, JsonElement Parameters);

/// <summary>Whether the model may, must or must not call a tool.</summary>
/// <param name="Mode">The rule.</param>
/// <param name="ToolName">The tool that must be called, with <see cref="LlmToolChoiceMode.Named"/>; else null.</param>
public sealed record LlmToolChoice(LlmToolChoiceMode Mode, string? ToolName = null)
{
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
