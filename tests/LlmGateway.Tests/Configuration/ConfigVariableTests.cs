using LlmGateway.Configuration;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Tests.Configuration;

public class ConfigVariableTests
{
    [Fact]
    public void Nothing_set_gives_the_documented_defaults()
    {
        var config = Config.Of();

        Assert.Equal("anthropic", config.Provider);
        Assert.Null(config.Model);
        Assert.Null(config.ApiKey);
        Assert.Null(config.BaseUrl);
        Assert.Equal(4096, config.MaxTokens);
        Assert.False(config.IsMaxTokensSet);
        Assert.Null(config.Temperature);
        Assert.Equal(3, config.MaxRetries);
        Assert.Equal(2, config.MaxReasks);
        Assert.Equal(300, config.ReaskWithinSeconds);
        Assert.Null(config.RetryMaxTokens);
        Assert.Equal((Coercion.None, UnknownMembers.Error), (config.Coercion, config.UnknownMembers));
        Assert.Equal(120, config.TimeoutSeconds);
        Assert.Equal(StreamRescue.Continue | StreamRescue.Splice, config.StreamRescue);
        Assert.Empty(config.Fallbacks);
        Assert.Empty(config.Routes);
        Assert.Null(config.ConfigFile);
        Assert.Equal((null, null, null), (config.FirstTokenTimeoutSeconds, config.IdleTimeoutSeconds, config.DeadlineSeconds));
        Assert.Null(config.CostWarnUsd);
        Assert.Null(config.CostLimitUsd);
        Assert.Null(config.PricesFile);
        Assert.False(config.TraceEnabled);
        Assert.Equal(TraceExporter.None, config.TraceExporter);
        Assert.Equal(new Uri("http://localhost:4317"), config.TraceEndpoint);
        Assert.Equal("llm-gateway", config.TraceServiceName);
        Assert.Equal(LogLevel.Information, config.LogLevel);
        Assert.Equal(LogFormat.Json, config.LogFormat);
        Assert.False(config.CaptureMessageContent);
        Assert.Empty(config.Warnings);
        Assert.All(config.Describe(), s => Assert.Equal("default", s.Source));
    }

