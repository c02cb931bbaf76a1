using System.Text.Json;
using CsCheck;
using LlmGateway.PriceData;

namespace LlmGateway.Tests.Prices;

/// <summary>What holds for every price, every usage and every way of being billed.</summary>
public sealed class BillingLaws
{
    private static readonly string[] Tiers = ["batch", "flex", "priority", "fast"];
    private static readonly string[] Regions = ["us", "eu-central-1"];

    private static readonly Gen<decimal> Price = Gen.Int[0, 20_000].Select(n => n / 1000m);
    private static readonly Gen<decimal?> Maybe = Gen.Select(Gen.Int[0, 3], Price, (n, price) => n == 0 ? (decimal?)null : price);
    private static readonly Gen<decimal> Factor = Gen.Int[0, 30].Select(n => n / 10m);

    private static readonly Gen<ModelPrice> Bare =
        from input in Price
        from output in Price
        from cache in Gen.Select(Maybe, Maybe, Maybe, Maybe)
        from audio in Gen.Select(Maybe, Maybe, Maybe)
        from image in Gen.Select(Maybe, Maybe, Maybe)
        from media in Gen.Int[0, 3]
        select new ModelPrice
        {
            InputPerMillion = input,
            OutputPerMillion = output,
            CacheReadPerMillion = cache.Item1,
            CacheWritePerMillion = cache.Item2,
            CacheWrite1hPerMillion = cache.Item3,
            ReasoningPerMillion = cache.Item4,
            AudioInputPerMillion = (media & 1) > 0 ? audio.Item1 : null,
            AudioCacheReadPerMillion = (media & 1) > 0 ? audio.Item2 : null,
            AudioOutputPerMillion = audio.Item3,
            ImageInputPerMillion = (media & 2) > 0 ? image.Item1 : null,
            ImageCacheReadPerMillion = (media & 2) > 0 ? image.Item2 : null,
            ImageOutputPerMillion = image.Item3,
        };

    private static readonly Gen<ModelPrice> Stepped =
        from price in Bare
        from steps in Gen.Select(Gen.Int[1, 1500], Gen.Bool, Bare, (above, marginal, step) => new PriceStep { AboveInputTokens = above, IsMarginal = marginal, Price = step }).Array[0, 3]
        select price with { Steps = [.. steps.DistinctBy(s => s.AboveInputTokens).OrderBy(s => s.AboveInputTokens)] };

    private static readonly Gen<PriceVariant> Variant = Gen.OneOf(Factor.Select(PriceVariant.Times), Stepped.Select(PriceVariant.Of));

    private static readonly Gen<ModelPrice> AnyPrice =
        from price in Stepped
        from tiers in Gen.Select(One(Tiers), Variant).Array[0, 3]
        from regions in Gen.Select(One<string>([.. Regions, "*"]), Variant).Array[0, 2]
        from fees in Gen.Select(One("request", "web_search", "request_low", "file_search"), Price).Array[0, 3]
        select price with
        {
            Tiers = tiers.DistinctBy(t => t.Item1).ToDictionary(t => t.Item1, t => t.Item2),
            Regions = regions.DistinctBy(r => r.Item1).ToDictionary(r => r.Item1, r => r.Item2),
            Fees = fees.DistinctBy(f => f.Item1).ToDictionary(f => f.Item1, f => f.Item2),
        };

    private static readonly Gen<TokenUsage> AnyUsage =
        from input in Gen.Long[0, 2000]
        from read in Gen.Long[0, input]
        from write in Gen.OneOf(Gen.Const(0L), Gen.Long[0, input - read])
        from hour in Gen.Long[0, write]
        from audio in Gen.OneOf(Gen.Const(0L), Gen.Long[0, input])
        from heard in Gen.Long[0, Math.Min(audio, read)]
        from image in Gen.OneOf(Gen.Const(0L), Gen.Long[0, input - audio])
        from seen in Gen.Long[0, Math.Min(image, read - heard)]
        from said in Gen.Bool
        from output in Gen.Long[0, 2000]
        from reasoning in Gen.Long[0, output]
        from spoken in Gen.OneOf(Gen.Const(0L), Gen.Long[0, output - reasoning])
        from drawn in Gen.OneOf(Gen.Const(0L), Gen.Long[0, output - reasoning - spoken])
        select new TokenUsage
        {
            InputTokens = input,
            CacheReadTokens = read,
            CacheWriteTokens = write,
            CacheWrite1hTokens = hour,
            OutputTokens = output,
            ReasoningTokens = reasoning,
            AudioInputTokens = audio,
            AudioCacheReadTokens = said ? heard : null,
            AudioOutputTokens = spoken,
            ImageInputTokens = image,
            ImageCacheReadTokens = said ? seen : null,
            ImageOutputTokens = drawn,
        };

    private static readonly Gen<ReplyBilling> AnyBilling =
        from tier in One<string?>([null, "standard", "scale", .. Tiers])
        from region in One<string?>([null, "global", "mars", .. Regions])
        from fees in Gen.Select(One("web_search", "file_search", "request_low"), Gen.Long[0, 3], (kind, count) => new BilledFee(kind, count)).Array[0, 2]
        select new ReplyBilling { ServiceTier = tier, Region = region, Fees = fees };

