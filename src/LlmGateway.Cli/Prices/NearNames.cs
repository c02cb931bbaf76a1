using LlmGateway.Configuration;
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
            .SelectMany(row => row.Names.Where(name => !NameForms.IsPattern(name)).Select(name => (Row: row, Distance: NearestName.Distance(asked, name.ToLowerInvariant()))))
            .Where(near => near.Distance <= limit)
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Row.Model, StringComparer.Ordinal)
            .Select(near => $"{near.Row.Provider}/{near.Row.Model}")
            .Distinct()
            .Take(Most)];
    }
}
