namespace LlmGateway.StructuredOutput.Validation;

/// <summary>One value, or one member's name, of a <see cref="JsonTape"/>. Names stand before their values.</summary>
internal struct JsonToken
{
    private const int EscapedBit = 1 << 8;
    private const int TypeMask = 0xFF;

    private int _type;

    /// <summary>Where its text begins in the JSON: for strings and names after the quote.</summary>
    public int Start { get; set; }

    /// <summary>The bytes of its text: for strings and names without the quotes.</summary>
    public int Length { get; set; }

    /// <summary>The number of the token after this value and all within it.</summary>
    public int End { get; set; }

    /// <summary>How many members or items a container has.</summary>
    public int Count { get; set; }

    /// <summary>Its type; names are strings, and no number is told to be an integer.</summary>
    public readonly JsonTypes Type => (JsonTypes)(_type & TypeMask);

    public readonly bool IsEscaped => (_type & EscapedBit) != 0;

    public void Set(JsonTypes type, int start, int length, bool isEscaped = false)
    {
        _type = (int)type | (isEscaped ? EscapedBit : 0);
        Start = start;
        Length = length;
    }
}
