namespace LlmGateway.StructuredOutput.Validation;

/// <summary>The classes that ECMA-262 names by one letter.</summary>
internal static class CharacterClasses
{
    public static CodePointSet Digits { get; } = CodePointSet.OfRanges(('0', '9'));

    public static CodePointSet WordCharacters { get; } = CodePointSet.OfRanges(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary>WhiteSpace and LineTerminator: https://tc39.es/ecma262/#sec-white-space.</summary>
    public static CodePointSet Spaces { get; } = CodePointSet.OfRanges(
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary>What <c>.</c> stands for.</summary>
    public static CodePointSet NotLineTerminators { get; } = CodePointSet.Of(0x0A, 0x0D, 0x2028, 0x2029).Complement();

    public static CodePointSet? OfLetter(char letter) => letter switch
    {
        'd' => Digits,
        'D' => Digits.Complement(),
        'w' => WordCharacters,
        'W' => WordCharacters.Complement(),
        's' => Spaces,
        'S' => Spaces.Complement(),
        _ => null,
    };
}