    [Theory]
    [InlineData("LLM_PROVIDER", "simulated", "simulated")]
    [InlineData("LLM_MODEL", " m-1 ", "m-1")]
    [InlineData("LLM_API_KEY", "sk-1", "***")]
    [InlineData("LLM_BASE_URL", "https://Proxy.example:8443/a/b", "https://proxy.example:8443/a/b")]
    [InlineData("LLM_MAX_TOKENS", "1", "1")]
    [InlineData("LLM_TEMPERATURE", "0", "0")]
    [InlineData("LLM_TEMPERATURE", "2", "2")]
    [InlineData("LLM_TEMPERATURE", ".5", "0.5")]
    [InlineData("LLM_MAX_RETRIES", "0", "0")]
    [InlineData("LLM_MAX_REASKS", "0", "0")]
    [InlineData("LLM_MAX_REASKS", "10", "10")]
    [InlineData("LLM_REASK_WITHIN_SECONDS", "1", "1")]
    [InlineData("LLM_RETRY_MAX_TOKENS", "8192", "8192")]
    [InlineData("LLM_COERCION", "Lossless", "lossless")]
    [InlineData("LLM_UNKNOWN_MEMBERS", "ignore", "ignore")]
    [InlineData("LLM_TIMEOUT_SECONDS", "2147483647", "2147483647")]
    [InlineData("LLM_STREAM_RESCUE", "splice, Continue", "continue,splice")]
    [InlineData("LLM_STREAM_RESCUE", "splice", "splice")]
    [InlineData("LLM_STREAM_RESCUE", "buffer", "buffer")]
    [InlineData("LLM_STREAM_RESCUE", "OFF", "off")]
    [InlineData("LLM_FALLBACKS", " openai/gpt-5.5 , openrouter/meta/llama:free#KEY_2,simulated/", "openai/gpt-5.5,openrouter/meta/llama:free#KEY_2,simulated/")]
    [InlineData("LLM_CONFIG_FILE", "gateway.json", "gateway.json")]
    [InlineData("LLM_FIRST_TOKEN_TIMEOUT_SECONDS", "1", "1")]
    [InlineData("LLM_IDLE_TIMEOUT_SECONDS", "30", "30")]
    [InlineData("LLM_DEADLINE_SECONDS", "60", "60")]
    [InlineData("LLM_COST_WARN_USD", "0", "0")]
    [InlineData("LLM_COST_LIMIT_USD", "0.000001", "0.000001")]
    [InlineData("LLM_COST_WARN_AT", "10%, 99.5 %", "10%,99.5%")]
    [InlineData("LLM_COST_WARN_AT", "150", "150%")]
    [InlineData("LLM_BUDGETS", "a=1, b=0.5/Day@Europe/Berlin per user if team=x,c=2/month", "a=1, b=0.5/day@Europe/Berlin per user if team=x, c=2/month")]
    [InlineData("LLM_BUDGET_RESERVE", "ESTIMATE", "estimate")]
    [InlineData("LLM_BUDGET_RESERVE", "worst_case", "worst_case")]
    [InlineData("LLM_UNKNOWN_PRICE", "allow", "allow")]
    [InlineData("LLM_TAGS", "team=search , feature=a=b", "feature=a=b,team=search")]
    [InlineData("LLM_LEDGER_FILE", "l.db", "l.db")]
    [InlineData("LLM_LEDGER_MODE", "best_effort", "best_effort")]
    [InlineData("LLM_PRICES_FILE", "p.json", "p.json")]
    [InlineData("LLM_TRACE_ENABLED", "TRUE", "true")]
    [InlineData("LLM_TRACE_ENABLED", "on", "true")]
    [InlineData("LLM_TRACE_ENABLED", "1", "true")]
    [InlineData("LLM_TRACE_EXPORTER", "OTLP", "otlp")]
    [InlineData("LLM_TRACE_ENDPOINT", "http://collector:4317", "http://collector:4317")]
    [InlineData("LLM_TRACE_SERVICE_NAME", "mine", "mine")]
    [InlineData("LLM_LOG_LEVEL", "DEBUG", "debug")]
    [InlineData("LLM_LOG_LEVEL", "WARNING", "warning")]
    [InlineData("LLM_LOG_LEVEL", "WARN", "warning")]
    [InlineData("LLM_LOG_LEVEL", "ERROR", "error")]
    [InlineData("LLM_LOG_LEVEL", "trace", "trace")]
    [InlineData("LLM_LOG_LEVEL", "critical", "critical")]
    [InlineData("LLM_LOG_FORMAT", "console", "console")]
    [InlineData("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true", "true")]
    public void A_valid_value_is_taken(string name, string value, string effective)
    {
        var setting = Config.Of((name, value)).Setting(name);

        Assert.Equal(effective, setting.Value);
        Assert.Equal("environment", setting.Source);
    }

    [Fact]
    public void The_short_word_for_the_information_level_is_taken()
        => Assert.Equal(LogLevel.Information, Config.Of(("LLM_LOG_LEVEL", "INFO")).LogLevel);