    [Fact]
    public void The_parts_add_up_to_the_total_exactly_and_to_every_token()
    {
        var priced = 0;
        Gen.Select(AnyPrice, AnyUsage, AnyBilling).Sample((price, usage, billing) =>
        {
            var reply = PriceOf(price, usage, billing);
            var cost = reply.Usage;
            Assert.Equal(cost.TotalCostUsd is null, reply.UnpricedBecause is not null);
            if (cost.TotalCostUsd is null)
            {
                Assert.Equal((null, null, null), (cost.InputCostUsd, cost.OutputCostUsd, cost.FeesCostUsd));
                Assert.Empty(reply.Parts);
                return;
            }

            Interlocked.Increment(ref priced);
            Assert.All(reply.Parts, part => Assert.Equal(part.Quantity * part.UnitPriceUsd, part.CostUsd));
            Assert.All(reply.Parts, part => Assert.True(part.Quantity > 0));
            Assert.Equal(cost.TotalCostUsd, reply.Parts.Sum(part => part.CostUsd));
            Assert.Equal(cost.TotalCostUsd, cost.InputCostUsd + cost.OutputCostUsd + cost.FeesCostUsd);
            string[] output = ["output", "reasoning", "audio_output", "image_output"];
            Assert.Equal(usage.OutputTokens, reply.Parts.Where(part => output.Contains(part.Kind)).Sum(part => part.Quantity));
            Assert.Equal(usage.InputTokens, reply.Parts.Where(part => !output.Contains(part.Kind) && !FeeKind.All.Contains(part.Kind)).Sum(part => part.Quantity));
        }, iter: 2000);
        Assert.True(priced > 1, "every case was unpriced, so nothing was shown");
    }

    [Fact]
    public void No_usage_within_the_bound_costs_more_than_it()
    {
        var bounded = 0;
        Gen.Select(AnyPrice, AnyUsage, One<string?>([null, "auto", "standard", .. Tiers]), One<string?>([null, "global", "mars", .. Regions]), Gen.Long[0, 500], Gen.Long[0, 500]).Sample((price, usage, asked, region, moreInput, moreOutput) =>
        {
            if (CostBound.Of(price, usage.InputTokens + moreInput, usage.OutputTokens + moreOutput, asked, region) is not { } bound) return;
            // What the vendor may make of the request: the tier that was asked for or the standard one, or what an account is set to.
            string?[] served = ServiceTierName.Normalise(asked) switch { null => [null, "standard", "flex", "priority"], "standard" => ["standard"], var tier => [tier, "standard", null] };
            string?[] places = region is null ? [null, "global", "us", "eu-central-1", "mars"] : [null];
            foreach (var tier in served)
                foreach (var place in places)
                    foreach (var size in (string?[])[null, "request_low"])
                    {
                        var reply = PriceOf(price, usage, new ReplyBilling { ServiceTier = tier, Region = place, Fees = size is null ? [] : [new BilledFee(size, 1)] }, new PriceContext { Region = region, ServiceTier = asked });
                        if (reply.Usage.TotalCostUsd is not { } cost) continue;
                        Interlocked.Increment(ref bounded);
                        Assert.True(cost <= bound, $"{cost} > {bound}");
                    }
        }, iter: 2000);
        Assert.True(bounded > 1, "no case was bounded, so nothing was shown");
    }

    [Fact]
    public void A_longer_prompt_costs_no_less_where_steps_rise()
        => Gen.Select(Price, Price, Gen.Bool, Gen.Long[0, 2000], Gen.Long[0, 2000], Gen.Long[1, 2000]).Sample((low, more, marginal, one, other, above) =>
        {
            var price = new ModelPrice { InputPerMillion = low, OutputPerMillion = 1, Steps = [new PriceStep { AboveInputTokens = above, IsMarginal = marginal, Price = new ModelPrice { InputPerMillion = low + more, OutputPerMillion = 1 } }] };
            var (shorter, longer) = (Cost(Math.Min(one, other)), Cost(Math.Max(one, other)));

            Assert.True(shorter <= longer);
            // The whole at the higher price is never cheaper than what is above alone.
            Assert.True(Cost(one) <= CostOf(price with { Steps = [price.Steps[0] with { IsMarginal = false }] }, one));

            decimal Cost(long tokens) => CostOf(price, tokens);
        });

    [Fact]
    public void A_marginal_price_is_that_of_both_pieces()
        => Gen.Select(Price, Price, Gen.Long[0, 2000], Gen.Long[1, 2000]).Sample((low, high, tokens, above) =>
        {
            var price = new ModelPrice { InputPerMillion = low, OutputPerMillion = 1, Steps = [new PriceStep { AboveInputTokens = above, IsMarginal = true, Price = new ModelPrice { InputPerMillion = high, OutputPerMillion = 1 } }] };

            Assert.Equal((Math.Min(tokens, above) * low) + (Math.Max(0, tokens - above) * high), CostOf(price, tokens) * 1_000_000);
        });

