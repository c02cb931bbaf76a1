using LlmGateway.PriceData;

namespace LlmGateway.Cli.Prices;

/// <summary>The names that someone may have meant: a hint for a person, never a price.</summary>
internal static class NearNames
{
    private const int Most = 3;

    public static IReadOnlyList<string> Of(string model, IEnumerable<PriceRow> rows)
    {
        var asked = model.ToLowerInvariant();
        var limit = Math.Max(2, asked.Length / 3);
        return [.. rows
            .SelectMany(row => row.Names.Where(name => !NameForms.IsPattern(name)).Select(name => (Row: row, Distance: Distance(asked, name.ToLowerInvariant()))))
            .Where(near => near.Distance <= limit)
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Row.Model, StringComparer.Ordinal)
            .Select(near => $"{near.Row.Provider}/{near.Row.Model}")
            .Distinct()
            .Take(Most)];
    }

    /// <summary>Levenshtein's: how many letters to put in, take out or change.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
