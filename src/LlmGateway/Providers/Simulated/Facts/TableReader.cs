using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>Finds tables: lines that follow each other with the same number of cells, and lines such as "2 x Chair at EUR 40.00".</summary>
internal static partial class TableReader
{
    private static readonly HashSet<string?> Sums = ["total", "subtotal", "tax", "discount", "shipping"];

    /// <summary>Reads the tables and marks the lines that are theirs alone. A table of two columns may as well be labels and values, so its lines stay free.</summary>
    public static List<FactTable> Read(string[] lines, bool[] taken, NumberStyle style)
    {
        var tables = new List<FactTable>();
        for (var i = 0; i < lines.Length; i++)
        {
            var width = Cells(lines[i]).Length;
            if (width < 2) continue;
            var end = i + 1;
            while (end < lines.Length && (IsRule(lines[end]) || Cells(lines[end]).Length == width)) end++;
            if (end - i > 1 && Table([.. lines[i..end].Where(line => !IsRule(line)).Select(Cells)], style) is { } table)
            {
                tables.Add(table);
                if (width > 2) Array.Fill(taken, true, i, end - i);
            }

            i = end - 1;
        }

        if (Counted(lines, taken) is { } counted) tables.Add(counted);
        return tables;
    }

    private static FactTable? Table(string[][] rows, NumberStyle style)
    {
        if (rows.Length == 0 || Array.Exists(rows, row => Array.Exists(row, cell => cell.EndsWith(':')))) return null;
        var hasHeadings = rows.Length > 1 && !Array.Exists(rows[0], HasDigit) && Array.Exists(rows[1], HasDigit)
            || rows.Length > 1 && Array.TrueForAll(rows[0], cell => cell.Length > 0 && !HasDigit(cell) && cell.Length < 30) && rows[0].Length > 2;
        var body = (hasHeadings ? rows[1..] : rows).Where(row => !IsSum(row)).ToArray();
        if (body.Length == 0) return null;
        return new FactTable(hasHeadings ? rows[0] : Headings(body[0], style), body);
    }

    /// <summary>What columns without headings hold, by the custom of bills: a text, a quantity, a unit price, an amount.</summary>
    private static string[] Headings(string[] cells, NumberStyle style)
    {
        var numbers = cells.Count(cell => IsNumber(cell, style));
        string[] names = numbers switch
        {
            1 => ["amount"],
            2 => ["quantity", "price"],
            _ => ["quantity", "unit price", "amount"],
        };
        var next = 0;
        var hasText = false;
        return [.. cells.Select(cell =>
        {
            if (IsNumber(cell, style)) return next < names.Length ? names[next++] : "";
            if (hasText) return "";
            hasText = true;
            return "item description";
        })];
    }

    private static FactTable? Counted(string[] lines, bool[] taken)
    {
        var rows = new List<string[]>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (taken[i] || CountedItem().Match(lines[i]) is not { Success: true } match) continue;
            taken[i] = true;
            rows.Add([match.Groups["count"].Value, match.Groups["item"].Value, match.Groups["price"].Value, match.Groups["amount"].Value]);
        }

        return rows.Count == 0 ? null : new FactTable(["quantity", "item description", "unit price", "amount"], rows);
    }

    private static string[] Cells(string line)
    {
        var trimmed = line.Trim();
        if (trimmed.Length == 0) return [];
        if (trimmed.Contains('|')) return [.. trimmed.Trim('|').Split('|').Select(cell => cell.Trim().Trim('*').Trim())];
        return trimmed.Contains('\t') ? [.. trimmed.Split('\t', StringSplitOptions.TrimEntries)] : Gaps().Split(trimmed);
    }

    private static bool IsRule(string line) => line.AsSpan().ContainsAny("-=") && Rule().IsMatch(line);

    /// <summary>Whether a row adds up the ones above it.</summary>
    private static bool IsSum(string[] row) =>
        row.Count(cell => cell.Length > 0) <= row.Length / 2
        || Words.Of(row[0]) is [var first, ..] && Sums.Contains(first.Concept) && Array.Exists(row, cell => cell.Length == 0);

    private static bool IsNumber(string cell, NumberStyle style)
    {
        var facts = new List<Fact>();
        return FactScanner.Scan(cell, [], style, facts) is FactKind.Number or FactKind.Money or FactKind.Percent;
    }

    private static bool HasDigit(string cell) => cell.AsSpan().ContainsAnyInRange('0', '9');

    [GeneratedRegex(@"\s{2,}")]
    private static partial Regex Gaps();

    [GeneratedRegex(@"^[\s|:=+-]+$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^\s*[-*•]?\s*(?<count>\d{1,6})\s?[x×]\s+(?<item>\S[^@=]{0,80}?)\s*(?:@|\bat\b|,|:|-|–)\s*(?<price>[^\s@=][^@=]{0,24}?)(?:\s+each)?(?:\s*(?:=|\bis\b)\s*(?<amount>.{1,24}))?\s*$")]
    private static partial Regex CountedItem();
}
