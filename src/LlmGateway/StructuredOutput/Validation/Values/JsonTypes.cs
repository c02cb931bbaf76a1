namespace LlmGateway.StructuredOutput.Validation;

/// <summary>The types that <c>type</c> names. A value of the instance has one of them; a whole number is of two.</summary>
[Flags]
internal enum JsonTypes
{
    String = 1,
    Number = 2,
    Integer = 4,
    Boolean = 8,
    Object = 16,
    Array = 32,
    Null = 64,
}
