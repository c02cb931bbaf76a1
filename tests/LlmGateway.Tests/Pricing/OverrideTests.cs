namespace LlmGateway.Tests.Prices;

public sealed class OverrideTests : IDisposable
{
    private PriceBook _book = new();
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"prices-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_registered_price_is_used_from_then_on()
    {
        _book.Register("OpenAI", "GPT-4o", Price(100));

        var match = _book.Find("openai", "gpt-4o");

        Assert.Equal((100m, "registered"), (match!.Price.InputPerMillion, match.Source));
        _book.Register("openai", "gpt-4o", Price(200));
        Assert.Equal(200m, _book.Find("openai", "gpt-4o")!.Price.InputPerMillion);
    }

    [Theory]
    [InlineData("openai", "gpt-4o", "gpt-4o-2024-08-06")] // vendors answer with the snapshot's name
    [InlineData("anthropic", "claude-opus-4-5", "claude-opus-4-5-20251101")]
    [InlineData("anthropic", "claude-3-5-haiku", "claude-3-5-haiku-latest")]
    [InlineData("azure", "gpt-4o", "gpt-4o-2024-08-06")] // the row is OpenAI's
    public void A_registered_price_holds_for_the_models_snapshots(string provider, string model, string snapshot)
    {
        _book.Register(provider, model, Price(100));

        Assert.Equal(100m, _book.Find(provider, snapshot)!.Price.InputPerMillion);
    }

    [Theory]
    [InlineData("openai", "gpt-4o", "gpt-4o-2024-05-13", "5")] // a snapshot with a row of its own
    [InlineData("openai", "gpt-4o-2024-08-06", "gpt-4o", "2.5")]
    [InlineData("openai", "gpt-4o", "gpt-4o-mini", "0.15")]
    [InlineData("azure", "gpt-4o", "gpt-4o", "2.5")]
    public void A_registered_price_does_not_hold_for_another_model(string provider, string model, string other, string price)
    {
        _book.Register(provider, model, Price(100));

        Assert.Equal(price, Money.ToExactString(_book.Find("openai", other)!.Price.InputPerMillion));
    }

    [Fact]
    public void A_registered_snapshot_goes_before_the_registered_model()
    {
        _book.Register("openai", "gpt-4o", Price(100));
        _book.Register("openai", "gpt-4o-2024-08-06", Price(50));

        Assert.Equal(50m, _book.Find("openai", "gpt-4o-2024-08-06")!.Price.InputPerMillion);
        Assert.Equal(100m, _book.Find("openai", "gpt-4o-2024-11-20")!.Price.InputPerMillion);
    }

    [Fact]
    public void An_unknown_models_dated_name_is_not_its_registered_namesake()
    {
        _book.Register("acme", "m", Price(1));

        Assert.Null(_book.Find("acme", "m-20250101"));
    }

    [Fact]
    public void A_provider_can_have_one_price_for_every_other_model()
    {
        _book.Register("ollama", "*", Price(0));
        _book.Register("ollama", "big", Price(3));

        Assert.Equal("*", _book.Find("ollama", "anything")!.MatchedName);
        Assert.Equal(3m, _book.Find("ollama", "big")!.Price.InputPerMillion);
    }

    [Fact]
    public void A_file_goes_over_the_built_in_data_and_code_over_the_file()
    {
        _book.Register("openai", "gpt-4.1", Price(7));
        Load("""
            {
              // What we pay.
              "rows": [
                {"provider": "OpenAI", "model": "gpt-4o", "input": 1.5, "output": 6},
                {"provider": "openai", "model": "gpt-4.1", "input": 1, "output": 1},
                {"provider": "acme", "model": "m-YYYYMMDD", "names": ["m"], "prices": [
                  {"input": 1, "output": 2},
                  {"from": "2026-01-01", "utc": "22:00-02:00", "days": "mon,tue", "input": 3, "output": 4, "steps": [{"above": 10, "input": 5, "output": 6}]},
                ]},
              ],
            }
            """);

        Assert.Equal((1.5m, _path), (_book.Find("openai", "gpt-4o")!.Price.InputPerMillion, _book.Find("openai", "gpt-4o")!.Source));
        Assert.Equal(1.5m, _book.Find("openai", "gpt-4o-2024-08-06")!.Price.InputPerMillion);
        Assert.Equal(7m, _book.Find("openai", "gpt-4.1")!.Price.InputPerMillion);
        Assert.Equal(0.15m, _book.Find("openai", "gpt-4o-mini")!.Price.InputPerMillion);
        Assert.Equal("m-YYYYMMDD", _book.Find("acme", "m-20260101")!.MatchedName);
        var late = new DateTimeOffset(2026, 5, 18, 23, 0, 0, TimeSpan.Zero); // a Monday
        Assert.Equal(0.000055m, _book.Calculate("acme", "m", new TokenUsage { InputTokens = 11 }, late).InputCostUsd);
        Assert.Equal(0.00003m, _book.Calculate("acme", "m", new TokenUsage { InputTokens = 10 }, late).InputCostUsd);
        Assert.Equal(0.000011m, _book.Calculate("acme", "m", new TokenUsage { InputTokens = 11 }, late.AddDays(2)).InputCostUsd);
        Assert.Equal(0.000011m, _book.Calculate("acme", "m", new TokenUsage { InputTokens = 11 }, late.AddHours(-2)).InputCostUsd);
    }

