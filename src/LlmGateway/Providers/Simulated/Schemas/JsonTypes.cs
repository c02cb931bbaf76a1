namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>The types that a schema allows. "number" is both numbers, so that the conjunction of two schemas is the conjunction of their flags.</summary>
[Flags]
internal enum JsonTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,
    Fraction = 8,
    Number = Integer | Fraction,
    String = 16,
    Array = 32,
    Object = 64,
    All = Null | Boolean | Number | String | Array | Object,
}
