using System.Text;
using LlmGateway.PriceData;

namespace LlmGateway.Tests.Prices;

/// <summary>Format 2 of the price file.</summary>
public sealed class FormatTests
{
    [Fact]
    public void Every_field_is_read()
    {
        var price = Read("""
            {"input": 1, "output": 2, "cache_read": 3, "cache_write": 4, "cache_write_1h": 5, "reasoning": 6, "audio_input": 7, "audio_cache_read": 8, "audio_output": 9,
             "image_input": 10, "image_cache_read": 11, "image_output": 12, "note": "https://a.example, read 2026-11-24",
             "steps": [{"above": 100, "marginal": true, "input": 13, "output": 14, "audio_input": 15}, {"above": 200, "input": 16, "output": 17}],
             "fees": {"request": 0.005, "web_search": 0.01, "file_search": 0.0025, "code_interpreter": 0.03, "grounding": 0.035},
             "tiers": {"batch": 0.5, "flex": {"input": 18, "output": 19, "steps": [{"above": 5, "input": 20, "output": 21}], "fees": {"request": 1}, "note": "n"}},
             "regions": {"us": 1.1, "eu-central-1": {"input": 22, "output": 23}, "*": 2}}
            """);

        Assert.Equal(
            (1m, 2m, 3m, 4m, 5m, 6m),
            (price.InputPerMillion, price.OutputPerMillion, price.CacheReadPerMillion, price.CacheWritePerMillion, price.CacheWrite1hPerMillion, price.ReasoningPerMillion));
        Assert.Equal(
            (7m, 8m, 9m, 10m, 11m, 12m),
            (price.AudioInputPerMillion, price.AudioCacheReadPerMillion, price.AudioOutputPerMillion, price.ImageInputPerMillion, price.ImageCacheReadPerMillion, price.ImageOutputPerMillion));
        Assert.Equal([(100L, true, 13m, 15m), (200L, false, 16m, null)], price.Steps.Select(s => (s.AboveInputTokens, s.IsMarginal, s.Price.InputPerMillion, s.Price.AudioInputPerMillion)));
        Assert.Equal("code_interpreter 0.03, file_search 0.0025, grounding 0.035, request 0.005, web_search 0.01", string.Join(", ", price.Fees.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} {Money.ToExactString(f.Value)}")));
        Assert.Equal((0.5m, 18m, 20m, 1m, "n"), (price.Tiers["batch"].Factor, price.Tiers["flex"].Price!.InputPerMillion, price.Tiers["flex"].Price!.Steps[0].Price.InputPerMillion, price.Tiers["flex"].Price!.Fees["request"], price.Tiers["flex"].Price!.Note));
        Assert.Equal((1.1m, 22m, 2m), (price.Regions["us"].Factor, price.Regions["EU-central-1"].Price!.InputPerMillion, price.Regions["*"].Factor));
        Assert.Equal("https://a.example, read 2026-11-24", price.Note);
    }

    [Fact]
    public void A_rows_note_is_that_of_its_prices_which_have_none()
    {
        var row = Table("""{"provider": "acme", "model": "m", "note": "row", "prices": [{"input": 1, "output": 1}, {"from": "2026-01-01", "input": 2, "output": 2, "note": "own"}]}""").Rows[0];

        Assert.Equal(["row", "own"], row.Entries.Select(e => e.Price.Note));
    }

    [Fact]
    public void Entries_by_time_have_tiers_and_fees_of_their_own()
    {
        var row = Table("""{"provider": "acme", "model": "m", "prices": [{"input": 1, "output": 1, "tiers": {"batch": 0.5}}, {"from": "2026-01-01", "input": 1, "output": 1, "fees": {"request": 1}}]}""").Rows[0];

        Assert.Equal((1, 0), (row.Entries[0].Price.Tiers.Count, row.Entries[0].Price.Fees.Count));
        Assert.Equal((0, 1), (row.Entries[1].Price.Tiers.Count, row.Entries[1].Price.Fees.Count));
    }

    [Theory]
    [InlineData("""{"input": 1, "output": 1, "audio_input": "7"}""", "field \"audio_input\": a number")]
    [InlineData("""{"input": 1, "output": 1, "image_output": -1}""", "field \"image_output\": -1 is not a price")]
    [InlineData("""{"input": 1, "output": 1, "fees": {"requst": 1}}""", "fees, field \"requst\": it is not known here")]
    [InlineData("""{"input": 1, "output": 1, "fees": {"request": "1"}}""", "fees, field \"request\": a number of US dollars for one")]
    [InlineData("""{"input": 1, "output": 1, "fees": {"request": 1e-3}}""", "fees, field \"request\": 1e-3 is not a plain decimal")]
    [InlineData("""{"input": 1, "output": 1, "fees": [1]}""", "fees: an object is expected")]
    [InlineData("""{"input": 1, "output": 1, "tiers": 0.5}""", "field \"tiers\": an object of names")]
    [InlineData("""{"input": 1, "output": 1, "tiers": {"batch": "half"}}""", "tiers, field \"batch\": a number that prices are multiplied by")]
    [InlineData("""{"input": 1, "output": 1, "tiers": {"batch": 1001}}""", "tiers, field \"batch\": 1001 is no factor")]
    [InlineData("""{"input": 1, "output": 1, "tiers": {"batch": 0.33333}}""", "tiers, field \"batch\": 0.33333 is no factor")]
    [InlineData("""{"input": 1, "output": 1, "tiers": {"Batch": 1}}""", "tiers, field \"Batch\": a name in lower case")]
    [InlineData("""{"input": 1, "output": 1, "tiers": {"batch": {"input": 1}}}""", "tiers.batch, field \"output\": the price is missing")]
    [InlineData("""{"input": 1, "output": 1, "tiers": {"batch": {"input": 1, "output": 1, "tiers": {}}}}""", "tiers.batch, field \"tiers\": it is not known here")]
    [InlineData("""{"input": 1, "output": 1, "regions": {"global": 1}}""", "regions, field \"global\"")]
    [InlineData("""{"input": 1, "output": 1, "regions": {"us": {"input": 1, "output": 1, "steps": [{"above": 1, "input": 1}]}}}""", "regions.us, steps[0], field \"output\"")]
    [InlineData("""{"input": 1, "output": 1, "steps": [{"above": 1, "input": 1, "output": 1, "marginal": 1}]}""", "steps[0], field \"marginal\": true or false")]
    [InlineData("""{"input": 1, "output": 1, "steps": [{"above": 1, "input": 1, "output": 1, "fees": {}}]}""", "steps[0], field \"fees\"")]
    [InlineData("""{"input": 1, "output": 1, "note": 7}""", "field \"note\": a text")]
    public void A_bad_field_is_refused_by_name(string price, string message)
        => Assert.Contains("row 1 (acme/m), " + message, Assert.Throws<PriceFormatException>(() => Read(price)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public void Both_formats_are_read(string format)
        => Assert.Single(PriceFile.Read(Encoding.UTF8.GetBytes($$"""{"format": {{format}}, "rows": [{"provider": "acme", "model": "m", "input": 1, "output": 1}]}"""), "test").Rows);

    private static ModelPrice Read(string price)
        => Table($$"""{"provider": "acme", "model": "m", {{price.TrimStart()[1..]}}""").Rows[0].Entries[0].Price;

    private static PriceTable Table(string row) => PriceFile.Read(Encoding.UTF8.GetBytes($$"""{"format": 2, "rows": [{{row}}]}"""), "test");
}
