namespace LlmGateway;

/// <summary>One thing wrong with an answer, or with any JSON value held against a schema.</summary>
/// <param name="Pointer">Where: a JSON Pointer (RFC 6901) into the value; empty for its root.</param>
/// <param name="Message">What is wrong, in words that the model can act on.</param>
public sealed record ValidationError(string Pointer, string Message)
{
    /// <summary>The rule that was broken: a JSON Pointer into the schema, to the keyword; null where no schema's keyword said it, but an attribute or the caller's own check.</summary>
    public string? SchemaPointer { get; init; }

    /// <summary>The value seen, as JSON, cut after 200 characters with an ellipsis; null where there was none, as for a missing member. It may hold what the prompt held: mind where you log it.</summary>
    public string? Value { get; init; }

    /// <summary>The pointer and the message.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{(Pointer.Length == 0 ? "(root)" : Pointer)}: {Message}";
}
