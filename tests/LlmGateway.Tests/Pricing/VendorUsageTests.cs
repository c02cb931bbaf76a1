using System.Text.Json;

namespace LlmGateway.Tests.Prices;

public sealed class VendorUsageTests
{
    public static TheoryData<string, string, string?, TokenUsage> Bodies => new()
    {
        {
            "anthropic",
            """{"type":"message","model":"claude-opus-4-5-20251101","usage":{"input_tokens":100,"cache_read_input_tokens":2000,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100},"output_tokens":50,"output_tokens_details":{"thinking_tokens":20},"service_tier":"standard","server_tool_use":null}}""",
            "claude-opus-4-5-20251101",
            new TokenUsage { InputTokens = 2400, CacheReadTokens = 2000, CacheWriteTokens = 300, CacheWrite1hTokens = 100, OutputTokens = 50, ReasoningTokens = 20 }
        },
        { "anthropic", """{"model":"m","usage":{"input_tokens":100,"output_tokens":50,"cache_read_input_tokens":null,"cache_creation":null}}""", "m", new TokenUsage { InputTokens = 100, OutputTokens = 50 } },
        { "anthropic", """{"usage":{"input_tokens":1,"cache_creation_input_tokens":300,"output_tokens":0}}""", null, new TokenUsage { InputTokens = 301, CacheWriteTokens = 300 } },
        { "anthropic", """{"usage":{"input_tokens":1,"cache_creation":{"ephemeral_1h_input_tokens":7},"output_tokens":0}}""", null, new TokenUsage { InputTokens = 8, CacheWriteTokens = 7, CacheWrite1hTokens = 7 } },
        { "minimax", """{"model":"m","usage":{"input_tokens":10,"cache_read_input_tokens":5,"output_tokens":1}}""", "m", new TokenUsage { InputTokens = 15, CacheReadTokens = 5, OutputTokens = 1 } },
        { "openai", """{"model":"gpt-4.1","usage":{"prompt_tokens":1500,"prompt_tokens_details":{"cached_tokens":1024},"completion_tokens":100,"completion_tokens_details":{"reasoning_tokens":40},"total_tokens":1600}}""", "gpt-4.1", new TokenUsage { InputTokens = 1500, CacheReadTokens = 1024, OutputTokens = 100, ReasoningTokens = 40 } },
        { "openai", """{"model":"gpt-5.6-sol","usage":{"prompt_tokens":1500,"prompt_tokens_details":{"cached_tokens":1000,"cache_write_tokens":400},"completion_tokens":1}}""", "gpt-5.6-sol", new TokenUsage { InputTokens = 1500, CacheReadTokens = 1000, CacheWriteTokens = 400, OutputTokens = 1 } },
        { "openai", """{"model":"text-embedding-3-small","usage":{"prompt_tokens":8,"total_tokens":8}}""", "text-embedding-3-small", new TokenUsage { InputTokens = 8 } },
        { "openai", """{"object":"response","model":"gpt-5","usage":{"input_tokens":75,"input_tokens_details":{"cached_tokens":64},"output_tokens":1186,"output_tokens_details":{"reasoning_tokens":1024},"total_tokens":1261}}""", "gpt-5", new TokenUsage { InputTokens = 75, CacheReadTokens = 64, OutputTokens = 1186, ReasoningTokens = 1024 } },
        { "openai", """{"type":"response.completed","response":{"model":"gpt-5","usage":{"input_tokens":75,"output_tokens":5}}}""", "gpt-5", new TokenUsage { InputTokens = 75, OutputTokens = 5 } },
        { "gemini", """{"modelVersion":"gemini-2.5-pro","usageMetadata":{"promptTokenCount":1000,"cachedContentTokenCount":600,"candidatesTokenCount":50,"thoughtsTokenCount":150,"toolUsePromptTokenCount":30,"totalTokenCount":1230}}""", "gemini-2.5-pro", new TokenUsage { InputTokens = 1030, CacheReadTokens = 600, OutputTokens = 200, ReasoningTokens = 150 } },
        { "google", """{"modelVersion":"gemini-2.5-pro","usageMetadata":{"promptTokenCount":5}}""", "gemini-2.5-pro", new TokenUsage { InputTokens = 5 } },
        { "gemini", """{"response":{"modelVersion":"gemini-2.5-pro","usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2}}}""", "gemini-2.5-pro", new TokenUsage { InputTokens = 5, OutputTokens = 2 } },
        { "gemini", """{"model":"gemini-2.5-pro","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":40}}""", "gemini-2.5-pro", new TokenUsage { InputTokens = 10, OutputTokens = 30, ReasoningTokens = 25 } },
        { "deepseek", """{"model":"deepseek-v4-flash","usage":{"prompt_tokens":100,"prompt_cache_hit_tokens":60,"prompt_cache_miss_tokens":40,"completion_tokens":9}}""", "deepseek-v4-flash", new TokenUsage { InputTokens = 100, CacheReadTokens = 60, OutputTokens = 9 } },
        { "moonshot", """{"model":"kimi-k3","usage":{"prompt_tokens":100,"cached_tokens":60,"completion_tokens":9}}""", "kimi-k3", new TokenUsage { InputTokens = 100, CacheReadTokens = 60, OutputTokens = 9 } },
        { "xai", """{"model":"grok-4.5","usage":{"prompt_tokens":100,"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":50},"total_tokens":159}}""", "grok-4.5", new TokenUsage { InputTokens = 100, OutputTokens = 59, ReasoningTokens = 50 } },
        { "x-ai", """{"model":"grok-4.5","usage":{"prompt_tokens":100,"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":50}}}""", "grok-4.5", new TokenUsage { InputTokens = 100, OutputTokens = 59, ReasoningTokens = 50 } },
        { "x-ai", """{"model":"grok-4.5","usage":{"prompt_tokens":100,"completion_tokens":59,"completion_tokens_details":{"reasoning_tokens":50},"total_tokens":159}}""", "grok-4.5", new TokenUsage { InputTokens = 100, OutputTokens = 59, ReasoningTokens = 50 } },
        { "aws", """{"usage":{"inputTokens":100,"outputTokens":9,"totalTokens":109,"cacheReadInputTokens":50,"cacheWriteInputTokens":20,"cacheDetails":[{"ttl":"1h","inputTokens":15},{"ttl":"5m","inputTokens":5}]}}""", null, new TokenUsage { InputTokens = 170, CacheReadTokens = 50, CacheWriteTokens = 20, CacheWrite1hTokens = 15, OutputTokens = 9 } },
        { "nobody", """{"model":"m","usage":{"prompt_tokens":1,"completion_tokens":2}}""", "m", new TokenUsage { InputTokens = 1, OutputTokens = 2 } },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_vendors_usage_is_read_into_one_definition(string provider, string body, string? model, TokenUsage usage)
    {
        var reply = Read(provider, body);

        Assert.Equal(model, reply.Model);
        Assert.Equal(usage, reply.Usage);
        Assert.Empty(reply.Billing.Fees);
        Assert.Empty(reply.Billing.Unknown);
    }

    [Theory]
    [InlineData("anthropic", """[]""", "body")]
    [InlineData("anthropic", """{"model":"m"}""", "usage")]
    [InlineData("anthropic", """{"model":"m","usage":null}""", "usage")]
    [InlineData("anthropic", """{"model":"m","usage":7}""", "usage")]
    [InlineData("anthropic", """{"model":"m","usage":{}}""", "usage")]
    [InlineData("anthropic", """{"model":"\ud800","usage":{"input_tokens":1,"output_tokens":1}}""", "model")]
    [InlineData("anthropic", """{"model":5,"usage":{"input_tokens":1,"output_tokens":1}}""", "model")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1}}""", "usage.output_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":null}}""", "usage.output_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":-1,"output_tokens":1}}""", "usage.input_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1.5,"output_tokens":1}}""", "usage.input_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":12.0,"output_tokens":1}}""", "usage.input_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1e3,"output_tokens":1}}""", "usage.input_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":"12","output_tokens":1}}""", "usage.input_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":true,"output_tokens":1}}""", "usage.input_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":9223372036854775808,"output_tokens":1}}""", "usage.input_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":9223372036854775807,"cache_read_input_tokens":1,"output_tokens":1}}""", "usage.input_tokens")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"cache_creation":[]}}""", "usage.cache_creation")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"cache_creation_input_tokens":5,"cache_creation":{"ephemeral_1h_input_tokens":6}}}""", "usage.cache_creation")]
    [InlineData("anthropic", """{"usage":{"input_tokens":1,"output_tokens":1,"output_tokens_details":{"thinking_tokens":2}}}""", "usage.output_tokens_details.thinking_tokens")]
    [InlineData("openai", """{"usage":{"prompt_tokens":1}}""", "usage.completion_tokens")]
    [InlineData("openai", """{"usage":{"prompt_tokens":1,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":2}}}""", "usage.prompt_tokens_details")]
    [InlineData("openai", """{"usage":{"prompt_tokens":1,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":-2}}}""", "usage.prompt_tokens_details.cached_tokens")]
    [InlineData("openai", """{"usage":{"prompt_tokens":1,"completion_tokens":1,"completion_tokens_details":{"reasoning_tokens":2}}}""", "usage.completion_tokens_details.reasoning_tokens")]
    [InlineData("openai", """{"usage":{"input_tokens":1,"output_tokens":1,"input_tokens_details":{"cached_tokens":2}}}""", "usage.input_tokens_details")]
    [InlineData("openai", """{"usage":{"input_tokens":1,"output_tokens":1,"output_tokens_details":{"reasoning_tokens":2}}}""", "usage.output_tokens_details.reasoning_tokens")]
    [InlineData("openai", """{"response":{"usage":null}}""", "usage")]
    [InlineData("deepseek", """{"usage":{"prompt_tokens":9,"completion_tokens":1,"prompt_cache_hit_tokens":4,"prompt_tokens_details":{"cached_tokens":5}}}""", "usage.prompt_cache_hit_tokens")]
    [InlineData("gemini", """{"usageMetadata":{}}""", "usageMetadata.promptTokenCount")]
    [InlineData("gemini", """{"usageMetadata":{"promptTokenCount":1,"cachedContentTokenCount":2}}""", "usageMetadata.cachedContentTokenCount")]
    [InlineData("gemini", """{"usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1.5}}""", "usageMetadata.candidatesTokenCount")]
    [InlineData("bedrock", """{"usage":{"inputTokens":1}}""", "usage.outputTokens")]
    public void An_unreadable_usage_is_an_error_that_names_the_field(string provider, string body, string field)
    {
        var error = Assert.Throws<UsageFormatException>(() => Read(provider, body));

        Assert.Equal(field, error.Field);
        Assert.StartsWith($"{field}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Audio_input_is_priced_only_where_it_costs_what_text_costs(bool apart, bool known)
    {
        var book = new PriceBook();
        book.Register("gemini", "listener", new ModelPrice { InputPerMillion = 1, OutputPerMillion = 1, AudioPricedApart = apart });
        var reply = Read("gemini", """{"modelVersion":"listener","usageMetadata":{"promptTokenCount":100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":10},{"modality":"AUDIO","tokenCount":90}],"candidatesTokenCount":1}}""");

        Assert.Equal(90, reply.Usage.AudioInputTokens);
        Assert.Equal(known, book.Calculate("gemini", reply).TotalCostUsd is not null);
    }

    [Fact]
    public void A_reply_is_priced_to_the_last_digit()
    {
        var reply = Read("anthropic", """{"model":"claude-opus-4-5-20251101","usage":{"input_tokens":100,"cache_read_input_tokens":2000,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100},"output_tokens":50}}""");

        var priced = new PriceBook().Calculate("anthropic", reply);

        // 100 x 5 + 2000 x 0.5 + 200 x 6.25 + 100 x 10 = 500 + 1000 + 1250 + 1000 = 3750; 50 x 25 = 1250
        Assert.Equal("0.00375", Money.ToExactString(priced.InputCostUsd!.Value));
        Assert.Equal("0.005", Money.ToExactString(priced.TotalCostUsd!.Value));
    }

    [Fact]
    public void A_reply_that_names_no_model_has_an_unknown_cost() =>
        Assert.Null(new PriceBook().Calculate("simulated", Read("openai", """{"usage":{"prompt_tokens":1,"completion_tokens":1}}""")).TotalCostUsd);

    private static VendorReply Read(string provider, string body)
    {
        using var document = JsonDocument.Parse(body);
        return VendorUsage.Read(provider, document.RootElement);
    }
}
