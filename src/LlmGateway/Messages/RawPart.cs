namespace LlmGateway;

/// <summary>A part that one dialect has and the middle has no name for. It goes back unchanged to the same dialect.</summary>
/// <param name="Dialect">The dialect whose JSON it is, such as <c>anthropic</c>.</param>
/// <param name="Json">The part's exact JSON text.</param>
public sealed record RawPart(string Dialect, string Json) : LlmPart;
