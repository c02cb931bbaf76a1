using System.Text.Json;

namespace LlmGateway.Tests.Prices;

/// <summary>Each vendor's way of saying by which tier, where and for what else than tokens it bills, in bodies as documented.</summary>
public sealed class ReplyBillingTests
{
    [Theory]
    // https://platform.claude.com/docs/en/api/messages: service_tier is standard, priority or batch.
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"standard"}}""", "standard")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"priority"}}""", "priority")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"batch"}}""", "batch")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"standard","speed":"fast"}}""", "fast")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"speed":"standard"}}""", null)]
    // https://platform.openai.com/docs/api-reference/chat/object: default, flex, scale, priority; auto before it is known.
    [InlineData("openai", """{"service_tier":"default","usage":{"prompt_tokens":1,"completion_tokens":1}}""", "standard")]
    [InlineData("openai", """{"service_tier":"auto","usage":{"prompt_tokens":1,"completion_tokens":1}}""", null)]
    [InlineData("openai", """{"service_tier":null,"usage":{"prompt_tokens":1,"completion_tokens":1}}""", null)]
    [InlineData("openai", """{"service_tier":"flex","usage":{"prompt_tokens":1,"completion_tokens":1}}""", "flex")]
    [InlineData("openai", """{"service_tier":"scale","usage":{"prompt_tokens":1,"completion_tokens":1}}""", "scale")]
    [InlineData("openai", """{"service_tier":"priority","usage":{"input_tokens":1,"output_tokens":1}}""", "priority")]
    // https://console.groq.com/docs/service-tiers
    [InlineData("groq", """{"service_tier":"on_demand","usage":{"prompt_tokens":1,"completion_tokens":1}}""", "standard")]
    [InlineData("groq", """{"service_tier":"performance","usage":{"prompt_tokens":1,"completion_tokens":1}}""", "performance")]
    // https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/GenerateContentResponse#TrafficType
    [InlineData("vertex", """{"usageMetadata":{"promptTokenCount":1,"trafficType":"ON_DEMAND"}}""", "standard")]
    [InlineData("vertex", """{"usageMetadata":{"promptTokenCount":1,"trafficType":"ON_DEMAND_PRIORITY"}}""", "priority")]
    [InlineData("vertex", """{"usageMetadata":{"promptTokenCount":1,"trafficType":"ON_DEMAND_FLEX"}}""", "flex")]
    [InlineData("vertex", """{"usageMetadata":{"promptTokenCount":1,"trafficType":"PROVISIONED_THROUGHPUT"}}""", "provisioned_throughput")]
    [InlineData("gemini", """{"usageMetadata":{"promptTokenCount":1,"serviceTier":"flex"}}""", "flex")]
    [InlineData("gemini", """{"usageMetadata":{"promptTokenCount":1,"serviceTier":"SERVICE_TIER_PRIORITY"}}""", "priority")]
    [InlineData("gemini", """{"usageMetadata":{"promptTokenCount":1,"trafficType":"ON_DEMAND","serviceTier":"flex"}}""", "flex")]
    // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ServiceTier.html
    [InlineData("bedrock", """{"usage":{"inputTokens":1,"outputTokens":1},"serviceTier":{"type":"default"}}""", "standard")]
    [InlineData("bedrock", """{"usage":{"inputTokens":1,"outputTokens":1},"serviceTier":{"type":"flex"}}""", "flex")]
    [InlineData("bedrock", """{"usage":{"inputTokens":1,"outputTokens":1},"serviceTier":{"type":"reserved"}}""", "reserved")]
    [InlineData("bedrock", """{"usage":{"inputTokens":1,"outputTokens":1},"performanceConfig":{"latency":"optimized"}}""", "latency_optimized")]
    public void Each_vendors_word_for_a_tier_is_read_as_one(string provider, string body, string? tier)
    {
        var billing = Read(provider, body).Billing;

        Assert.Equal(tier, billing.ServiceTier);
        Assert.Empty(billing.Fees);
        Assert.Empty(billing.Unknown);
    }

    [Theory]
    [InlineData("us", "us")]
    [InlineData("EU", "eu")]
    [InlineData("global", "global")]
    [InlineData("not_available", null)]
    public void Anthropic_says_where_it_ran(string geo, string? region)
        => Assert.Equal(region, Read("anthropic", $$$"""{"usage":{"input_tokens":1,"output_tokens":1,"inference_geo":"{{{geo}}}"}}""").Billing.Region);

    [Theory]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"server_tool_use":{"web_search_requests":3,"web_fetch_requests":2}}}""", "web_search 3")]
    [InlineData("openai", """{"output":[{"type":"web_search_call","action":{"type":"search","query":"q"}},{"type":"web_search_call","action":{"type":"open_page"}},{"type":"web_search_call","status":"completed"},{"type":"file_search_call"},{"type":"message"}],"usage":{"input_tokens":1,"output_tokens":1}}""", "web_search 2, file_search 1")]
    [InlineData("openai", """{"output":[{"type":"code_interpreter_call","container_id":"c1"},{"type":"code_interpreter_call","container_id":"c1"},{"type":"code_interpreter_call","container_id":"c2"}],"usage":{"input_tokens":1,"output_tokens":1}}""", "code_interpreter 2")]
    [InlineData("gemini", """{"candidates":[{"groundingMetadata":{"webSearchQueries":["","a","b","a"],"groundingChunks":[{"web":{"uri":"u"}}]}}],"usageMetadata":{"promptTokenCount":1}}""", "grounding 1, grounding_query 2")]
    [InlineData("gemini", """{"candidates":[{"groundingMetadata":{"groundingChunks":[{"maps":{"uri":"u"}}]}}],"usageMetadata":{"promptTokenCount":1}}""", "maps_grounding 1")]
    [InlineData("gemini", """{"candidates":[{"groundingMetadata":{"webSearchQueries":[""]}}],"usageMetadata":{"promptTokenCount":1}}""", "")]
    [InlineData("xai", """{"usage":{"input_tokens":22815,"input_tokens_details":{"cached_tokens":11200},"output_tokens":4766,"num_sources_used":0,"num_server_side_tools_used":6,"server_side_tool_usage_details":{"web_search_calls":0,"x_search_calls":6,"code_interpreter_calls":1,"file_search_calls":0,"mcp_calls":4,"document_search_calls":0}}}""", "x_search 6, code_interpreter 1")]
    [InlineData("xai", """{"server_side_tool_usage":{"SERVER_SIDE_TOOL_WEB_SEARCH":2,"SERVER_SIDE_TOOL_X_SEARCH":1},"usage":{"prompt_tokens":1,"completion_tokens":1}}""", "web_search 2, x_search 1")]
    [InlineData("xai", """{"output":[{"type":"web_search_call","action":{"type":"search"}}],"usage":{"input_tokens":1,"output_tokens":1,"server_side_tool_usage_details":{"web_search_calls":3}}}""", "web_search 3")]
    [InlineData("xai", """{"usage":{"prompt_tokens":1,"completion_tokens":1,"num_sources_used":5}}""", "live_search_source 5")]
    [InlineData("perplexity", """{"usage":{"prompt_tokens":14,"completion_tokens":242,"total_tokens":256,"search_context_size":"high"}}""", "request_high 1")]
    [InlineData("perplexity", """{"usage":{"prompt_tokens":1188,"completion_tokens":4240,"total_tokens":5428,"citation_tokens":8014,"num_search_queries":54,"reasoning_tokens":92431}}""", "web_search 54, citation_token 8014")]
    public void What_is_billed_by_the_piece_is_counted(string provider, string body, string fees)
    {
        var billing = Read(provider, body).Billing;

        Assert.Equal(fees, string.Join(", ", billing.Fees.Select(fee => $"{fee.Kind} {fee.Count}")));
        Assert.Empty(billing.Unknown);
    }

    [Theory]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"iterations":[{"type":"compaction","input_tokens":9},{"type":"message"}]}}""", "usage.iterations: compaction")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"server_tool_use":{"moon_landings":2}}}""", "usage.server_tool_use.moon_landings: 2")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"batch","speed":"fast"}}""", "usage.speed: fast")]
    [InlineData("openai", """{"output":[{"type":"image_generation_call"}],"usage":{"input_tokens":1,"output_tokens":1}}""", "output: image_generation_call")]
    [InlineData("gemini", """{"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":9,"candidatesTokensDetails":[{"modality":"VIDEO","tokenCount":9}]}}""", "usageMetadata.candidatesTokensDetails VIDEO: 9")]
    [InlineData("mistral", """{"usage":{"prompt_tokens":1,"completion_tokens":1,"prompt_audio_seconds":7.2}}""", "usage.prompt_audio_seconds: 8")]
    [InlineData("perplexity", """{"usage":{"prompt_tokens":1,"completion_tokens":1,"search_context_size":"vast"}}""", "usage.search_context_size: vast")]
    public void What_no_row_can_price_is_said_in_words_and_leaves_the_cost_unknown(string provider, string body, string said)
    {
        var book = new PriceBook();
        book.Register(provider, "*", new ModelPrice { InputPerMillion = 1, OutputPerMillion = 1, Tiers = new Dictionary<string, PriceVariant> { ["batch"] = PriceVariant.Times(0.5m) } });
        var reply = Read(provider, body) with { Model = "m" };

        var priced = book.Price(provider, reply);

        Assert.Equal([said], reply.Billing.Unknown);
        Assert.Null(priced.Usage.TotalCostUsd);
        Assert.Contains(said, priced.UnpricedBecause, StringComparison.Ordinal);
        Assert.NotNull(book.Calculate(provider, "m", reply.Usage with { ImageOutputTokens = 0 }).TotalCostUsd);
    }

    [Theory]
    // Realtime: https://platform.openai.com/docs/api-reference/realtime-server-events/response/done
    [InlineData("openai", """{"usage":{"total_tokens":253,"input_tokens":132,"output_tokens":121,"input_token_details":{"text_tokens":119,"audio_tokens":13,"image_tokens":0,"cached_tokens":64,"cached_tokens_details":{"text_tokens":60,"audio_tokens":4}},"output_token_details":{"text_tokens":30,"audio_tokens":91}}}""", 13, 4L, 91, 0, 0L, 0)]
    [InlineData("openai", """{"usage":{"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":{"cached_tokens":64,"audio_tokens":40},"completion_tokens_details":{"audio_tokens":30}}}""", 40, null, 30, 0, 0L, 0)]
    [InlineData("openai", """{"usage":{"prompt_tokens":100,"completion_tokens":50,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":40}}}""", 40, 0L, 0, 0, 0L, 0)]
    // Images: https://platform.openai.com/docs/api-reference/images/object
    [InlineData("openai", """{"usage":{"total_tokens":100,"input_tokens":50,"output_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40},"output_tokens_details":{"image_tokens":50}}}""", 0, 0L, 0, 40, 0L, 50)]
    [InlineData("gemini", """{"usageMetadata":{"promptTokenCount":1000,"cachedContentTokenCount":600,"candidatesTokenCount":1300,"promptTokensDetails":[{"modality":"TEXT","tokenCount":100},{"modality":"AUDIO","tokenCount":642},{"modality":"IMAGE","tokenCount":258}],"cacheTokensDetails":[{"modality":"AUDIO","tokenCount":600}],"candidatesTokensDetails":[{"modality":"IMAGE","tokenCount":1290},{"modality":"AUDIO","tokenCount":10}]}}""", 642, 600L, 10, 258, 0L, 1290)]
    [InlineData("gemini", """{"usageMetadata":{"promptTokenCount":1000,"cachedContentTokenCount":600,"promptTokensDetails":[{"modality":"AUDIO","tokenCount":642}]}}""", 642, null, 0, 0, 0L, 0)]
    public void Sound_and_images_are_counted_apart(string provider, string body, long audio, long? heard, long spoken, long images, long? seen, long drawn)
    {
        var usage = Read(provider, body).Usage;

        Assert.Equal((audio, heard, spoken), (usage.AudioInputTokens, usage.AudioCacheReadTokens, usage.AudioOutputTokens));
        Assert.Equal((images, seen, drawn), (usage.ImageInputTokens, usage.ImageCacheReadTokens, usage.ImageOutputTokens));
    }

    [Theory]
    [InlineData("openai", """{"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"audio_tokens":11}}}""", "usage.prompt_tokens_details")]
    [InlineData("openai", """{"usage":{"prompt_tokens":10,"completion_tokens":5,"completion_tokens_details":{"audio_tokens":4,"reasoning_tokens":2}}}""", "usage.completion_tokens_details")]
    [InlineData("openai", """{"usage":{"input_tokens":10,"output_tokens":5,"input_token_details":{"audio_tokens":2,"cached_tokens":5,"cached_tokens_details":{"audio_tokens":3}}}}""", "usage.input_token_details.cached_tokens_details")]
    [InlineData("gemini", """{"usageMetadata":{"promptTokenCount":10,"promptTokensDetails":[{"modality":"IMAGE","tokenCount":11}]}}""", "usageMetadata.promptTokensDetails")]
    public void Counts_that_do_not_fit_together_are_refused(string provider, string body, string field)
        => Assert.Equal(field, Assert.Throws<UsageFormatException>(() => Read(provider, body)).Field);

    [Fact]
    public void Perplexitys_reasoning_stands_beside_its_completion()
    {
        // A deep research as billed: 2 in, 8 out, 3 reasoning, 2 citations a million, 5 for 1000 searches: https://docs.perplexity.ai/docs/getting-started/pricing
        var reply = Read("perplexity", """{"model":"sonar-deep-research","usage":{"prompt_tokens":1188,"completion_tokens":4240,"total_tokens":5428,"citation_tokens":8014,"num_search_queries":54,"reasoning_tokens":92431}}""");
        var book = new PriceBook();
        book.Register("perplexity", "sonar-deep-research", new ModelPrice
        {
            InputPerMillion = 2,
            OutputPerMillion = 8,
            ReasoningPerMillion = 3,
            Fees = new Dictionary<string, decimal> { ["web_search"] = 0.005m, ["citation_token"] = 0.000002m },
        });

        var priced = book.Price("perplexity", reply);

        Assert.Equal((4240 + 92431, 92431), (reply.Usage.OutputTokens, reply.Usage.ReasoningTokens));
        // 1188 x 2 = 2376; 4240 x 8 = 33920; 92431 x 3 = 277293; 8014 x 2 = 16028; 54 x 5000 = 270000 millionths
        Assert.Equal((0.002376m, 0.311213m, 0.286028m, 0.599617m), (priced.Usage.InputCostUsd, priced.Usage.OutputCostUsd, priced.Usage.FeesCostUsd, priced.Usage.TotalCostUsd));
    }

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":1,"completion_tokens":1},"service_tier":7,"output":{},"candidates":[7,{"groundingMetadata":[]}]}""")]
    [InlineData("""{"usage":{"prompt_tokens":1,"completion_tokens":1,"server_tool_use":[1],"iterations":[1,"x",{}],"speed":1,"num_sources_used":"many","inference_geo":{"type":4}},"serviceTier":{"type":{}}}""")]
    [InlineData("""{"usage":{"prompt_tokens":1,"completion_tokens":1},"service_tier":"\ud800"}""")]
    public void What_cannot_be_read_of_it_is_passed_over(string body)
    {
        var billing = Read("openai", body).Billing;

        Assert.Equal((null, null), (billing.ServiceTier, billing.Region));
        Assert.Empty(billing.Fees);
        Assert.Empty(billing.Unknown);
    }

    private static VendorReply Read(string provider, string body)
    {
        using var document = JsonDocument.Parse(body);
        return VendorUsage.Read(provider, document.RootElement);
    }
}
