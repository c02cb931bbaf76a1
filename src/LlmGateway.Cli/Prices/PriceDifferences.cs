using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Cli.Prices;

/// <summary>One thing that a file changes.</summary>
/// <param name="Row">The file's row.</param>
/// <param name="What">What of it; <c>row</c> where the built-in data has none such.</param>
/// <param name="Before">The built-in amount; null for none.</param>
/// <param name="After">The file's; null for none.</param>
internal sealed record PriceDifference(string Row, string What, string? Before, string? After)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("row", Row);
        json.WriteString("what", What);
        json.WriteString("built_in", Before);
        json.WriteString("file", After);
    }
}

/// <summary>What a file's rows say otherwise than the built-in rows that have their names.</summary>
internal static class PriceDifferences
{
    public static IEnumerable<PriceDifference> Of(PriceTable builtIn, PriceTable file) => file.Rows.SelectMany(row => Of(builtIn, row));

    private static IEnumerable<PriceDifference> Of(PriceTable builtIn, PriceRow row)
    {
        var id = $"{row.Provider}/{row.Model}";
        var replaced = row.Names.Select(name => (Name: name, Row: builtIn.FindExact(row.Provider, name)?.Row ?? Pattern(builtIn, row.Provider, name) ?? builtIn.Find(row.Provider, name)?.Row)).ToList();
        foreach (var (name, _) in replaced.Where(found => found.Row is null)) yield return new(id, name == row.Model ? "row" : $"name {name}", null, "new");
        foreach (var group in replaced.Where(found => found.Row is not null).GroupBy(found => found.Row!))
        {
            var (before, after) = (Lines(group.Key), Lines(row));
            foreach (var place in before.Keys.Union(after.Keys).Where(place => before.GetValueOrDefault(place) != after.GetValueOrDefault(place)))
                yield return new(group.Key.Model == row.Model ? id : $"{id} (as {group.Key.Model})", place, before.GetValueOrDefault(place), after.GetValueOrDefault(place));
        }
    }

    private static PriceRow? Pattern(PriceTable table, string provider, string name) =>
        NameForms.IsPattern(name) ? table.Rows.FirstOrDefault(row => row.Provider == provider && row.Names.Contains(name)) : null;

    private static Dictionary<string, string> Lines(PriceRow row) => PriceLines.Of(row).ToDictionary(line => line.Place, line => line.Amount);
}
