using System.Buffers;
using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>
/// Finds the typed values in one line or cell. What has been read is blanked out, so that the digits of a date are not read
/// again as a number: hence the order, from what is hardest to mistake to what is easiest.
/// </summary>
internal sealed partial class FactScanner
{
    private const int WordsBefore = 4;
    private const int CharactersAround = 60;

    private static readonly SearchValues<char> ClauseEnds = SearchValues.Create(".;,!?:(");
    private static readonly Word[] Company = Words.Of("company");
    private static readonly Word[] Start = Words.Of("start");
    private static readonly Word[] End = Words.Of("end");

    private readonly string _line;
    private readonly NumberStyle _style;
    private readonly Word[] _label;
    private readonly List<Fact> _facts;
    private readonly char[] _rest;

    private FactScanner(string line, Word[] label, NumberStyle style, List<Fact> facts)
    {
        _line = line;
        _label = label;
        _style = style;
        _facts = facts;
        _rest = line.ToCharArray();
    }

    private string Rest => new(_rest);

    /// <summary>Adds the values of a line.</summary>
    /// <param name="line">The line, or what stands behind the label.</param>
    /// <param name="label">The label's words; empty for none.</param>
    /// <param name="style">How the document writes numbers.</param>
    /// <param name="facts">Where the values go.</param>
    /// <returns>The kind of the value that fills the line from end to end, or <see cref="FactKind.Text"/>.</returns>
    public static FactKind Scan(string line, Word[] label, NumberStyle style, List<Fact> facts)
    {
        var scanner = new FactScanner(line, label, style, facts);
        return scanner.ReadAll() ?? FactKind.Text;
    }

    private FactKind? ReadAll()
    {
        FactKind? covers = null;
        foreach (Match match in Url().Matches(Rest)) Found(FactKind.Url, match, match.Value.TrimEnd('.', ',', ';', ')'));
        foreach (Match match in Email().Matches(Rest)) Found(FactKind.Email, match, match.Value);

        var dates = new List<(Match Place, string Iso)>();
        foreach (var date in DateReader.Dates(Rest, _style).OrderBy(date => date.Place.Index))
        {
            if (_rest[date.Place.Index] == '\0') continue;
            dates.Add(date);
            Erase(date.Place);
        }

        var times = DateReader.Times(Rest).ToList();
        foreach (var (place, iso) in dates) Found(FactKind.Date, place, iso, fact => fact with { TimeOfDay = times is [var first, ..] ? first.Iso + first.Zone : null });
        for (var i = 0; i < times.Count; i++)
        {
            var side = times.Count != 2 ? [] : i == 0 ? Start : End;
            var time = times[i];
            Found(FactKind.Time, time.Place, time.Iso, fact => fact with { TimeOfDay = time.Iso + time.Zone, Context = [.. fact.Context, .. side] });
        }

        foreach (Match match in Code().Matches(Rest)) Found(FactKind.Id, match, match.Value.TrimStart('#'));
        foreach (Match match in Phone().Matches(Rest))
        {
            if (match.Value.Count(char.IsAsciiDigit) is >= 7 and <= 15 && (IsDialled(match.Value) || IsLabelled(FactKind.Phone))) Found(FactKind.Phone, match, match.Value);
        }

        ReadNumbers();
        foreach (Match match in CurrencyCode().Matches(Rest)) Found(FactKind.Currency, match, match.Value);
        foreach (Match match in Names().Matches(Rest))
        {
            var isCompany = CompanyEnd().IsMatch(match.Value);
            if (isCompany || !Words.Of(match.Value).Any(word => word.Concept is not null)) Found(FactKind.Name, match, match.Value, fact => isCompany ? fact with { Context = [.. fact.Context, .. Company] } : fact);
        }

        return covers;

        void Found(FactKind kind, Match place, string text, Func<Fact, Fact>? change = null)
        {
            var fact = Place(new Fact(kind, text), place);
            _facts.Add(change?.Invoke(fact) ?? fact);
            if (place.Length == _line.Length) covers = kind;
            Erase(place);
        }

        void ReadNumbers()
        {
            foreach (Match match in (_style.DecimalComma ? SpacedNumber() : PlainNumber()).Matches(Rest))
            {
                if (_style.Read(match.Groups["number"].Value) is not { } number) continue;
                var currency = CurrencyOf(match.Groups["before"].Value) ?? CurrencyOf(match.Groups["after"].Value);
                var kind = currency is not null ? FactKind.Money : match.Groups["percent"].Success ? FactKind.Percent : FactKind.Number;
                if (currency is not null) _facts.Add(new Fact(FactKind.Currency, currency));
                Found(kind, match, match.Groups["number"].Value, fact => fact with { Number = number });
            }
        }
    }

