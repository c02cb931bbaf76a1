namespace LlmGateway.Tests.Prices;

public sealed class MatchingTests
{
    private readonly PriceBook _book = new();

    [Theory]
    [InlineData("anthropic", "claude-opus-4-5", "claude-opus-4-5", "claude-opus-4-5")]
    [InlineData("Anthropic", " Claude-Opus-4-5 ", "claude-opus-4-5", "claude-opus-4-5")]
    [InlineData("anthropic", "claude-opus-4-5-20251101", "claude-opus-4-5", "claude-opus-4-5-YYYYMMDD")]
    [InlineData("anthropic", "claude-haiku-4-5@20251001", "claude-haiku-4-5", "claude-haiku-4-5@YYYYMMDD")]
    [InlineData("anthropic", "anthropic/claude-opus-4-5", "claude-opus-4-5", "claude-opus-4-5")]
    [InlineData("anthropic", "claude-3-5-haiku-latest", "claude-3-5-haiku-latest", "claude-3-5-haiku-latest")]
    [InlineData("anthropic", "claude-3-5-haiku-20241022", "claude-3-5-haiku-latest", "claude-3-5-haiku-YYYYMMDD")]
    [InlineData("anthropic", "claude-sonnet-4-20250514", "claude-sonnet-4-0", "claude-sonnet-4-20250514")]
    [InlineData("anthropic", "claude-opus-4-20250514", "claude-opus-4-0", "claude-opus-4-20250514")]
    [InlineData("openai", "gpt-4o-2024-08-06", "gpt-4o", "gpt-4o-2024-08-06")]
    [InlineData("openai", "GPT-4o", "gpt-4o", "gpt-4o")]
    [InlineData("openai", "gpt-5-nano-2025-08-07", "gpt-5-nano", "gpt-5-nano-YYYY-MM-DD")]
    [InlineData("gemini", "gemini-2.0-flash-001", "gemini-2.0-flash", "gemini-2.0-flash-NNN")]
    [InlineData("gemini", "models/gemini-2.5-pro", "gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("gemini", "gemini-2.5-pro-preview-05-06", "gemini-2.5-pro", "gemini-2.5-pro-preview-MM-DD")]
    [InlineData("gemini", "gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash", "gemini-2.5-flash-preview-09-2025")]
    [InlineData("google", "google/gemini-2.5-pro", "gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("x-ai", "grok-4.5-20260801", "grok-4.5", "grok-4.5-YYYYMMDD")]
    [InlineData("aws", "us.anthropic.claude-opus-4-5-20251101-v1:0", "anthropic.claude-opus-4-5", "us.anthropic.claude-opus-4-5-YYYYMMDD-vN:N")]
    [InlineData("bedrock", "global.anthropic.claude-haiku-4-5-20251001-v1:0", "global.anthropic.claude-haiku-4-5-20251001", "global.anthropic.claude-haiku-4-5-20251001-vN:N")]
    [InlineData("azure", "o3-mini", "o3-mini", "o3-mini")]
    [InlineData("openai", "o3-deep-research", "o3-deep-research", "o3-deep-research")]
    [InlineData("gemini", "gemini-2.5-flash-image", "gemini-2.5-flash-image", "gemini-2.5-flash-image")]
    [InlineData("openai", "ft:gpt-4o-2024-08-06:acme::abc123", "ft:gpt-4o-2024-08-06", "ft:gpt-4o-2024-08-06")]
    public void A_model_is_found_by_its_names(string provider, string model, string row, string matched)
    {
        var match = _book.Find(provider, model);

        Assert.NotNull(match);
        Assert.Equal((row, matched), (match.Row, match.MatchedName));
        Assert.Equal("@pydantic/genai-prices 0.1.8", match.Source);
        Assert.Equal(PriceBook.BuiltInSource, match.Source);
    }

    [Theory]
    [InlineData("openai", "gpt-4o-foo")]
    [InlineData("openai", "gpt-4")] // is priced, and so shows that the rest of the list is refused for its ending
    [InlineData("openai", "gpt-4o-2031-01-01")] // the source lists the snapshots; another may cost something else
    [InlineData("openai", "gpt-5-nano-2025-02-30")]
    [InlineData("openai", "gpt-5-nano-2025-13-01")]
    [InlineData("openai", "gpt-5-nano-1999-01-01")]
    [InlineData("openai", "gpt-5-nano-turbo")]
    [InlineData("openai", "ft:gpt-4o:acme::abc123")]
    [InlineData("openai", "anthropic/claude-opus-4-5")]
    [InlineData("openai", "claude-opus-4-5")]
    [InlineData("openai", "")]
    [InlineData("openai", "*")]
    [InlineData("anthropic", "claude-opus-4-99")]
    [InlineData("anthropic", "claude-opus-4-5-fast")]
    [InlineData("anthropic", "claude-opus-4-5-20251131")]
    [InlineData("anthropic", "claude-opus-4-5-2025110")]
    [InlineData("anthropic", "claude-opus-4-5-20251101-beta")]
    [InlineData("anthropic", "claude-opus-4-5-YYYYMMDD")]
    [InlineData("anthropic", "claude-opus-4-55")]
    [InlineData("anthropic", "my-claude-opus-4-5")]
    [InlineData("anthropic", "claude-sonnet-5-5")]
    [InlineData("anthropic", "claude-3-5-haiku-new")]
    [InlineData("gemini", "gemini-1.5-flash-8b")] // the source takes it for gemini-1.5-flash, which costs twice as much
    [InlineData("gemini", "gemini-2.5-pro-tts")]
    [InlineData("gemini", "gemini-2.5-pro-preview-13-01")]
    [InlineData("groq", "openai/gpt-oss-safeguard-20b")]
    [InlineData("deepseek", "deepseek-chat")] // the source's price is out of date
    [InlineData("bedrock", "claude-opus-5")] // costs more in a region than globally, and the name does not say which
    [InlineData("bedrock", "us.anthropic.claude-opus-4-55-20251101-v1:0")]
    [InlineData("local", "claude-opus-4-5")]
    [InlineData("", "claude-opus-4-5")]
    public void A_near_miss_is_not_priced(string provider, string model)
    {
        var match = _book.Find(provider, model);

        if (model == "gpt-4") Assert.NotNull(match);
        else Assert.Null(match);
    }

    [Theory]
    [InlineData("google", "gemini", "gemini-2.5-pro")]
    [InlineData("x-ai", "xai", "grok-4.5")]
    [InlineData("aws", "bedrock", "amazon.nova-pro-v1:0")]
    [InlineData("azure", "azure_openai", "gpt-4o")]
    [InlineData("GOOGLE", " Gemini ", "gemini-2.5-pro")]
    public void Two_names_of_a_vendor_are_the_same_vendor(string one, string other, string model)
    {
        var match = _book.Find(one, model);

        Assert.NotNull(match);
        Assert.Equal(match, _book.Find(other, model));
    }

    [Fact]
    public void Azure_has_rows_of_its_own_at_the_prices_of_OpenAI_without_its_fees_tiers_and_regions()
    {
        Assert.Equal(("azure_openai", 0.28m), (_book.Find("azure", "o4-mini")!.Provider, _book.Find("azure", "o4-mini")!.Price.CacheReadPerMillion));
        var azure = _book.Find("azure", "gpt-4.1")!;
        Assert.Equal(("azure_openai", 2m, 8m, 0, 0, 0), (azure.Provider, azure.Price.InputPerMillion, azure.Price.OutputPerMillion, azure.Price.Fees.Count, azure.Price.Tiers.Count, azure.Price.Regions.Count));
        Assert.NotEmpty(_book.Find("openai", "gpt-4.1")!.Price.Regions);
        Assert.Null(_book.Find("azure", "ft:gpt-4.1-2025-04-14:acme::abc123"));
        Assert.Null(_book.Find("openai", "phi-4"));
    }

    [Fact]
    public void Every_built_in_row_is_found_by_every_name_of_its_own()
    {
        var rows = PriceData.PriceFile.Read(BuiltInData.Bytes(), source: null).Rows;

        Assert.True(rows.Count > 1000);
        foreach (var vendor in (string[])["anthropic", "openai", "gemini", "bedrock", "azure_openai", "mistral", "groq", "deepseek", "xai", "simulated"])
            Assert.Contains(rows, r => r.Provider == vendor);
        foreach (var row in rows)
            foreach (var name in row.Names)
            {
                var match = _book.Find(row.Provider, BuiltInData.Concrete(name));
                Assert.Equal((row.Provider, row.Model, name), (match!.Provider, match.Row, match.MatchedName));
            }
    }

    [Fact]
    public void Every_built_in_price_is_in_a_sane_range()
    {
        foreach (var row in PriceData.PriceFile.Read(BuiltInData.Bytes(), source: null).Rows)
            foreach (var price in row.Entries.SelectMany(e => e.Price.Steps.Select(s => s.Price).Append(e.Price)))
            {
                Assert.InRange(price.InputPerMillion, 0, 1000);
                Assert.InRange(price.OutputPerMillion, 0, 1000);
                // A cache read is a rebate everywhere.
                if (price.CacheReadPerMillion is { } read) Assert.InRange(read, 0, price.InputPerMillion);
                if (price.CacheWrite1hPerMillion is { } hour) Assert.True(hour >= price.CacheWritePerMillion, row.Model);
            }
    }
}
