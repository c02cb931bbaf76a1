using System.Globalization;
using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>
/// A label in Unicode by IDNA 2008: RFC 5891 section 4.2 and RFC 5892. By general categories and the exceptions of the RFC;
/// that a label is in normal form is not checked.
/// </summary>
internal static class IdnaLabel
{
    public static bool IsValid(List<int> label)
    {
        if (label.Count == 0 || label[0] == '-' || label[^1] == '-') return false;
        if (label.Count >= 4 && label[2] == '-' && label[3] == '-') return false;
        if (IsMark(label[0])) return false;
        for (var i = 0; i < label.Count; i++)
        {
            if (!IsAllowed(label, i)) return false;
        }

        return true;
    }

    private static bool IsAllowed(List<int> label, int at) => label[at] switch
    {
        '-' or >= '0' and <= '9' or >= 'a' and <= 'z' => true,
        < 0x80 => false,
        0xDF or 0x3C2 or 0x6FD or 0x6FE or 0xF0B or 0x3007 => true,
        0x640 or 0x7FA or 0x302E or 0x302F or >= 0x3031 and <= 0x3035 or 0x303B => false,
        0xB7 => at > 0 && at + 1 < label.Count && label[at - 1] == 'l' && label[at + 1] == 'l',
        0x375 => at + 1 < label.Count && IsOf("Greek", label[at + 1]),
        0x5F3 or 0x5F4 => at > 0 && IsOf("Hebrew", label[at - 1]),
        0x30FB => label.Exists(c => IsOf("Hiragana", c) || IsOf("Katakana", c) || IsOf("Han", c)),
        >= 0x660 and <= 0x669 => !label.Exists(c => c is >= 0x6F0 and <= 0x6F9),
        >= 0x6F0 and <= 0x6F9 => !label.Exists(c => c is >= 0x660 and <= 0x669),
        0x200D => at > 0 && IsVirama(label[at - 1]),
        0x200C => at > 0 && (IsVirama(label[at - 1]) || JoinsOnBothSides(label, at)),
        >= 0x1100 and <= 0x11FF or >= 0xA960 and <= 0xA97F or >= 0xD7B0 and <= 0xD7FF => false, // Conjoining jamo.
        var c => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber,
    };

    private static bool IsMark(int codePoint)
        => CharUnicodeInfo.GetUnicodeCategory(codePoint) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsOf(string script, int codePoint) => UnicodeScripts.Find(script)!.Contains(codePoint) && codePoint != 0x30FB;

    /// <summary>The marks that take a vowel away: https://www.unicode.org/Public/UCD/latest/ucd/DerivedData/DerivedCombiningClass.txt, class 9, of the common scripts.</summary>
    private static bool IsVirama(int codePoint) => codePoint is 0x94D or 0x9CD or 0xA4D or 0xACD or 0xB4D or 0xBCD or 0xC4D or 0xCCD or 0xD3B or 0xD3C or 0xD4D or 0xDCA
        or 0xE3A or 0xEBA or 0xF84 or 0x1039 or 0x103A or 0x1714 or 0x1734 or 0x17D2 or 0x1A60 or 0x1B44 or 0x1BAA or 0x1BAB or 0x1BF2 or 0x1BF3 or 0x2D7F
        or 0xA806 or 0xA8C4 or 0xA953 or 0xA9C0 or 0xAAF6 or 0xABED;

    /// <summary>Appendix A.1: between letters that join, of which all but a few of the Arabic and Syriac ones do on both sides.</summary>
    private static bool JoinsOnBothSides(List<int> label, int at)
    {
        var (before, after) = (at - 1, at + 1);
        while (before >= 0 && IsMark(label[before])) before--;
        while (after < label.Count && IsMark(label[after])) after++;
        return before >= 0 && after < label.Count && JoinsToNext(label[before]) && IsJoining(label[after]);
    }

    private static bool IsJoining(int codePoint) => (IsOf("Arabic", codePoint) || IsOf("Syriac", codePoint)) && Rune.IsLetter(new Rune(codePoint));

    private static bool JoinsToNext(int codePoint)
        => IsJoining(codePoint) && codePoint is not (0x621 or >= 0x622 and <= 0x625 or 0x627 or 0x629 or >= 0x62F and <= 0x632 or 0x648 or >= 0x671 and <= 0x673 or >= 0x675 and <= 0x677
            or >= 0x688 and <= 0x699 or 0x6C0 or >= 0x6C3 and <= 0x6CB or 0x6CD or 0x6CF or 0x6D2 or 0x6D3 or 0x6D5 or 0x6EE or 0x6EF or 0x710 or >= 0x715 and <= 0x719 or 0x71E or 0x728 or 0x72A or 0x72C or 0x72F);
}