    /// <summary>Gives a value the label, where it stands directly behind it, and the words around it.</summary>
    private Fact Place(Fact fact, Match place)
    {
        var before = _line[Math.Max(0, place.Index - CharactersAround)..place.Index];
        var end = place.Index + place.Length;
        var clause = before[(before.AsSpan().LastIndexOfAny(ClauseEnds) + 1)..];
        var context = Words.Of(clause);
        if (context.Length > WordsBefore) context = context[^WordsBefore..];
        if (fact.Kind is FactKind.Number or FactKind.Percent && NextWord().Match(_line, end) is { Success: true } next) context = [.. context, .. Words.Of(next.Value)];

        var lead = _line[..place.Index].Trim();
        var isFirst = lead.Length == 0 || (!lead.Contains(' ') && char.IsLower(lead[0]));
        return isFirst ? fact with { Label = _label, Context = context } : fact with { Context = [.. context, .. _label] };
    }

    private void Erase(Match place) => _rest.AsSpan(place.Index, place.Length).Clear();

    private bool IsLabelled(FactKind kind) => _label.Any(word => Vocabulary.Announces(word) == kind);

    /// <summary>Whether digits are written the way only telephone numbers are.</summary>
    private static bool IsDialled(string digits) => digits[0] is '+' or '(' || NorthAmerican().IsMatch(digits);

    private static string? CurrencyOf(string written) => written.Trim() switch
    {
        "" => null,
        "€" => "EUR",
        "$" or "US$" => "USD",
        "£" => "GBP",
        "¥" => "JPY",
        "₹" => "INR",
        var code => code,
    };

    private const string Codes = "USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|ZAR|BRL|MXN|SGD|HKD|KRW|ILS|AED|THB|UAH";
    private const string Before = @"(?<!\w)(?:(?<before>US\$|[€$£¥₹]|(?:" + Codes + @")(?!\w))\s?)?";
    private const string After = @"(?!\w{0,20}\d)(?:\s?(?<after>[€£¥₹]|(?:" + Codes + @")(?!\w))|\s?(?<percent>%))?";

    [GeneratedRegex(Before + @"(?<![\d.,])(?<number>-?(?:\d{1,3}(?:[.,'’\u00A0\u202F]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d+)?))" + After)]
    private static partial Regex PlainNumber();

    [GeneratedRegex(Before + @"(?<![\d.,])(?<number>-?(?:\d{1,3}(?:[.,'’ \u00A0\u202F]\d{3})+(?:[.,]\d{1,4})?|\d+(?:[.,]\d+)?))" + After)]
    private static partial Regex SpacedNumber();

    [GeneratedRegex(@"\bhttps?://[^\s<>""'\0]+|\bwww\.[A-Za-z0-9-]+\.[^\s<>""'\0]+")]
    private static partial Regex Url();

    [GeneratedRegex(@"(?<![\w.+%-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,24}(?![\w-])")]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<![\w/#.-])(?:#\w*\d[\w-]*|(?=[\w/-]{0,30}\d)[A-Z][A-Za-z]{0,9}[-/_](?:[A-Za-z0-9]+[-/_])*[A-Za-z0-9]+|[A-Z]{1,6}\d{2,}[A-Z0-9]*|\d{2,}(?:[-/]\d+)*[-/][A-Z]+[A-Z0-9-]*)(?![\w/])")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<![\w+.,])(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,5}\)[ .-]?)?\d{2,5}(?:[ ./-]?\d{2,5}){1,4}(?![\w.,]{0,20}\d)")]
    private static partial Regex Phone();

    [GeneratedRegex(@"^\d{3}[-. ]\d{3}[-. ]\d{4}$")]
    private static partial Regex NorthAmerican();

    [GeneratedRegex(@"(?<!\w)(?:" + Codes + @")(?!\w)")]
    private static partial Regex CurrencyCode();

    [GeneratedRegex(@"(?<![\w@])\p{Lu}[\p{L}'’-]+(?: (?:(?:&|and|of|de|van|von|der|la) )?\p{Lu}[\p{L}'’-]*\.?){1,5}(?!\w)")]
    private static partial Regex Names();

    [GeneratedRegex(@"\b(?:Ltd|Limited|Inc|LLC|LLP|PLC|GmbH|AG|SA|SARL|BV|NV|Corp|Corporation|Co|Company|Oy|AB|AS|ApS|SpA|Srl|Pty|KG)\.?$")]
    private static partial Regex CompanyEnd();

    [GeneratedRegex(@"\G\s?\p{L}+")]
    private static partial Regex NextWord();
}
