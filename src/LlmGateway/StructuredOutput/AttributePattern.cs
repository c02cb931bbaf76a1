namespace LlmGateway.StructuredOutput;

/// <summary>
/// A .NET pattern as the schema keyword takes it: ECMA-262's syntax, which .NET's mostly is, and the whole text, which
/// the attribute matches where the keyword is content with any part.
/// </summary>
internal static class AttributePattern
{
    /// <summary>Null where the pattern holds what only .NET understands.</summary>
    public static string? Of(string pattern)
    {
        if (!IsPortable(pattern)) return null;
        var isWhole = pattern is ['^', .., '$'] && !pattern.Contains('|', StringComparison.Ordinal) && !IsEscaped(pattern, pattern.Length - 1);
        return isWhole ? pattern : $"^(?:{pattern})$";
    }

    private static bool IsPortable(string pattern)
    {
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length:
                    // \A \Z \z \G are anchors, \a and \e control characters, and \p{Is…} blocks, of .NET alone.
                    if (pattern[i + 1] is 'A' or 'Z' or 'z' or 'G' or 'a' or 'e' || pattern.AsSpan(i + 1) is ['p' or 'P', '{', 'I', 's', ..]) return false;
                    i++;
                    break;
                case '[' when !inClass:
                    inClass = true;
                    break;
                case '[' when pattern[i - 1] == '-':
                    return false; // A class less another.
                case ']' when inClass:
                    inClass = false;
                    break;
                case '(' when !inClass && i + 1 < pattern.Length && pattern[i + 1] == '?' && !IsPortableGroup(pattern.AsSpan(i + 2)):
                    return false;
            }
        }

        return true;
    }

    /// <summary>Groups that do not capture, look around, or have a plain name. Not options, comments, conditions, atoms and balances.</summary>
    private static bool IsPortableGroup(ReadOnlySpan<char> group) => group switch
    {
        [':' or '=' or '!', ..] => true,
        ['<', '=' or '!', ..] => true,
        ['<', .. var name] => name.IndexOf('>') is > 0 and var end && !name[..end].Contains('-') && !char.IsAsciiDigit(name[0]),
        _ => false,
    };

    private static bool IsEscaped(string pattern, int at)
    {
        var slashes = 0;
        while (at - slashes > 0 && pattern[at - slashes - 1] == '\\') slashes++;
        return slashes % 2 == 1;
    }
}