    [Theory]
    [InlineData("LLM_BASE_URL", "example.com", "absolute http")]
    [InlineData("LLM_BASE_URL", "/v1", "absolute http")]
    [InlineData("LLM_BASE_URL", "ftp://example.com", "absolute http")]
    [InlineData("LLM_BASE_URL", "http://h/#x", "absolute http")]
    [InlineData("LLM_MAX_TOKENS", "0", "at least 1")]
    [InlineData("LLM_MAX_TOKENS", "-1", "at least 1")]
    [InlineData("LLM_MAX_TOKENS", "1.5", "at least 1")]
    [InlineData("LLM_MAX_TOKENS", "1,000", "at least 1")]
    [InlineData("LLM_MAX_TOKENS", "99999999999", "at least 1")]
    [InlineData("LLM_TEMPERATURE", "2.1", "0 to 2")]
    [InlineData("LLM_TEMPERATURE", "-0.1", "0 to 2")]
    [InlineData("LLM_TEMPERATURE", "NaN", "0 to 2")]
    [InlineData("LLM_TEMPERATURE", "1,5", "0 to 2")]
    [InlineData("LLM_MAX_RETRIES", "-1", "at least 0")]
    [InlineData("LLM_MAX_REASKS", "11", "0 to 10")]
    [InlineData("LLM_REASK_WITHIN_SECONDS", "0", "at least 1")]
    [InlineData("LLM_RETRY_MAX_TOKENS", "many", "at least 1")]
    [InlineData("LLM_COERCION", "all", "none or lossless")]
    [InlineData("LLM_UNKNOWN_MEMBERS", "1", "error or ignore")]
    [InlineData("LLM_TIMEOUT_SECONDS", "0", "at least 1")]
    [InlineData("LLM_STREAM_RESCUE", "off,splice", "buffer or off alone")]
    [InlineData("LLM_STREAM_RESCUE", "buffer,continue", "buffer or off alone")]
    [InlineData("LLM_STREAM_RESCUE", "splice,splice", "buffer or off alone")]
    [InlineData("LLM_STREAM_RESCUE", "0", "buffer or off alone")]
    [InlineData("LLM_FALLBACKS", "openai", "a list of vendor/model")]
    [InlineData("LLM_FALLBACKS", "/gpt-5.5", "a list of vendor/model")]
    [InlineData("LLM_FALLBACKS", "open ai/gpt-5.5", "a list of vendor/model")]
    [InlineData("LLM_FIRST_TOKEN_TIMEOUT_SECONDS", "0", "at least 1")]
    [InlineData("LLM_IDLE_TIMEOUT_SECONDS", "1.5", "at least 1")]
    [InlineData("LLM_DEADLINE_SECONDS", "-1", "at least 1")]
    [InlineData("LLM_COST_WARN_USD", "-0.01", "US dollars")]
    [InlineData("LLM_COST_LIMIT_USD", "$5", "US dollars")]
    [InlineData("LLM_COST_LIMIT_USD", "1e3", "US dollars")]
    [InlineData("LLM_TRACE_ENABLED", "maybe", "true or false")]
    [InlineData("LLM_TRACE_EXPORTER", "jaeger", "none, console or otlp")]
    [InlineData("LLM_TRACE_EXPORTER", "1", "none, console or otlp")]
    [InlineData("LLM_TRACE_ENDPOINT", "localhost:4317", "absolute http")]
    [InlineData("LLM_LOG_LEVEL", "none", "trace, debug")]
    [InlineData("LLM_LOG_LEVEL", "loud", "trace, debug")]
    [InlineData("LLM_LOG_FORMAT", "xml", "json or console")]
    [InlineData("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "span_only", "true or false")]
    public void An_invalid_value_is_an_error_that_names_the_variable_the_value_and_what_is_allowed(string name, string value, string allowed)
    {
        var e = Assert.Throws<ProviderInitException>(() => Config.Of((name, value)));

        Assert.Equal(name, e.Setting);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", e.Message, StringComparison.Ordinal);
        Assert.Contains("environment", e.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LLM_API_KEY", "sk-se cret")]
    [InlineData("LLM_API_KEY", "sk-secret\r\nX-Evil: 1")]
    [InlineData("LLM_API_KEY", "sk-secrét")]
    [InlineData("LLM_BASE_URL", "https://user:secret@example.com")]
    [InlineData("LLM_BASE_URL", "https://example.com/?key=secret")]
    [InlineData("LLM_TRACE_ENDPOINT", "http://user:secret@h:4317")]
    [InlineData("LLM_FALLBACKS", "openai/gpt-5.5#sk-secret")]
    [InlineData("LLM_FALLBACKS", "gemini/m#AIzaSecret")]
    public void An_invalid_value_that_may_be_a_secret_is_not_shown(string name, string value)
    {
        var e = Assert.Throws<ProviderInitException>(() => Config.Of((name, value)));

        Assert.Equal(name, e.Setting);
        Assert.DoesNotContain("se", e.Message.Replace("set", "", StringComparison.Ordinal).Replace("user name", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("not shown", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://h/?")]
    [InlineData("http://h/#")]
    public void A_base_url_with_an_empty_query_or_fragment_does_not_swallow_the_path(string url)
        => Assert.Throws<ProviderInitException>(() => Config.Of(("LLM_BASE_URL", url)));

    [Theory]
    [InlineData("LLM_COST_LIMIT_USD")]
    [InlineData("LLM_COST_WARN_USD")]
    public void Zero_dollars_is_zero_and_not_unset(string name)
    {
        var config = Config.Of((name, "0"));

        Assert.Equal(0m, name == "LLM_COST_LIMIT_USD" ? config.CostLimitUsd : config.CostWarnUsd);
        Assert.Equal(("0", "environment"), (config.Setting(name).Value, config.Setting(name).Source));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void An_empty_value_is_unset(string value)
    {
        foreach (var variable in ConfigVariable.All)
        {
            var config = Config.Of((variable.Name, value));
            Assert.Equal("default", config.Setting(variable.Name).Source);
            Assert.Equal(variable.Get(new GatewayConfig()), variable.Get(config));
        }
    }

    [Fact]
    public void A_name_of_another_case_is_not_the_variable()
        => Assert.Null(Config.Of(("llm_model", "m")).Model);

    [Fact]
    public void An_unknown_name_gives_one_warning_with_the_nearest_known_one_and_without_its_value()
    {
        var warning = Assert.Single(Config.Of(("LLM_MODLE", "sk-secret"), ("PATH", "/bin"), ("OTHER", "1")).Warnings);

        Assert.Contains("LLM_MODLE", warning, StringComparison.Ordinal);
        Assert.Contains("did you mean LLM_MODEL?", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_like_no_other_is_warned_of_without_a_guess()
    {
        var warning = Assert.Single(Config.Of(("LLM_QQQQQQQQQQQQQQQ", "1")).Warnings);

        Assert.DoesNotContain("did you mean", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_switch_of_the_live_tests_is_known()
        => Assert.Empty(Config.Of(("LLM_LIVE", "1")).Warnings);

    [Fact]
    public void A_value_set_in_code_is_checked_too()
    {
        Assert.Equal("LLM_MAX_TOKENS", Assert.Throws<ProviderInitException>(() => new GatewayConfig { MaxTokens = 0 }.Validate()).Setting);
        Assert.Equal("LLM_TEMPERATURE", Assert.Throws<ProviderInitException>(() => new GatewayConfig { Temperature = double.NaN }.Validate()).Setting);
        Assert.Equal("LLM_COST_LIMIT_USD", Assert.Throws<ProviderInitException>(() => new GatewayConfig { CostLimitUsd = -1 }.Validate()).Setting);
        Assert.Equal("LLM_LOG_LEVEL", Assert.Throws<ProviderInitException>(() => new GatewayConfig { LogLevel = LogLevel.None }.Validate()).Setting);
        Assert.Equal("LLM_TRACE_EXPORTER", Assert.Throws<ProviderInitException>(() => new GatewayConfig { TraceExporter = (TraceExporter)7 }.Validate()).Setting);
        Assert.Equal("LLM_BASE_URL", Assert.Throws<ProviderInitException>(() => new GatewayConfig { BaseUrl = new Uri("/v1", UriKind.Relative) }.Validate()).Setting);
        Assert.Equal("LLM_PROVIDER", Assert.Throws<ProviderInitException>(() => new GatewayConfig { Provider = null! }.Validate()).Setting);
        Assert.Equal("LLM_MODEL", Assert.Throws<ProviderInitException>(() => new GatewayConfig { Model = " " }.Validate()).Setting);
        Assert.Equal("LLM_TRACE_ENDPOINT", Assert.Throws<ProviderInitException>(() => new GatewayConfig { TraceEndpoint = null! }.Validate()).Setting);
        var e = Assert.Throws<ProviderInitException>(() => new GatewayConfig { ApiKey = "sk secret" }.Validate());
        Assert.Contains("code", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_has_a_row_and_every_row_a_setting()
    {
        var settable = typeof(GatewayConfig).GetProperties().Where(p => p.SetMethod is { IsPublic: true }).Select(p => p.Name)
            .Where(name => name != nameof(GatewayConfig.Routes)) // What a line of text can't hold.
            .Order();

        Assert.Equal(settable, ConfigVariable.All.Select(v => v.Key).Order());
        Assert.All(ConfigVariable.All, v => Assert.True(v.Name.StartsWith("LLM_", StringComparison.Ordinal) || v.Name.StartsWith("OTEL_", StringComparison.Ordinal)));
    }
}
