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
    [InlineData("bedrock", "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-5-20251101-v1:0", "anthropic.claude-opus-4-5", "eu.anthropic.claude-opus-4-5-YYYYMMDD-vN:N")]
    [InlineData("bedrock", "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.nova-pro-v1:0", "amazon.nova-pro", "amazon.nova-pro-vN:N")]
    [InlineData("bedrock", "bedrock/arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", "amazon.nova-pro", "amazon.nova-pro-vN:N")]
    [InlineData("vertex", "publishers/anthropic/models/claude-sonnet-4-5@20250929", "claude-sonnet-4-5", "claude-sonnet-4-5@YYYYMMDD")]
    [InlineData("vertex", "publishers/anthropic/models/claude-opus-4-6@default", "claude-opus-4-6", "claude-opus-4-6")]
    [InlineData("vertex", "claude-opus-4-6@default", "claude-opus-4-6", "claude-opus-4-6")]
    [InlineData("vertex", "projects/p-1/locations/us-central1/publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("gemini", "publishers/google/models/gemini-2.0-flash-001", "gemini-2.0-flash", "gemini-2.0-flash-NNN")]
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
    [InlineData("openai", "ft:gpt-4o-2031-08-06:acme::abc123")]
    [InlineData("openai", "anthropic/claude-opus-4-5")]
    [InlineData("openai", "claude-opus-4-5")]
    [InlineData("openai", "o3-deep-thought")]
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
    [InlineData("gemini", "gemini-2.5-flash-imagine")]
    [InlineData("groq", "openai/gpt-oss-safeguard-20b")]
    [InlineData("deepseek", "deepseek-chat")] // the source's price is out of date
    [InlineData("bedrock", "claude-opus-5")] // costs more in a region than globally, and the name does not say which
    [InlineData("bedrock", "us.anthropic.claude-opus-4-55-20251101-v1:0")]
    [InlineData("bedrock", "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/anthropic.claude-opus-4-5")]
    [InlineData("bedrock", "arn:aws:bedrock:eu-west-1:123456789012:provisioned-model/amazon.nova-pro-v1:0")]
    [InlineData("bedrock", "arn:aws:bedrock:eu-west-1:123456789012:custom-model/amazon.nova-pro-v1:0/abc")]
    [InlineData("bedrock", "arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-55")]
    [InlineData("bedrock", "arn:aws:sagemaker:eu-west-1::foundation-model/amazon.nova-pro-v1:0")]
    [InlineData("bedrock", "mars.anthropic.claude-opus-4-5")]
    [InlineData("anthropic", "arn:aws:bedrock:us-east-1::foundation-model/claude-opus-4-5")]
    [InlineData("vertex", "publishers/acme/models/gemini-2.5-pro")]
    [InlineData("vertex", "publishers/anthropic/models/gemini-2.5-pro")]
    [InlineData("vertex", "publishers/google/models/claude-opus-4-6")]
    [InlineData("vertex", "projects/p-1/locations/us-central1/endpoints/1234567890")]
    [InlineData("vertex", "projects/p-1/locations/us-central1/publishers/google/models/gemini-2.5-pro/tuned")]
    [InlineData("gemini", "tunedModels/gemini-2.5-pro")]
    [InlineData("azure", "gpt-4o-mini-2024-07-18.ft-0123456789abcdef")]
    [InlineData("azure", "gpt-4o.ft-x")]
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
    public void Azure_has_its_own_prices()
    {
        Assert.Equal(("azure_openai", 0.28m), (_book.Find("azure", "o4-mini")!.Provider, _book.Find("azure", "o4-mini")!.Price.CacheReadPerMillion));
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

    [Theory]
    [InlineData("openai", "ft:gpt-4o-mini-2024-07-18:acme:name:abc123", true)]
    [InlineData("openai", "FT:GPT-4o-mini-2024-07-18:acme::abc123", true)]
    [InlineData("openai", "openai/ft:gpt-4o-mini-2024-07-18:acme::abc123:ckpt-step-90", true)]
    [InlineData("openai", "ft:gpt-4o-mini-2024-07-18", true)]
    [InlineData("openai", "ft:gpt-4o-mini-2024-07-18:", false)]
    [InlineData("openai", "ft:gpt-4o-mini-2024-07-19:acme::abc123", false)]
    [InlineData("openai", "ft:gpt-4o:acme::abc123", false)]
    [InlineData("openai", "gpt-4o-mini-2024-07-18:acme::abc123", false)]
    [InlineData("openai", "gpt-4o-mini-2024-07-18.ft-abc", true)] // Azure's form of the same
    [InlineData("azure", "ft:gpt-4o-mini-2024-07-18:acme::abc123", false)] // another vendor's fine-tunes
    [InlineData("azure", "gpt-4o-mini-2024-07-18.ft-abc", false)]
    public void A_fine_tune_has_the_price_of_a_row_for_fine_tunes_alone(string provider, string model, bool found)
    {
        _book.Register("openai", "ft:gpt-4o-mini-2024-07-18", new ModelPrice { InputPerMillion = 0.3m, OutputPerMillion = 1.2m });

        var match = _book.Find(provider, model);

        Assert.Equal(found ? "ft:gpt-4o-mini-2024-07-18" : null, match?.Row);
        Assert.Equal(0.15m, _book.Find("openai", "gpt-4o-mini-2024-07-18")!.Price.InputPerMillion);
    }

    [Fact]
    public void No_name_that_is_only_close_to_a_built_in_one_is_priced_as_it()
    {
        string[] endings = ["x", "1", "-mini", "-pro", "-nano", "-lite", "-search", "-audio", "-preview", "-fast", "-turbo", "-instruct", "-8b", "-beta", "-v2-beta", ".1", "-1", "-latest-x", ":free", ":acme", "@latest"];
        var rows = PriceData.PriceFile.Read(BuiltInData.Bytes(), source: null).Rows;
        var own = rows.Select(r => (r.Provider, r.Model)).Zip(rows.Select(r => r.Names.Select(BuiltInData.Concrete).ToHashSet(StringComparer.OrdinalIgnoreCase))).ToDictionary(r => r.First, r => r.Second);
        var tried = 0;
        foreach (var row in rows)
            foreach (var name in row.Names.Where(n => n != "*").Select(BuiltInData.Concrete))
                foreach (var close in Close(name))
                {
                    tried++;
                    if (name.StartsWith("ft:", StringComparison.Ordinal) && close.StartsWith($"{name}:", StringComparison.Ordinal)) continue; // One of its fine-tunes.
                    if (_book.Find(row.Provider, close) is not { } match || match.Row != row.Model || match.Provider != row.Provider || match.MatchedName == "*") continue;
                    // It may be another of the row's own names, or another date or version where the row takes any.
                    Assert.True(own[(row.Provider, row.Model)].Contains(close) || (PriceData.NameForms.IsPattern(match.MatchedName) && close.Length == BuiltInData.Concrete(match.MatchedName).Length), $"{row.Provider}: '{close}' was priced as '{match.MatchedName}'");
                }

        Assert.True(tried > 50_000, $"{tried}");

        IEnumerable<string> Close(string name)
        {
            foreach (var ending in endings) yield return name + ending;
            yield return "x" + name;
            yield return "my-" + name;
            yield return name[..^1];
            yield return name[1..];
            yield return name.Replace('.', '-');
            yield return name.Replace('-', '.');
            yield return name.Replace("-", "", StringComparison.Ordinal);
            yield return name.Replace("mini", "micro", StringComparison.Ordinal) + (name.Contains("mini", StringComparison.Ordinal) ? "" : "?");
            // Each digit by another: other sizes and versions.
            for (var i = 0; i < name.Length; i++)
                if (char.IsAsciiDigit(name[i])) yield return name[..i] + (char)('0' + ((name[i] - '0' + 3) % 10)) + name[(i + 1)..];
        }
    }
}
