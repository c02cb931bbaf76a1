using System.Collections.Concurrent;
using System.Globalization;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>The Unicode properties that <c>\p{…}</c> names: general categories by their short and long names, and what follows from them.</summary>
internal static class UnicodeProperties
{
    private static readonly Dictionary<string, UnicodeCategory[]> Categories = Make();
    private static readonly ConcurrentDictionary<string, CodePointSet> Sets = new(StringComparer.Ordinal);

    /// <exception cref="PatternException">The property is not known.</exception>
    public static CodePointSet Of(string property)
    {
        var (name, value) = property.IndexOf('=') is >= 0 and var at ? (property[..at], property[(at + 1)..]) : ("", property);
        return name switch
        {
            "" or "General_Category" or "gc" when Categories.ContainsKey(value) => Sets.GetOrAdd(value, static v => Collect(Categories[v])),
            "" when value == "Any" => CodePointSet.All,
            "" when value == "ASCII" => CodePointSet.OfRanges((0, 0x7F)),
            "" when value is "ASCII_Hex_Digit" or "AHex" => CodePointSet.OfRanges(('0', '9'), ('A', 'F'), ('a', 'f')),
            "" when value == "Assigned" => Of("Unassigned").Complement(),
            "" when value is "White_Space" or "space" => WhiteSpace,
            "Script" or "sc" when UnicodeScripts.Find(value) is { } script => script,
            _ => throw new PatternException($"the Unicode property '{property}' is not supported: general categories are, such as Letter or Lu, and {UnicodeScripts.Names} as Script="),
        };
    }

    /// <summary>https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt, White_Space.</summary>
    private static CodePointSet WhiteSpace { get; } = CodePointSet.OfRanges(
        (0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000));

    private static CodePointSet Collect(UnicodeCategory[] categories)
    {
        var ranges = new List<(int, int)>();
        var start = -1;
        for (var codePoint = 0; codePoint <= CodePointSet.Last + 1; codePoint++)
        {
            var isIn = codePoint <= CodePointSet.Last && Array.IndexOf(categories, CharUnicodeInfo.GetUnicodeCategory(codePoint)) >= 0;
            if (isIn && start < 0) start = codePoint;
            if (isIn || start < 0) continue;
            ranges.Add((start, codePoint - 1));
            start = -1;
        }

        return CodePointSet.OfRanges([.. ranges]);
    }

    /// <summary>https://www.unicode.org/Public/UCD/latest/ucd/PropertyValueAliases.txt, gc.</summary>
    private static Dictionary<string, UnicodeCategory[]> Make()
    {
        var made = new Dictionary<string, UnicodeCategory[]>(StringComparer.Ordinal);
        UnicodeCategory[] Add(string names, params UnicodeCategory[] categories)
        {
            foreach (var name in names.Split(' ')) made[name] = categories;
            return categories;
        }

        var upper = Add("Lu Uppercase_Letter", UnicodeCategory.UppercaseLetter);
        var lower = Add("Ll Lowercase_Letter", UnicodeCategory.LowercaseLetter);
        var title = Add("Lt Titlecase_Letter", UnicodeCategory.TitlecaseLetter);
        var cased = Add("LC Cased_Letter", [.. upper, .. lower, .. title]);
        Add("L Letter", [.. cased, .. Add("Lm Modifier_Letter", UnicodeCategory.ModifierLetter), .. Add("Lo Other_Letter", UnicodeCategory.OtherLetter)]);
        Add("M Mark Combining_Mark", [.. Add("Mn Nonspacing_Mark", UnicodeCategory.NonSpacingMark), .. Add("Mc Spacing_Mark", UnicodeCategory.SpacingCombiningMark), .. Add("Me Enclosing_Mark", UnicodeCategory.EnclosingMark)]);
        Add("N Number", [.. Add("Nd Decimal_Number digit", UnicodeCategory.DecimalDigitNumber), .. Add("Nl Letter_Number", UnicodeCategory.LetterNumber), .. Add("No Other_Number", UnicodeCategory.OtherNumber)]);
        Add(
            "P Punctuation punct",
            [
                .. Add("Pc Connector_Punctuation", UnicodeCategory.ConnectorPunctuation), .. Add("Pd Dash_Punctuation", UnicodeCategory.DashPunctuation),
                .. Add("Ps Open_Punctuation", UnicodeCategory.OpenPunctuation), .. Add("Pe Close_Punctuation", UnicodeCategory.ClosePunctuation),
                .. Add("Pi Initial_Punctuation", UnicodeCategory.InitialQuotePunctuation), .. Add("Pf Final_Punctuation", UnicodeCategory.FinalQuotePunctuation),
                .. Add("Po Other_Punctuation", UnicodeCategory.OtherPunctuation),
            ]);
        Add("S Symbol", [.. Add("Sm Math_Symbol", UnicodeCategory.MathSymbol), .. Add("Sc Currency_Symbol", UnicodeCategory.CurrencySymbol), .. Add("Sk Modifier_Symbol", UnicodeCategory.ModifierSymbol), .. Add("So Other_Symbol", UnicodeCategory.OtherSymbol)]);
        Add("Z Separator", [.. Add("Zs Space_Separator", UnicodeCategory.SpaceSeparator), .. Add("Zl Line_Separator", UnicodeCategory.LineSeparator), .. Add("Zp Paragraph_Separator", UnicodeCategory.ParagraphSeparator)]);
        Add(
            "C Other",
            [
                .. Add("Cc Control cntrl", UnicodeCategory.Control), .. Add("Cf Format", UnicodeCategory.Format), .. Add("Cs Surrogate", UnicodeCategory.Surrogate),
                .. Add("Co Private_Use", UnicodeCategory.PrivateUse), .. Add("Cn Unassigned", UnicodeCategory.OtherNotAssigned),
            ]);
        return made;
    }
}