    [Fact]
    public void A_factor_multiplies_the_tokens_of_any_usage()
        => Gen.Select(Stepped, AnyUsage, Factor).Sample((price, usage, factor) =>
        {
            var plain = PriceOf(price, usage, ReplyBilling.None).Usage;
            var half = PriceOf(price with { Tiers = new Dictionary<string, PriceVariant> { ["batch"] = PriceVariant.Times(factor) } }, usage, new ReplyBilling { ServiceTier = "batch" }).Usage;

            Assert.Equal(plain.TotalCostUsd * factor, half.TotalCostUsd);
        });

    [Theory]
    [InlineData("anthropic", """{"type":"message","model":"claude-opus-4-5","usage":{"input_tokens":100,"cache_read_input_tokens":20,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":10},"output_tokens":50,"service_tier":"batch","speed":"fast","inference_geo":"us","server_tool_use":{"web_search_requests":2},"iterations":[{"type":"message"}]}}""")]
    [InlineData("openai", """{"object":"response","model":"gpt-5","service_tier":"flex","output":[{"type":"web_search_call","action":{"type":"search"}},{"type":"code_interpreter_call","container_id":"c"}],"usage":{"input_tokens":75,"input_tokens_details":{"cached_tokens":64,"audio_tokens":3,"cached_tokens_details":{"audio_tokens":1}},"output_tokens":118,"output_tokens_details":{"reasoning_tokens":24,"audio_tokens":9}}}""")]
    [InlineData("xai", """{"model":"grok-4.5","usage":{"prompt_tokens":100,"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":50},"total_tokens":159,"num_sources_used":3,"server_side_tool_usage_details":{"x_search_calls":2}}}""")]
    [InlineData("gemini", """{"modelVersion":"gemini-2.5-pro","candidates":[{"groundingMetadata":{"webSearchQueries":["a"],"groundingChunks":[{"maps":{}}]}}],"usageMetadata":{"promptTokenCount":1000,"cachedContentTokenCount":600,"candidatesTokenCount":50,"thoughtsTokenCount":15,"toolUsePromptTokenCount":30,"trafficType":"ON_DEMAND","promptTokensDetails":[{"modality":"AUDIO","tokenCount":642}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":600}],"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":5}]}}""")]
    [InlineData("bedrock", """{"usage":{"inputTokens":100,"outputTokens":9,"cacheReadInputTokens":50,"cacheWriteInputTokens":20,"cacheDetails":[{"ttl":"1h","inputTokens":15}]},"serviceTier":{"type":"flex"},"performanceConfig":{"latency":"optimized"}}""")]
    public void A_body_with_anything_changed_is_read_and_priced_or_refused_by_name(string provider, string body)
    {
        string[] tokens = ["null", "true", "-1", "0", "1.5", "1e400", "9223372036854775807", "9223372036854775808", "\"x\"", "\"\\ud800\"", "[]", "{}", "[1]", "[{}]", "{\"type\":\"priority\"}"];
        var places = Places(body);
        var book = new PriceBook();
        Gen.Select(Gen.Int[0, places.Count - 1], One(tokens), Gen.Int[0, places.Count - 1], One(tokens)).Sample((first, one, second, other) =>
        {
            var (early, late) = (places[Math.Min(first, second)], places[Math.Max(first, second)]);
            var changed = early.End <= late.Start ? body[..early.Start] + one + body[early.End..late.Start] + other + body[late.End..] : body[..early.Start] + one + body[early.End..];
            using var document = JsonDocument.Parse(changed);
            VendorReply reply;
            try
            {
                reply = VendorUsage.Read(provider, document.RootElement);
            }
            catch (UsageFormatException e)
            {
                Assert.NotEqual("", e.Field);
                return;
            }

            try
            {
                book.Price(provider, reply with { Model = "m" });
                book.Price(provider, reply);
            }
            catch (OverflowException)
            {
                // Counts of 19 digits.
            }
        }, iter: 3000);
    }

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>Where each value of the JSON text stands.</summary>
    private static List<(int Start, int End)> Places(string json)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.ASCII.GetBytes(json));
        List<(int, int)> places = [];
        Stack<int> open = [];
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push((int)reader.TokenStartIndex);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    var start = open.Pop();
                    if (open.Count > 0) places.Add((start, (int)reader.BytesConsumed));
                    break;
                case JsonTokenType.PropertyName:
                    break;
                default:
                    places.Add(((int)reader.TokenStartIndex, (int)reader.BytesConsumed));
                    break;
            }
        }

        return [.. places.OrderBy(p => p.Item1)];
    }

    private static PricedReply PriceOf(ModelPrice price, TokenUsage usage, ReplyBilling billing, PriceContext? context = null)
    {
        var book = new PriceBook();
        book.Register("acme", "m", price);
        return book.Price("acme", new VendorReply { Model = "m", Usage = usage, Billing = billing }, context);
    }

    private static decimal CostOf(ModelPrice price, long input) => PriceOf(price, new TokenUsage { InputTokens = input }, ReplyBilling.None).Usage.TotalCostUsd!.Value;
}
