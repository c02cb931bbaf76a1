namespace LlmGateway.Tests.Prices;

/// <summary>Worked by hand from the vendors' public price pages; each product is written out.</summary>
public sealed class CostTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    private readonly PriceBook _book = new();

    [Fact]
    public void Anthropic_prices_fresh_cached_and_written_input_apart()
    {
        // Claude Opus 4.5: 5 in, 25 out, 0.50 cache read, 6.25 written for 5 minutes, 10 for an hour
        // (https://platform.claude.com/docs/en/about-claude/pricing).
        var usage = new TokenUsage { InputTokens = 10_000, CacheReadTokens = 6_000, CacheWriteTokens = 3_000, CacheWrite1hTokens = 1_000, OutputTokens = 700, ReasoningTokens = 200 };

        var priced = _book.Calculate("anthropic", "claude-opus-4-5-20251101", usage, At);

        // 1000 x 5 + 6000 x 0.5 + 2000 x 6.25 + 1000 x 10 = 5000 + 3000 + 12500 + 10000 = 30500
        Assert.Equal(0.0305m, priced.InputCostUsd);
        Assert.Equal(0.0175m, priced.OutputCostUsd);
        Assert.Equal(0.048m, priced.TotalCostUsd);
        Assert.Equal(usage, priced with { InputCostUsd = null, OutputCostUsd = null, FeesCostUsd = null, TotalCostUsd = null });
    }

    [Fact]
    public void OpenAI_counts_cached_tokens_in_the_prompt()
    {
        // GPT-4.1: 2 in, 0.50 cached, 8 out (https://platform.openai.com/docs/pricing).
        var priced = _book.Calculate("openai", "gpt-4.1-2025-04-14", new TokenUsage { InputTokens = 1_500, CacheReadTokens = 1_024, OutputTokens = 100 }, At);

        // 476 x 2 + 1024 x 0.5 = 952 + 512 = 1464; 100 x 8 = 800
        Assert.Equal(0.001464m, priced.InputCostUsd);
        Assert.Equal(0.0008m, priced.OutputCostUsd);
        Assert.Equal(0.002264m, priced.TotalCostUsd);
    }

    [Theory]
    [InlineData(200_000, "0.25", "0.01")]
    [InlineData(200_001, "0.5000025", "0.015")]
    public void Gemini_prices_the_whole_prompt_higher_once_it_passes_the_step(long input, string inputCost, string outputCost)
    {
        // Gemini 2.5 Pro: 1.25 and 10 up to 200k tokens, 2.50 and 15 above (https://ai.google.dev/gemini-api/docs/pricing).
        var priced = _book.Calculate("google", "gemini-2.5-pro", new TokenUsage { InputTokens = input, OutputTokens = 1_000, ReasoningTokens = 800 }, At);

        Assert.Equal(inputCost, Money.ToExactString(priced.InputCostUsd!.Value));
        Assert.Equal(outputCost, Money.ToExactString(priced.OutputCostUsd!.Value));
    }

    [Fact]
    public void Cached_tokens_count_for_the_step_and_have_its_price()
    {
        var priced = _book.Calculate("gemini", "gemini-2.5-pro", new TokenUsage { InputTokens = 250_000, CacheReadTokens = 249_000 }, At);

        // 1000 x 2.50 + 249000 x 0.25 = 2500 + 62250
        Assert.Equal(0.06475m, priced.TotalCostUsd);
    }

    [Fact]
    public void Reasoning_has_its_own_price_where_there_is_one()
    {
        _book.Register("acme", "thinker", new ModelPrice { InputPerMillion = 1, OutputPerMillion = 2, ReasoningPerMillion = 3 });

        var priced = _book.Calculate("acme", "thinker", new TokenUsage { OutputTokens = 10, ReasoningTokens = 4 });

        Assert.Equal(0.000024m, priced.OutputCostUsd);
    }

    [Theory]
    [InlineData("2025-06-09T23:59:59Z", "10")]
    [InlineData("2025-06-10T00:00:00Z", "2")]
    public void A_call_is_priced_at_its_own_time(string at, string cost)
    {
        // OpenAI cut o3 from 10 to 2 on 2025-06-10.
        var priced = _book.Calculate("openai", "o3", new TokenUsage { InputTokens = 1_000_000 }, DateTimeOffset.Parse(at, null));

        Assert.Equal(cost, Money.ToExactString(priced.TotalCostUsd!.Value));
    }

    [Theory]
    [InlineData("2026-08-16T02:00:00Z", "0.14")] // before the change
    [InlineData("2026-08-19T00:59:59Z", "0.22")] // off-peak
    [InlineData("2026-08-19T01:00:00Z", "0.44")] // peak
    [InlineData("2026-08-19T09:00:00+08:00", "0.44")] // the same moment in Beijing
    [InlineData("2026-08-19T04:00:00Z", "0.22")]
    [InlineData("2026-08-19T09:59:59Z", "0.44")]
    [InlineData("2026-08-22T02:00:00Z", "0.44")] // a Saturday before weekends were off-peak
    [InlineData("2026-08-29T02:00:00Z", "0.22")] // a Saturday after
    public void A_price_can_depend_on_date_hour_and_day(string at, string cost)
    {
        var priced = _book.Calculate("deepseek", "deepseek-v4-flash", new TokenUsage { InputTokens = 1_000_000 }, DateTimeOffset.Parse(at, null));

        Assert.Equal(cost, Money.ToExactString(priced.TotalCostUsd!.Value));
    }

    [Fact]
    public void The_cost_now_follows_the_books_clock()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2025, 6, 9, 0, 0, 0, TimeSpan.Zero));
        var book = new PriceBook(clock);
        var usage = new TokenUsage { InputTokens = 1_000_000 };
        Assert.Equal(10m, book.Calculate("openai", "o3", usage).TotalCostUsd);

        clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(2m, book.Calculate("openai", "o3", usage).TotalCostUsd);
    }

    [Fact]
    public void An_unknown_price_is_null_and_replaces_a_cost_that_was_there()
    {
        var priced = _book.Calculate("openai", "no-such-model", TokenUsage.Zero with { InputTokens = 1 });

        Assert.Null(priced.InputCostUsd);
        Assert.Null(priced.OutputCostUsd);
        Assert.Null(priced.TotalCostUsd);
    }

    [Fact]
    public void An_unknown_cache_price_makes_all_unknown_but_only_where_there_are_such_tokens()
    {
        _book.Register("acme", "m", new ModelPrice { InputPerMillion = 1, OutputPerMillion = 2 });
        var usage = new TokenUsage { InputTokens = 10, OutputTokens = 10 };

        Assert.Equal(0.00003m, _book.Calculate("acme", "m", usage).TotalCostUsd);
        foreach (var cached in (TokenUsage[])[usage with { CacheReadTokens = 1 }, usage with { CacheWriteTokens = 1 }, usage with { CacheWriteTokens = 1, CacheWrite1hTokens = 1 }])
        {
            var priced = _book.Calculate("acme", "m", cached);
            Assert.Equal((null, null, null), (priced.InputCostUsd, priced.OutputCostUsd, priced.TotalCostUsd));
        }
    }

    [Fact]
    public void The_simulated_provider_is_free_whatever_the_model()
    {
        var match = _book.Find("Simulated", "simulated-anything");

        Assert.True(match!.Price.IsFree);
        Assert.Equal(0m, _book.Calculate("simulated", "x", new TokenUsage { InputTokens = 5, CacheReadTokens = 1, CacheWriteTokens = 1, OutputTokens = 5 }).TotalCostUsd);
        Assert.False(_book.Find("openai", "gpt-4.1")!.Price.IsFree);
    }

    [Fact]
    public void What_is_free_is_free_when_it_is_cached_too()
    {
        var free = new ModelPrice { InputPerMillion = 0, OutputPerMillion = 0 };
        _book.Register("acme", "free", free);

        Assert.True(free.IsFree);
        Assert.Equal(0m, _book.Calculate("acme", "free", new TokenUsage { InputTokens = 5, CacheReadTokens = 2, CacheWriteTokens = 2, CacheWrite1hTokens = 1 }).TotalCostUsd);
        Assert.False((free with { CacheWritePerMillion = 1 }).IsFree);
        Assert.False((free with { ReasoningPerMillion = 1 }).IsFree);
        Assert.False((free with { Steps = [new PriceStep { AboveInputTokens = 5, Price = new ModelPrice { InputPerMillion = 1, OutputPerMillion = 0 } }] }).IsFree);
    }

    public static TheoryData<TokenUsage, string> Impossible => new()
    {
        { new TokenUsage { InputTokens = -1 }, "InputTokens" },
        { new TokenUsage { OutputTokens = -1 }, "OutputTokens" },
        { new TokenUsage { InputTokens = 5, CacheReadTokens = -1 }, "CacheReadTokens" },
        { new TokenUsage { InputTokens = 5, CacheWriteTokens = -1 }, "CacheWriteTokens" },
        { new TokenUsage { InputTokens = 5, CacheWrite1hTokens = -1 }, "CacheWrite1hTokens" },
        { new TokenUsage { OutputTokens = 5, ReasoningTokens = -1 }, "ReasoningTokens" },
        { new TokenUsage { InputTokens = 5, CacheReadTokens = 6 }, "CacheReadTokens" },
        { new TokenUsage { InputTokens = 5, CacheReadTokens = 3, CacheWriteTokens = 3 }, "CacheWriteTokens" },
        { new TokenUsage { InputTokens = 5, CacheWriteTokens = 2, CacheWrite1hTokens = 3 }, "CacheWrite1hTokens" },
        { new TokenUsage { OutputTokens = 5, ReasoningTokens = 6 }, "ReasoningTokens" },
        { new TokenUsage { InputTokens = long.MaxValue, CacheReadTokens = long.MaxValue, CacheWriteTokens = long.MaxValue }, "CacheWriteTokens" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Impossible_counts_are_not_priced(TokenUsage usage, string field)
    {
        var error = Assert.Throws<ArgumentException>(() => _book.Calculate("openai", "gpt-4.1", usage));

        Assert.StartsWith($"{field} ", error.Message, StringComparison.Ordinal);
    }
}
