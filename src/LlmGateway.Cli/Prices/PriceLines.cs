using System.Globalization;
using LlmGateway.PriceData;

namespace LlmGateway.Cli.Prices;

/// <summary>One thing that a row says: when it holds, what it is, and the amount as exact text.</summary>
internal readonly record struct PriceLine(string When, string What, string Amount)
{
    /// <summary>Its place in the row, which two versions of a row have in common.</summary>
    public string Place => When.Length > 0 ? $"{When}: {What}" : What;
}

/// <summary>A row as a list of all that it says, one amount a line.</summary>
internal static class PriceLines
{
    public static IEnumerable<PriceLine> Of(PriceRow row) => row.Entries.SelectMany(entry => Of(entry.Price, When(entry)));

    /// <summary>What one price says, without its steps, tiers and regions: the fields' names in the file, and the amounts.</summary>
    public static IEnumerable<(string Field, decimal Amount)> Tokens(ModelPrice price)
    {
        (string Field, decimal? Amount)[] all =
        [
            ("input", price.InputPerMillion), ("output", price.OutputPerMillion),
            ("cache_read", price.CacheReadPerMillion), ("cache_write", price.CacheWritePerMillion), ("cache_write_1h", price.CacheWrite1hPerMillion),
            ("reasoning", price.ReasoningPerMillion),
            ("audio_input", price.AudioInputPerMillion), ("audio_cache_read", price.AudioCacheReadPerMillion), ("audio_output", price.AudioOutputPerMillion),
            ("image_input", price.ImageInputPerMillion), ("image_cache_read", price.ImageCacheReadPerMillion), ("image_output", price.ImageOutputPerMillion),
        ];
        return all.Where(line => line.Amount is not null).Select(line => (line.Field, line.Amount!.Value));
    }

    /// <summary>When an entry holds, in words; empty for always.</summary>
    public static string When(PriceEntry entry)
    {
        List<string> parts = [];
        if (entry.From is { } from) parts.Add(string.Create(CultureInfo.InvariantCulture, $"from {from:yyyy-MM-dd}"));
        if (entry.Window is { } window) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{window.Start:HH:mm}-{window.End:HH:mm} UTC"));
        if (entry.Days is { } days) parts.Add(string.Join(",", days.Order().Select(day => day.ToString()[..3].ToLowerInvariant())));
        return string.Join(", ", parts);
    }

    private static IEnumerable<PriceLine> Of(ModelPrice price, string when, string under = "")
    {
        foreach (var (field, amount) in Tokens(price)) yield return Line(under + field, amount);
        if (price.AudioPricedApart) yield return new PriceLine(when, under + "audio", "has another price, which is not known");
        foreach (var step in price.Steps)
        {
            var above = string.Create(CultureInfo.InvariantCulture, $"{under}above {step.AboveInputTokens} input tokens{(step.IsMarginal ? ", what is above" : "")}: ");
            foreach (var (field, amount) in Tokens(step.Price)) yield return Line(above + field, amount);
        }

        foreach (var (kind, amount) in price.Fees) yield return Line($"{under}fee: {kind}", amount);
        foreach (var (name, variant) in price.Tiers)
            foreach (var line in Variant(variant, $"tier {name}")) yield return line;
        foreach (var (name, variant) in price.Regions)
            foreach (var line in Variant(variant, $"region {name}")) yield return line;

        PriceLine Line(string what, decimal amount) => new(when, what, Money.ToExactString(amount));

        IEnumerable<PriceLine> Variant(PriceVariant variant, string what) =>
            variant.Price is { } own ? Of(own, when, $"{what}: ") : [new PriceLine(when, what, $"x {Money.ToExactString(variant.Factor!.Value)}")];
    }
}
