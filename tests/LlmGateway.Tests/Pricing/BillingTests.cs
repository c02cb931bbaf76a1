namespace LlmGateway.Tests.Prices;

/// <summary>What each way of billing costs, each product written out.</summary>
public sealed class BillingTests
{
    private static readonly ModelPrice Plain = new() { InputPerMillion = 2, OutputPerMillion = 10, CacheReadPerMillion = 0.5m };
    private readonly PriceBook _book = new();

    [Theory]
    [InlineData(null, "0.012")]
    [InlineData("standard", "0.012")]
    [InlineData("auto", "0.012")]
    [InlineData("default", "0.012")]
    [InlineData("batch", "0.006")]
    [InlineData("BATCH", "0.006")]
    [InlineData("priority", "0.025")]
    [InlineData("flex", null)]
    [InlineData("scale", null)]
    public void A_tier_has_the_price_that_the_row_gives_it_and_no_other(string? tier, string? cost)
    {
        // 1000 x 2 + 1000 x 10 = 12000; half of it; 1000 x 5 + 1000 x 20 = 25000
        var priced = Priced(
            Plain with { Tiers = Tiers(("batch", PriceVariant.Times(0.5m)), ("priority", PriceVariant.Of(new ModelPrice { InputPerMillion = 5, OutputPerMillion = 20 }))) },
            new TokenUsage { InputTokens = 1000, OutputTokens = 1000 },
            context: new PriceContext { ServiceTier = tier });

        Assert.Equal(cost, Text(priced));
        Assert.Equal(cost is null ? $"the price of the service tier '{tier}' is not known" : null, priced.UnpricedBecause);
        Assert.Equal(tier is "default" ? "standard" : tier is "auto" ? null : tier?.ToLowerInvariant(), priced.ServiceTier);
    }

    [Theory]
    [InlineData(null, "0.012")]
    [InlineData("global", "0.012")]
    [InlineData("Global", "0.012")]
    [InlineData("us", "0.0132")]
    [InlineData("US", "0.0132")]
    [InlineData("eu-central-1", "0.033")]
    [InlineData("ap-south-1", null)]
    public void A_region_has_the_price_that_the_row_gives_it_and_no_other(string? region, string? cost)
    {
        var priced = Priced(
            Plain with { Regions = Tiers(("us", PriceVariant.Times(1.1m)), ("eu-central-1", PriceVariant.Of(new ModelPrice { InputPerMillion = 3, OutputPerMillion = 30 }))) },
            new TokenUsage { InputTokens = 1000, OutputTokens = 1000 },
            context: new PriceContext { Region = region });

        Assert.Equal(cost, Text(priced));
        Assert.Equal(cost is null ? "the price in the region 'ap-south-1' is not known" : null, priced.UnpricedBecause);
    }

    [Fact]
    public void A_star_is_every_region_that_is_not_named()
    {
        var price = Plain with { Regions = Tiers(("us", PriceVariant.Times(1.1m)), ("*", PriceVariant.Times(2))) };

        Assert.Equal("0.024", Text(Priced(price, new TokenUsage { InputTokens = 1000, OutputTokens = 1000 }, context: new PriceContext { Region = "mars" })));
        Assert.Equal("0.012", Text(Priced(price, new TokenUsage { InputTokens = 1000, OutputTokens = 1000 })));
    }

