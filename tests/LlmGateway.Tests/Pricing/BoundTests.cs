using LlmGateway.PriceData;

namespace LlmGateway.Tests.Prices;

/// <summary>The most that a request can cost.</summary>
public sealed class BoundTests
{
    private static readonly ModelPrice Plain = new() { InputPerMillion = 2, OutputPerMillion = 10, CacheReadPerMillion = 0.5m };

    [Fact]
    public void Each_token_is_bounded_by_the_dearest_kind_and_step_that_it_can_be_of()
    {
        var price = Plain with
        {
            CacheWrite1hPerMillion = 4,
            ReasoningPerMillion = 12,
            Steps = [new PriceStep { AboveInputTokens = 1000, Price = new ModelPrice { InputPerMillion = 3, OutputPerMillion = 20, CacheWrite1hPerMillion = 6 } }],
            Fees = new Dictionary<string, decimal> { ["request_low"] = 1, ["request_high"] = 2, ["web_search"] = 100 },
        };

        Assert.Equal(2.016m, CostBound.Of(price, 1000, 1000, "default", "global")); // 4 + 12 a thousand, and a request
        Assert.Equal(2.026006m, CostBound.Of(price, 1001, 1000, "default", "global"));
        Assert.Equal(2m, CostBound.Of(price, 0, 0, "default", "global"));
    }

    [Theory]
    [InlineData(null, "0.024")] // an account may be set to priority
    [InlineData("auto", "0.024")]
    [InlineData("default", "0.012")]
    [InlineData("batch", "0.012")] // may be served as usual
    [InlineData("priority", "0.024")]
    [InlineData("fast", "0.072")]
    [InlineData("scale", null)]
    public void The_tiers_that_a_request_leaves_open_count(string? tier, string? bound)
    {
        var price = Plain with
        {
            Tiers = new Dictionary<string, PriceVariant> { ["batch"] = PriceVariant.Times(0.5m), ["priority"] = PriceVariant.Times(2), ["fast"] = PriceVariant.Times(6) },
        };

        Assert.Equal(bound, CostBound.Of(price, 1000, 1000, tier, null) is { } most ? Money.ToExactString(most) : null);
    }

    [Theory]
    [InlineData(null, "0.0156")]
    [InlineData("global", "0.012")]
    [InlineData("us", "0.0132")]
    [InlineData("eu", "0.0156")]
    [InlineData("mars", null)]
    public void The_regions_that_a_request_leaves_open_count(string? region, string? bound)
    {
        var price = Plain with { Regions = new Dictionary<string, PriceVariant> { ["us"] = PriceVariant.Times(1.1m), ["eu"] = PriceVariant.Of(new ModelPrice { InputPerMillion = 5.6m, OutputPerMillion = 10 }) } };

        Assert.Equal(bound, CostBound.Of(price, 1000, 1000, "standard", region) is { } most ? Money.ToExactString(most) : null);
    }

    [Fact]
    public void Sound_whose_price_is_not_held_has_no_bound()
    {
        Assert.Null(CostBound.Of(Plain with { AudioPricedApart = true }, 10, 10, null, null));
        Assert.Equal(0.00007m, CostBound.Of(Plain with { AudioInputPerMillion = 7 }, 10, 0, null, null));
    }

    [Theory]
    [InlineData("2026-08-18T00:59:00Z", "0.44")] // the peak begins within the day
    [InlineData("2026-08-18T23:00:00Z", "0.44")]
    [InlineData("2026-08-28T22:00:00Z", "0.22")] // no peak on a Saturday
    [InlineData("2026-08-28T09:59:00Z", "0.44")] // the end of Friday's
    [InlineData("2026-08-16T12:00:00Z", "0.44")] // the change of the 17th is a day's limit away
    [InlineData("2026-08-01T12:00:00Z", "0.14")]
    public void A_price_that_changes_within_a_day_counts(string at, string bound)
    {
        var most = new PriceBook().Bound("deepseek", "deepseek-v4-flash", 1_000_000, 0, new PriceContext { At = DateTimeOffset.Parse(at, null) });

        Assert.Equal(bound, Money.ToExactString(most!.Value));
    }

    [Fact]
    public void Every_minute_of_a_day_costs_no_more_than_its_bound()
    {
        var book = new PriceBook();
        var start = new DateTimeOffset(2026, 8, 14, 0, 0, 0, TimeSpan.Zero);
        var usage = new TokenUsage { InputTokens = 1_000_000, OutputTokens = 1_000_000 };
        for (var hour = 0; hour < 24 * 18; hour += 5)
        {
            var from = start.AddHours(hour);
            var bound = book.Bound("deepseek", "deepseek-v4-flash", 1_000_000, 1_000_000, new PriceContext { At = from })!.Value;
            var most = Enumerable.Range(0, (24 * 60) + 1).Max(minute => book.Calculate("deepseek", "deepseek-v4-flash", usage, from.AddMinutes(minute)).TotalCostUsd!.Value);

            Assert.Equal(most, bound);
        }
    }

    [Fact]
    public void A_model_without_a_price_has_no_bound()
        => Assert.Null(new PriceBook().Bound("openai", "no-such-model", 1, 1, new PriceContext()));
}
