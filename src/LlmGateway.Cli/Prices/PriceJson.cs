using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Cli.Prices;

/// <summary>A row as JSON, by the names that a price file has; amounts are exact text.</summary>
internal static class PriceJson
{
    public static void Write(Utf8JsonWriter json, PriceRow row)
    {
        json.WriteString("vendor", row.Provider);
        json.WriteString("model", row.Model);
        json.WriteStartArray("names");
        foreach (var name in row.Names) json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteString("source", row.Source);
        json.WriteStartArray("prices");
        foreach (var entry in row.Entries)
        {
            json.WriteStartObject();
            if (PriceLines.When(entry) is { Length: > 0 } when) json.WriteString("when", when);
            Write(json, entry.Price);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A price's members.</summary>
    public static void Write(Utf8JsonWriter json, ModelPrice price)
    {
        foreach (var (field, amount) in PriceLines.Tokens(price)) json.WriteString(field, Money.ToExactString(amount));
        if (price.AudioPricedApart) json.WriteBoolean("audio_apart", true);
        if (price.Steps.Count > 0)
        {
            json.WriteStartArray("steps");
            foreach (var step in price.Steps)
            {
                json.WriteStartObject();
                json.WriteNumber("above", step.AboveInputTokens);
                if (step.IsMarginal) json.WriteBoolean("marginal", true);
                Write(json, step.Price);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (price.Fees.Count > 0)
        {
            json.WriteStartObject("fees");
            foreach (var (kind, amount) in price.Fees) json.WriteString(kind, Money.ToExactString(amount));
            json.WriteEndObject();
        }

        Variants(json, "tiers", price.Tiers);
        Variants(json, "regions", price.Regions);
        if (price.Note is { } note) json.WriteString("note", note);
    }

    private static void Variants(Utf8JsonWriter json, string field, IReadOnlyDictionary<string, PriceVariant> variants)
    {
        if (variants.Count == 0) return;
        json.WriteStartObject(field);
        foreach (var (name, variant) in variants)
        {
            if (variant.Price is { } own)
            {
                json.WriteStartObject(name);
                Write(json, own);
                json.WriteEndObject();
            }
            else
            {
                json.WriteString(name, $"x {Money.ToExactString(variant.Factor!.Value)}");
            }
        }

        json.WriteEndObject();
    }
}
