using System.Globalization;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>The rule for names with letters written from right to left: RFC 5893 section 2, for what IDNA 2008 allows in labels.</summary>
internal static class BidiRule
{
    public static bool Holds(List<List<int>> labels) => !labels.Exists(label => label.Exists(c => IsRightToLeft(c) || IsArabicNumber(c))) || labels.TrueForAll(Holds);

    private static bool Holds(List<int> label)
    {
        var last = label.FindLast(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark);
        if (!IsRightToLeft(label[0]))
        {
            // From left to right: none of the others, and neither digits nor hyphens at the beginning.
            return IsLeftToRight(label[0]) && (IsLeftToRight(last) || IsEuropeanNumber(last)) && !label.Exists(c => IsRightToLeft(c) || IsArabicNumber(c));
        }

        return (IsRightToLeft(last) || IsEuropeanNumber(last) || IsArabicNumber(last)) && !label.Exists(IsLeftToRight) && !(label.Exists(IsEuropeanNumber) && label.Exists(IsArabicNumber));
    }

    private static bool IsEuropeanNumber(int c) => c is (>= '0' and <= '9') or (>= 0x6F0 and <= 0x6F9);

    private static bool IsArabicNumber(int c) => c is >= 0x660 and <= 0x669;

    /// <summary>https://www.unicode.org/Public/UCD/latest/ucd/extracted/DerivedBidiClass.txt: the blocks of R and AL, without marks and digits.</summary>
    private static bool IsRightToLeft(int c)
        => (c is (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF) or (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF)) && IsLetter(c);

    private static bool IsLeftToRight(int c) => IsLetter(c) && !IsRightToLeft(c);

    private static bool IsLetter(int c) => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.SpacingCombiningMark;
}