    [Fact]
    public void A_second_file_replaces_the_rows_it_has_and_keeps_the_others()
    {
        Load("""{"rows": [{"provider": "acme", "model": "a", "names": ["b"], "input": 1, "output": 1}, {"provider": "acme", "model": "c", "input": 1, "output": 1}]}""");
        Load("""{"rows": [{"provider": "acme", "model": "B", "input": 2, "output": 2}]}""");

        Assert.Equal((1m, 2m, 1m), (_book.Find("acme", "a")!.Price.InputPerMillion, _book.Find("acme", "b")!.Price.InputPerMillion, _book.Find("acme", "c")!.Price.InputPerMillion));
    }

    [Fact]
    public void The_built_in_file_is_itself_a_price_file()
    {
        File.WriteAllBytes(_path, [0xEF, 0xBB, 0xBF, .. BuiltInData.Bytes()]);

        var book = _book.WithFile(_path);

        Assert.Equal(_path, book.Find("anthropic", "claude-opus-4-5-20251101")!.Source);
    }

    [Theory]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": -1, "output": 1}]}""", "row 2 (acme/bad), field \"input\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "output": 1}]}""", "row 2 (acme/bad), field \"input\": the price is missing")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 1}]}""", "row 2 (acme/bad), field \"output\": the price is missing")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": "1", "output": 1}]}""", "row 2 (acme/bad), field \"input\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": null, "output": 1}]}""", "row 2 (acme/bad), field \"input\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 1e-6, "output": 1}]}""", "row 2 (acme/bad), field \"input\": 1e-6")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 0.15000000000000002, "output": 1}]}""", "row 2 (acme/bad), field \"input\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 10000000, "output": 1}]}""", "row 2 (acme/bad), field \"input\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 1, "output": 1, "cache_reed": 1}]}""", "row 2, field \"cache_reed\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "input": 1, "output": 1}]}""", "row 2, field \"model\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "", "model": "bad", "input": 1, "output": 1}]}""", "row 2, field \"provider\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "gpt-*", "input": 1, "output": 1}]}""", "row 2, field \"model\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "ACME", "model": "Good", "input": 1, "output": 1}]}""", "row 2 (acme/Good), field \"model\": row 1 has")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "names": ["good"], "input": 1, "output": 1}]}""", "row 2 (acme/bad), field \"names\": row 1 has")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "names": "x", "input": 1, "output": 1}]}""", "row 2 (acme/bad), field \"names\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "prices": []}]}""", "row 2 (acme/bad), field \"prices\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 1, "prices": [{"input": 1, "output": 1}]}]}""", "row 2 (acme/bad), field \"input\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "prices": [{"from": "2026-01-01", "input": 1, "output": 1}]}]}""", "row 2 (acme/bad), field \"prices\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "prices": [{"input": 1, "output": 1}, {"from": "2026-02-30", "input": 1, "output": 1}]}]}""", "row 2 (acme/bad), prices[1], field \"from\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "prices": [{"input": 1, "output": 1}, {"utc": "25:00-26:00", "input": 1, "output": 1}]}]}""", "row 2 (acme/bad), prices[1], field \"utc\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "prices": [{"input": 1, "output": 1}, {"days": "funday", "input": 1, "output": 1}]}]}""", "row 2 (acme/bad), prices[1], field \"days\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 1, "output": 1, "steps": [{"above": 5, "input": 1}]}]}""", "row 2 (acme/bad), steps[0], field \"output\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 1, "output": 1, "steps": [{"above": -5, "input": 1, "output": 1}]}]}""", "row 2 (acme/bad), steps[0], field \"above\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 1, "output": 1, "steps": [{"above": 5, "input": 1, "output": 1}, {"above": 5, "input": 1, "output": 1}]}]}""", "row 2 (acme/bad), steps[1], field \"above\"")]
    [InlineData("""{"rows": [GOOD, {"provider": "acme", "model": "bad", "input": 1, "input": 2, "output": 1}]}""", "not JSON")]
    [InlineData("""{"rows": [GOOD, 5]}""", "row 2")]
    [InlineData("""{"rows": [GOOD""", "not JSON")]
    [InlineData("""{"rows": {}}""", "field \"rows\"")]
    [InlineData("""{"format": 3, "rows": [GOOD]}""", "field \"format\"")]
    [InlineData("""{"unit": "EUR", "rows": [GOOD]}""", "field \"unit\"")]
    [InlineData("""{"inherit": {"openai": "acme"}, "rows": [GOOD]}""", "field \"inherit\"")]
    [InlineData("""[GOOD]""", "an object with \"rows\"")]
    [InlineData("", "not JSON")]
    public void A_bad_file_is_refused_whole_with_the_row_and_field_named(string text, string message)
    {
        _book.Register("acme", "kept", Price(1));
        File.WriteAllText(_path, text.Replace("GOOD", """{"provider": "acme", "model": "good", "input": 1, "output": 1}""", StringComparison.Ordinal));

        var error = Assert.Throws<ProviderInitException>(() => _book.WithFile(_path));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
        Assert.Equal("LLM_PRICES_FILE", error.Setting);
        Assert.Null(_book.Find("acme", "good"));
        Assert.NotNull(_book.Find("acme", "kept"));
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_of_its_setting()
    {
        var error = Assert.Throws<ProviderInitException>(() => _book.WithFile(_path));

        Assert.Equal("LLM_PRICES_FILE", error.Setting);
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registering_while_others_calculate_shows_each_of_them_a_whole_price()
    {
        var usage = new TokenUsage { InputTokens = 1_000_000, OutputTokens = 1_000_000 };
        _book.Register("acme", "m", Price(1));
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var seen = 0;
            do
            {
                // Input and output have the same price in every state; a mix of two states would show.
                var priced = _book.Calculate("acme", "m", usage);
                Assert.Equal(priced.InputCostUsd, priced.OutputCostUsd);
                seen++;
            }
            while (!stop.IsCancellationRequested);
            return seen;
        }, TestContext.Current.CancellationToken)).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 250; i++)
            {
                _book.Register("acme", "m", Price(i));
                _book.Register("acme", $"m-{writer}-{i}", Price(i));
            }
        }, TestContext.Current.CancellationToken)));
        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(readers), seen => Assert.True(seen > 0));
        // No writer's row was lost to another's.
        foreach (var writer in Enumerable.Range(0, 4))
            for (var i = 0; i < 250; i++) Assert.Equal(i, _book.Find("acme", $"m-{writer}-{i}")!.Price.InputPerMillion);
    }

    [Fact]
    public void The_static_functions_use_the_default_book()
    {
        var provider = $"acme-{Guid.NewGuid():N}";
        Pricing.Register(provider, "m", Price(2));

        Assert.Equal(0.000004m, Pricing.Calculate(provider, "m", new TokenUsage { InputTokens = 2 }).TotalCostUsd);
        Assert.NotNull(PriceBook.Default.Find(provider, "m"));
        Assert.Null(_book.Find(provider, "m"));
    }

    [Fact]
    public void A_book_with_a_file_leaves_the_first_alone_and_shares_what_is_registered()
    {
        File.WriteAllText(_path, """{"rows": [{"provider": "acme", "model": "m", "input": 1, "output": 1}]}""");
        var book = _book.WithFile(_path);

        Assert.Null(_book.Find("acme", "m"));
        Assert.Equal(1m, book.Find("acme", "m")!.Price.InputPerMillion);

        _book.Register("acme", "m", Price(2));

        Assert.Equal(2m, book.Find("acme", "m")!.Price.InputPerMillion);
    }

    [Fact]
    public void A_loaded_file_lies_over_the_default_book()
    {
        var provider = $"acme-{Guid.NewGuid():N}";
        File.WriteAllText(_path, $$"""{"rows": [{"provider": "{{provider}}", "model": "m", "input": 1, "output": 1}]}""");
        var book = PriceBook.Load(_path);
        Pricing.Register(provider, "other", Price(3));

        Assert.Equal((1m, 3m), (book.Find(provider, "m")!.Price.InputPerMillion, book.Find(provider, "other")!.Price.InputPerMillion));
        Assert.Null(PriceBook.Default.Find(provider, "m"));
    }

    private void Load(string text)
    {
        File.WriteAllText(_path, text);
        _book = _book.WithFile(_path);
    }

    private static ModelPrice Price(decimal both) => new() { InputPerMillion = both, OutputPerMillion = both };
}
