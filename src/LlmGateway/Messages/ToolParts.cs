namespace LlmGateway;

/// <summary>A call of a tool that the model asks for.</summary>
/// <param name="Id">The id of the call, which its result names. Where the vendor gives none, one is made up that is unique in the conversation.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="ArgumentsJson">The arguments, in the exact text that the model wrote: JSON, unless the model wrote something else.</param>
public sealed record ToolCallPart(string Id, string Name, string ArgumentsJson) : LlmPart;

/// <summary>The result of a tool call, on its way back to the model.</summary>
public sealed record ToolResultPart : LlmPart
{
    /// <summary>A result of plain text.</summary>
    /// <param name="callId">The <see cref="ToolCallPart.Id"/> that it answers.</param>
    /// <param name="content">The result.</param>
    /// <param name="isError">Whether the tool failed.</param>
    public ToolResultPart(string callId, string content, bool isError = false)
        : this(callId, [new TextPart(content)], isError)
    {
    }

    /// <summary>A result of several parts: text, images, documents.</summary>
    /// <param name="callId">The <see cref="ToolCallPart.Id"/> that it answers.</param>
    /// <param name="parts">The result's parts, in order; copied.</param>
    /// <param name="isError">Whether the tool failed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="parts"/> is null.</exception>
    public ToolResultPart(string callId, IEnumerable<LlmPart> parts, bool isError = false)
    {
        ArgumentNullException.ThrowIfNull(parts);
        CallId = callId;
        Parts = [.. parts];
        IsError = isError;
    }

    /// <summary>The <see cref="ToolCallPart.Id"/> that it answers.</summary>
    public string CallId { get; init; }

    /// <summary>The tool's name; null where it is to be looked up from the call.</summary>
    public string? Name { get; init; }

    /// <summary>The result's parts, in order. Never null.</summary>
    public IReadOnlyList<LlmPart> Parts { get; }

    /// <summary>Whether the tool failed.</summary>
    public bool IsError { get; init; }

    /// <summary>The text of the result: its <see cref="TextPart"/>s joined without a separator. Never null.</summary>
    public string Content => LlmMessage.TextOf(Parts);
}
