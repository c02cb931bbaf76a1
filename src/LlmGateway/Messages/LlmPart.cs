namespace LlmGateway;

/// <summary>One part of a message or of a reply. The known kinds derive from it; more may come.</summary>
public abstract record LlmPart
{
    private protected LlmPart()
    {
    }
}

/// <summary>Text.</summary>
/// <param name="Text">The text; not null.</param>
public sealed record TextPart(string Text) : LlmPart;

/// <summary>What the model thought before it answered.</summary>
/// <param name="Text">The thought, possibly a summary, possibly empty.</param>
/// <param name="Signature">The vendor's signature over it, kept byte for byte for the next turn; null where there is none.</param>
public sealed record ThinkingPart(string Text, string? Signature) : LlmPart;

/// <summary>A call of a tool that the model asks for.</summary>
/// <param name="Id">The vendor's id of the call, which its result names.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="ArgumentsJson">The arguments, in the exact JSON text that the model wrote.</param>
public sealed record ToolCallPart(string Id, string Name, string ArgumentsJson) : LlmPart;

/// <summary>The result of a tool call, on its way back to the model.</summary>
/// <param name="CallId">The <see cref="ToolCallPart.Id"/> that it answers.</param>
/// <param name="Content">The result as text.</param>
/// <param name="IsError">Whether the tool failed.</param>
public sealed record ToolResultPart(string CallId, string Content, bool IsError = false) : LlmPart;

/// <summary>A part that one dialect has and the middle has no name for. It goes back unchanged to the same dialect.</summary>
/// <param name="Dialect">The dialect whose JSON it is, such as <c>anthropic</c>.</param>
/// <param name="Json">The part's exact JSON text.</param>
public sealed record RawPart(string Dialect, string Json) : LlmPart;