    [Fact]
    public void Tier_and_region_multiply_and_a_whole_price_is_multiplied_but_two_of_them_are_unknown()
    {
        var usage = new TokenUsage { InputTokens = 1000, OutputTokens = 1000 };
        var whole = PriceVariant.Of(new ModelPrice { InputPerMillion = 3, OutputPerMillion = 30 });
        var price = Plain with { Tiers = Tiers(("batch", PriceVariant.Times(0.5m)), ("priority", whole)), Regions = Tiers(("us", PriceVariant.Times(1.1m)), ("eu", whole)) };

        // 12000 x 0.5 x 1.1; 33000 x 1.1; 33000 x 0.5
        Assert.Equal("0.0066", Text(Priced(price, usage, context: new PriceContext { ServiceTier = "batch", Region = "us" })));
        Assert.Equal("0.0363", Text(Priced(price, usage, context: new PriceContext { ServiceTier = "priority", Region = "us" })));
        Assert.Equal("0.0165", Text(Priced(price, usage, context: new PriceContext { ServiceTier = "batch", Region = "eu" })));
        var two = Priced(price, usage, context: new PriceContext { ServiceTier = "priority", Region = "eu" });
        Assert.Null(two.Usage.TotalCostUsd);
        Assert.Contains("each has a price of its own", two.UnpricedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public void The_replys_own_word_wins_over_what_was_asked()
    {
        var price = Plain with { Tiers = Tiers(("flex", PriceVariant.Times(0.5m))), Regions = Tiers(("us", PriceVariant.Times(1.1m))) };
        var usage = new TokenUsage { InputTokens = 1000, OutputTokens = 1000 };
        var asked = new PriceContext { ServiceTier = "flex", Region = "us" };

        Assert.Equal("0.0066", Text(Priced(price, usage, context: asked)));
        Assert.Equal("0.012", Text(Priced(price, usage, new ReplyBilling { ServiceTier = "standard", Region = "global" }, asked)));
    }

    [Fact]
    public void Fees_are_on_top_of_tokens_and_no_tier_multiplies_them()
    {
        var price = Plain with { Fees = Fees(("request", 0.005m), ("web_search", 0.01m)), Tiers = Tiers(("batch", PriceVariant.Times(0.5m))) };

        var priced = Priced(price, new TokenUsage { InputTokens = 1000, OutputTokens = 1000 }, new ReplyBilling { ServiceTier = "batch", Fees = [new BilledFee("web_search", 3)] });

        Assert.Equal((0.001m, 0.005m, 0.035m, 0.041m), (priced.Usage.InputCostUsd, priced.Usage.OutputCostUsd, priced.Usage.FeesCostUsd, priced.Usage.TotalCostUsd));
        Assert.Equal(
            [new CostPart("input", 1000, 0.000001m, 0.001m), new CostPart("output", 1000, 0.000005m, 0.005m), new CostPart("request", 1, 0.005m, 0.005m), new CostPart("web_search", 3, 0.01m, 0.03m)],
            priced.Parts);
        Assert.Equal(0m, Priced(Plain, new TokenUsage { InputTokens = 1 }).Usage.FeesCostUsd);
    }

    [Fact]
    public void A_fee_without_a_price_makes_the_cost_unknown()
    {
        var priced = Priced(Plain with { Fees = Fees(("web_search", 0.01m)) }, new TokenUsage { InputTokens = 1 }, new ReplyBilling { Fees = [new BilledFee("web_search", 1), new BilledFee("file_search", 2)] });

        Assert.Null(priced.Usage.TotalCostUsd);
        Assert.Equal((null, null, null), (priced.Usage.InputCostUsd, priced.Usage.OutputCostUsd, priced.Usage.FeesCostUsd));
        Assert.Equal("the price of file_search (2) is not known", priced.UnpricedBecause);
        Assert.Empty(priced.Parts);
        Assert.NotNull(priced.Match);
    }

    [Theory]
    [InlineData("grounding", "0.035")] // Gemini 2.5 bills the prompt
    [InlineData("grounding_query", "0.07")] // Gemini 3 bills each search
    [InlineData("web_search", null)]
    public void Grounding_is_billed_by_the_prompt_or_by_the_search(string kind, string? cost)
    {
        var priced = Priced(Plain with { Fees = Fees((kind, 0.035m)) }, TokenUsage.Zero, new ReplyBilling { Fees = [new BilledFee("grounding", 1), new BilledFee("grounding_query", 2)] });

        Assert.Equal(cost, Text(priced));
    }

    [Theory]
    [InlineData("request_low", "0.005")]
    [InlineData("request_high", "0.012")]
    [InlineData("request_medium", null)]
    [InlineData(null, null)]
    public void A_request_may_cost_by_how_much_was_searched(string? said, string? cost)
    {
        var price = Plain with { Fees = Fees(("request_low", 0.005m), ("request_high", 0.012m)) };

        Assert.Equal(cost, Text(Priced(price, TokenUsage.Zero, new ReplyBilling { Fees = said is null ? [] : [new BilledFee(said, 1)] })));
    }

    [Fact]
    public void A_tiers_own_price_has_its_own_fees_or_else_the_usual_ones()
    {
        var bare = new ModelPrice { InputPerMillion = 1, OutputPerMillion = 1 };
        var price = Plain with { Fees = Fees(("request", 0.5m)), Tiers = Tiers(("flex", PriceVariant.Of(bare)), ("fast", PriceVariant.Of(bare with { Fees = Fees(("request", 2m)) }))) };

        Assert.Equal("0.5", Text(Priced(price, TokenUsage.Zero, new ReplyBilling { ServiceTier = "flex" })));
        Assert.Equal("2", Text(Priced(price, TokenUsage.Zero, new ReplyBilling { ServiceTier = "fast" })));
    }

    [Fact]
    public void Sound_and_images_have_their_own_prices()
    {
        // gpt-realtime as its page has it: text 4, cached 0.40, out 16; audio 32, cached 0.40, out 64; image 5, cached 0.50.
        var price = new ModelPrice
        {
            InputPerMillion = 4,
            CacheReadPerMillion = 0.4m,
            OutputPerMillion = 16,
            AudioInputPerMillion = 32,
            AudioCacheReadPerMillion = 0.4m,
            AudioOutputPerMillion = 64,
            ImageInputPerMillion = 5,
            ImageCacheReadPerMillion = 0.5m,
        };

        var priced = Priced(price, new TokenUsage
        {
            InputTokens = 1000,
            CacheReadTokens = 300,
            AudioInputTokens = 500,
            AudioCacheReadTokens = 200,
            ImageInputTokens = 100,
            ImageCacheReadTokens = 40,
            OutputTokens = 90,
            AudioOutputTokens = 60,
            ReasoningTokens = 10,
        });

        Assert.Equal(
            [
                new CostPart("cache_read", 60, 0.0000004m, 0.000024m), new CostPart("audio_cache_read", 200, 0.0000004m, 0.00008m), new CostPart("image_cache_read", 40, 0.0000005m, 0.00002m),
                new CostPart("input", 340, 0.000004m, 0.00136m), new CostPart("audio_input", 300, 0.000032m, 0.0096m), new CostPart("image_input", 60, 0.000005m, 0.0003m),
                new CostPart("output", 20, 0.000016m, 0.00032m), new CostPart("reasoning", 10, 0.000016m, 0.00016m), new CostPart("audio_output", 60, 0.000064m, 0.00384m),
            ],
            priced.Parts);
        Assert.Equal(0.015704m, priced.Usage.TotalCostUsd);
    }

    [Fact]
    public void Sound_and_images_in_the_input_cost_what_text_does_where_nothing_else_is_said()
    {
        var usage = new TokenUsage { InputTokens = 1000, CacheReadTokens = 300, AudioInputTokens = 500, ImageInputTokens = 100 };

        // 700 x 2 + 300 x 0.5 = 1550
        Assert.Equal("0.00155", Text(Priced(Plain, usage)));
        Assert.Null(Text(Priced(Plain with { AudioPricedApart = true }, usage)));
        Assert.Equal("0.00155", Text(Priced(Plain with { AudioPricedApart = true }, usage with { AudioInputTokens = 0 })));
    }

    [Theory]
    [InlineData(1000, 500, 200, null, false)] // 0 to 200 of the cached ones may be audio
    [InlineData(1000, 1000, 200, null, true)] // all is audio
    [InlineData(1000, 500, 1000, null, true)] // all was read
    [InlineData(1000, 500, 200, 100L, true)]
    [InlineData(1000, 500, 0, null, true)]
    public void What_was_read_from_a_cache_is_priced_only_where_its_kind_is_known(long input, long audio, long read, long? heard, bool known)
    {
        var price = Plain with { AudioInputPerMillion = 6, AudioCacheReadPerMillion = 1 };

        Assert.Equal(known, Text(Priced(price, new TokenUsage { InputTokens = input, AudioInputTokens = audio, CacheReadTokens = read, AudioCacheReadTokens = heard })) is not null);
    }

    [Fact]
    public void Written_sound_and_sound_or_images_of_the_output_without_a_price_are_unknown()
    {
        var price = Plain with { AudioInputPerMillion = 6, CacheWritePerMillion = 3 };

        Assert.Contains("written to a cache", Priced(price, new TokenUsage { InputTokens = 9, AudioInputTokens = 3, CacheWriteTokens = 2 }).UnpricedBecause, StringComparison.Ordinal);
        Assert.Equal("the price of audio_cache_read tokens (3) is not known", Priced(price, new TokenUsage { InputTokens = 9, AudioInputTokens = 3, CacheReadTokens = 3, AudioCacheReadTokens = 3 }).UnpricedBecause);
        Assert.Equal("the price of audio_output tokens (4) is not known", Priced(price, new TokenUsage { OutputTokens = 9, AudioOutputTokens = 4 }).UnpricedBecause);
        Assert.Equal("the price of image_output tokens (5) is not known", Priced(price, new TokenUsage { OutputTokens = 9, ImageOutputTokens = 5 }).UnpricedBecause);
        Assert.Equal("0.000435", Text(Priced(price with { ImageOutputPerMillion = 79 }, new TokenUsage { OutputTokens = 9, ImageOutputTokens = 5 })));
    }

    [Theory]
    [InlineData(1000, 0, "0.002", "0.01")] // not above it
    [InlineData(1001, 0, "0.002004", "0.02")] // 1000 x 2 + 1 x 4
    [InlineData(1500, 600, "0.0031", "0.02")] // 600 x 0.5 + 400 x 2 + 500 x 4: what was read comes first
    [InlineData(1500, 1200, "0.0019", "0.02")] // 1000 x 0.5 + 200 x 1 + 300 x 4 = 500 + 200 + 1200
    [InlineData(2500, 0, "0.01", "0.02")] // the next step counts for the whole: 2500 x 4
    public void A_marginal_step_holds_for_what_is_above_it(long input, long read, string inputCost, string outputCost)
    {
        var price = Plain with
        {
            Steps =
            [
                new PriceStep { AboveInputTokens = 1000, IsMarginal = true, Price = new ModelPrice { InputPerMillion = 4, OutputPerMillion = 20, CacheReadPerMillion = 1 } },
                new PriceStep { AboveInputTokens = 2000, Price = new ModelPrice { InputPerMillion = 4, OutputPerMillion = 20 } },
            ],
        };

        var priced = Priced(price, new TokenUsage { InputTokens = input, CacheReadTokens = read, OutputTokens = 1000 });

        Assert.Equal((inputCost, outputCost), (Money.ToExactString(priced.Usage.InputCostUsd!.Value), Money.ToExactString(priced.Usage.OutputCostUsd!.Value)));
    }

    [Fact]
    public void Sound_that_may_be_above_or_below_a_marginal_step_is_unknown()
    {
        var price = Plain with
        {
            AudioInputPerMillion = 6,
            Steps = [new PriceStep { AboveInputTokens = 100, IsMarginal = true, Price = new ModelPrice { InputPerMillion = 4, OutputPerMillion = 20, AudioInputPerMillion = 12 } }],
        };

        Assert.Equal("0.00022", Text(Priced(price, new TokenUsage { InputTokens = 100, AudioInputTokens = 5 })));
        Assert.Contains("above the step", Priced(price, new TokenUsage { InputTokens = 101, AudioInputTokens = 5 }).UnpricedBecause, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_free_is_free_of_fees_and_in_every_tier_too()
    {
        var free = new ModelPrice { InputPerMillion = 0, OutputPerMillion = 0 };

        Assert.True((free with { Tiers = Tiers(("batch", PriceVariant.Times(2))), Fees = Fees(("request", 0m)) }).IsFree);
        Assert.False((free with { Fees = Fees(("web_search", 0.01m)) }).IsFree);
        Assert.False((free with { Regions = Tiers(("us", PriceVariant.Of(Plain))) }).IsFree);
        Assert.False((free with { AudioOutputPerMillion = 1 }).IsFree);
        Assert.Equal(0m, Priced(free, new TokenUsage { InputTokens = 5, AudioInputTokens = 2, OutputTokens = 4, AudioOutputTokens = 2, ImageOutputTokens = 1 }).Usage.TotalCostUsd);
    }

    [Fact]
    public void The_reason_names_what_is_not_known()
    {
        Assert.Equal("the reply names no model", _book.Price("openai", new VendorReply { Usage = TokenUsage.Zero }).UnpricedBecause);
        Assert.Equal("the price book has no price for the model 'gpt-none'", _book.Price("openai", new VendorReply { Model = "gpt-none", Usage = TokenUsage.Zero }).UnpricedBecause);
        Assert.Equal("the price of cache_write tokens (2) is not known", Priced(Plain, new TokenUsage { InputTokens = 5, CacheWriteTokens = 2 }).UnpricedBecause);
    }

    [Fact]
    public void Variants_and_fees_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceVariant.Times(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceVariant.Times(1001));
        Assert.Throws<ArgumentOutOfRangeException>(() => PriceVariant.Times(0.33333m));
        Assert.Throws<ArgumentException>(() => PriceVariant.Of(Plain with { Tiers = Tiers(("batch", PriceVariant.Times(1))) }));
        Assert.Throws<ArgumentException>(() => Plain with { Fees = Fees(("requst", 1m)) });
        Assert.Throws<ArgumentOutOfRangeException>(() => Plain with { Fees = Fees(("request", -1m)) });
        Assert.Throws<ArgumentException>(() => Plain with { Regions = Tiers(("Global", PriceVariant.Times(1))) });
        Assert.Throws<ArgumentException>(() => Plain with { Tiers = Tiers(("", PriceVariant.Times(1))) });
        Assert.Throws<ArgumentException>(() => Plain with { Tiers = Tiers(("batch", PriceVariant.Times(1)), ("Batch", PriceVariant.Times(2))) });
        Assert.Throws<ArgumentException>(() => Plain with { Steps = [new PriceStep { AboveInputTokens = 1, Price = Plain with { Fees = Fees(("request", 1m)) } }] });
    }

    private PricedReply Priced(ModelPrice price, TokenUsage usage, ReplyBilling? billing = null, PriceContext? context = null)
    {
        _book.Register("acme", "m", price);
        return _book.Price("acme", new VendorReply { Model = "m", Usage = usage, Billing = billing ?? ReplyBilling.None }, context);
    }

    private static string? Text(PricedReply priced) => priced.Usage.TotalCostUsd is { } cost ? Money.ToExactString(cost) : null;

    private static Dictionary<string, PriceVariant> Tiers(params (string Name, PriceVariant Variant)[] variants) => variants.ToDictionary(v => v.Name, v => v.Variant);

    private static Dictionary<string, decimal> Fees(params (string Kind, decimal Price)[] fees) => fees.ToDictionary(f => f.Kind, f => f.Price);
}
