using System.Text.RegularExpressions;

namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>A piece of a line: what stands behind a label, or a text without one.</summary>
/// <param name="Label">The label as written; null for none.</param>
/// <param name="Value">The text; empty where it follows on the next lines.</param>
internal sealed record LabelledText(string? Label, string Value);

/// <summary>Reads "Label: value", several of them in one line, and labels and values in two columns.</summary>
internal static partial class LabelReader
{
    private const int MaxLabelWords = 6;

    public static IEnumerable<LabelledText> Read(string line)
    {
        var pieces = Columns().Split(line.Trim().Trim('|').Trim()).Select(cell => cell.Trim()).Where(cell => cell.Length > 0).ToArray();
        if (pieces.Length > 1 && Array.TrueForAll(pieces, piece => Labelled(piece) is { Value.Length: > 0 })) return pieces.Select(piece => Labelled(piece)!);

        var clauses = Clauses().Split(line);
        if (clauses.Length > 1 && Array.TrueForAll(clauses, clause => Labelled(clause) is { Value.Length: > 0 })) return clauses.Select(clause => Labelled(clause)!);

        if (Labelled(line) is { } labelled) return [labelled];
        return [pieces.Length == 2 && ColumnLabel().IsMatch(pieces[0]) && IsShort(pieces[0])
            ? new LabelledText(pieces[0], pieces[1])
            : new LabelledText(null, line.Trim())];
    }

    /// <summary>The text behind a bullet or an item's number; null for a line without one.</summary>
    public static string? BehindBullet(string line) => Bullet().Match(line) is { Success: true } match ? match.Groups[1].Value.Trim() : null;

    /// <summary>The text of a Markdown heading, or null.</summary>
    public static string? Heading(string line) => line.StartsWith('#') ? line.TrimStart('#').Trim() : null;

    /// <summary>The items of a list written in one line.</summary>
    public static string[] Items(string value) =>
        [.. Separators().Split(value).Select(item => item.Trim().TrimEnd('.')).Where(item => item.Length > 0)];

    private static LabelledText? Labelled(string text)
    {
        var match = Label().Match(text);
        if (!match.Success || !IsShort(match.Groups["label"].Value) || Columns().IsMatch(match.Groups["label"].Value.Trim())) return null;
        var value = match.Groups["value"].Value.Trim().TrimEnd(',', ';').Trim('"', '*', '_', '`', ' ', '|');
        // "https://…" and "at 12:30" have a colon and no label.
        var isTime = char.IsDigit(match.Groups["label"].ValueSpan[^1]) && match.Groups["value"].ValueSpan is [>= '0' and <= '9', ..];
        return isTime || value.StartsWith("//", StringComparison.Ordinal) ? null : new LabelledText(match.Groups["label"].Value.Trim(), value);
    }

    private static bool IsShort(string label) => Words.Split(label).Count <= MaxLabelWords;

    [GeneratedRegex(@"^\s*(?:[-*•>|]\s*)*(?:\d{1,3}[.)]\s+)?[""'*_`]*(?<label>\p{L}[\p{L}\p{N} .,#%/&()'’_-]{0,39})[""'*_`]*\s{0,10}[:=][""'*_`]*(?<value>(?:\s.*|[^\s:=/].*|)|//.*)$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\p{L}[\p{L}\p{N} .,#%/&()'’_-]{0,39}$")]
    private static partial Regex ColumnLabel();

    [GeneratedRegex(@"\s{2,}|\t|\||\.{3,}")]
    private static partial Regex Columns();

    [GeneratedRegex(@"[,;]\s+")]
    private static partial Regex Clauses();

    [GeneratedRegex(@"^\s*(?:[-*•–]|\d{1,3}[.)])\s+(.*)$")]
    private static partial Regex Bullet();

    [GeneratedRegex(@",\s+(?:and\s+)?|;\s*|\s+and\s+")]
    private static partial Regex Separators();
}
