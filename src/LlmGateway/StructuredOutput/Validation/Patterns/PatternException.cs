namespace LlmGateway.StructuredOutput.Validation;

/// <summary>A text is no regular expression of ECMA-262, or one that cannot be run faithfully.</summary>
internal sealed class PatternException(string message) : Exception(message);
