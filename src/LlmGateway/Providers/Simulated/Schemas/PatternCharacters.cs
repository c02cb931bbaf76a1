using System.Text;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>The characters that a part of a pattern allows, those first that read best in a made-up value.</summary>
internal static class PatternCharacters
{
    /// <summary>Letters, then digits (1 before 0, since 11:11:11 and 1111-11-11 are a time and a date and not nothing), then the rest of printable ASCII.</summary>
    private const string All = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890-_.,:;/@#+ !\"$%&'()*<=>?[\\]^`{|}~";

    public static string Any => All;

    public static string Where(Func<char, bool> allowed, string beyondAscii = "")
    {
        var found = new StringBuilder();
        foreach (var character in All)
        {
            if (allowed(character)) found.Append(character);
        }

        foreach (var character in beyondAscii)
        {
            if (allowed(character)) found.Append(character);
        }

        return found.ToString();
    }

    /// <summary>What a class escape such as <c>\d</c> stands for; null for another escape.</summary>
    public static Func<char, bool>? OfEscape(char escape) => escape switch
    {
        'd' => char.IsAsciiDigit,
        'D' => character => !char.IsAsciiDigit(character),
        'w' => IsWord,
        'W' => character => !IsWord(character),
        's' => character => character is ' ' or '\t' or '\n' or '\r' or '\f' or '\v',
        'S' => character => !char.IsWhiteSpace(character),
        _ => null,
    };

    /// <summary>What a Unicode category such as <c>\p{Lu}</c> stands for, within ASCII; null for one that is not known.</summary>
    public static Func<char, bool>? OfCategory(string name) => name switch
    {
        "L" or "Letter" => char.IsAsciiLetter,
        "Lu" => char.IsAsciiLetterUpper,
        "Ll" => char.IsAsciiLetterLower,
        "N" or "Nd" => char.IsAsciiDigit,
        "P" => char.IsPunctuation,
        "S" or "Sc" or "Sm" => char.IsSymbol,
        "Z" or "Zs" => character => character == ' ',
        _ => null,
    };

    private static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';
}
