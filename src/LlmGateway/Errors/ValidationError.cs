namespace LlmGateway;

/// <summary>One thing wrong with an answer.</summary>
/// <param name="Pointer">Where: a JSON Pointer (RFC 6901) into the answer; empty for its root.</param>
/// <param name="Message">What is wrong, in words that the model can act on.</param>
public sealed record ValidationError(string Pointer, string Message)
{
    /// <summary>The pointer and the message.</summary>
    /// <returns>One line.</returns>
    public override string ToString() => $"{(Pointer.Length == 0 ? "(root)" : Pointer)}: {Message}";
}
