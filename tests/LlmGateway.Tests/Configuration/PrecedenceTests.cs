using LlmGateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace LlmGateway.Tests.Configuration;

public class PrecedenceTests
{
    [Fact]
    public void The_environment_wins_over_the_file_and_code_over_both()
    {
        var config = ConfigReader.Read(Config.Variables("LLM_MODEL=file\nLLM_MAX_TOKENS=7", ("LLM_MODEL", "env"), ("LLM_MAX_RETRIES", "1")));

        Assert.Equal(("env", "environment"), (config.Model, config.Setting("LLM_MODEL").Source));
        Assert.Equal((7, "/x/.env"), (config.MaxTokens, config.Setting("LLM_MAX_TOKENS").Source));

        config.Model = "mine";
        config.MaxRetries = 0;
        Assert.Equal(("mine", "code"), (config.Setting("LLM_MODEL").Value, config.Setting("LLM_MODEL").Source));
        Assert.Equal(("0", "code"), (config.Setting("LLM_MAX_RETRIES").Value, config.Setting("LLM_MAX_RETRIES").Source));
        Assert.Equal("default", config.Setting("LLM_TIMEOUT_SECONDS").Source);
    }

    [Fact]
    public void A_variable_that_the_environment_sets_empty_hides_the_file()
    {
        var config = ConfigReader.Read(Config.Variables("LLM_MODEL=file", ("LLM_MODEL", "")));

        Assert.Null(config.Model);
    }

    [Fact]
    public void The_files_own_warnings_and_unknown_names_are_passed_on()
    {
        var config = ConfigReader.Read(Config.Variables("nonsense\nLLM_TEMPRATURE=1\nUNRELATED=1"));

        Assert.Equal(2, config.Warnings.Count);
        Assert.Contains(config.Warnings, w => w.Contains("line 1", StringComparison.Ordinal));
        Assert.Contains(config.Warnings, w => w.Contains("did you mean LLM_TEMPERATURE?", StringComparison.Ordinal));
    }

    [Fact]
    public void An_invalid_value_says_which_file_it_is_from()
        => Assert.Contains("/x/.env", Assert.Throws<ProviderInitException>(() => ConfigReader.Read(Config.Variables("LLM_MAX_TOKENS=x"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Model")]
    [InlineData("model")]
    [InlineData("LLM_MODEL")]
    public void A_section_of_configuration_wins_over_the_environment(string key)
    {
        var section = Section((key, "section"), ("MaxRetries", "0"));

        var config = ConfigReader.Read(Config.Variables("", ("LLM_MODEL", "env"), ("LLM_MAX_TOKENS", "5")).With(section));

        Assert.Equal(("section", "configuration"), (config.Model, config.Setting("LLM_MODEL").Source));
        Assert.Equal(0, config.MaxRetries);
        Assert.Equal(5, config.MaxTokens);
        Assert.Empty(config.Warnings);
    }

    [Fact]
    public void An_unknown_key_of_a_section_is_warned_of()
    {
        var config = ConfigReader.Read(Config.Variables().With(Section(("MaxRetrys", "secret"))));

        var warning = Assert.Single(config.Warnings);
        Assert.Contains("did you mean MaxRetries?", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_variable_that_the_host_also_reads_is_warned_of_once()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection([new("LLM_MODLE", "x"), new("Logging", "y")]).Build();

        Assert.Single(ConfigReader.Read(Config.Variables(("LLM_MODLE", "x")).With(root)).Warnings);
    }

    [Fact]
    public void An_invalid_value_of_a_section_says_so()
    {
        var e = Assert.Throws<ProviderInitException>(() => ConfigReader.Read(Config.Variables().With(Section(("TimeoutSeconds", "0")))));

        Assert.Equal("LLM_TIMEOUT_SECONDS", e.Setting);
        Assert.Contains("configuration", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_a_folder_is_loaded()
    {
        var folder = Directory.CreateTempSubdirectory("llmgw-load-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, ".env"), "LLM_TRACE_SERVICE_NAME=from-file");
            Assert.Equal("from-file", GatewayConfig.Load(folder).TraceServiceName);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_configuration_written_in_code_does_not_claim_to_come_from_the_environment()
    {
        Environment.SetEnvironmentVariable("LLM_LOG_FORMAT", "json"); // The default, so that no other test sees a difference.
        try
        {
            Assert.Equal("default", new GatewayConfig().Setting("LLM_LOG_FORMAT").Source);
        }
        finally
        {
            Environment.SetEnvironmentVariable("LLM_LOG_FORMAT", null);
        }
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] values)
        => new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(v => new KeyValuePair<string, string?>($"LlmGateway:{v.Key}", v.Value)))
            .Build()
            .GetSection("LlmGateway");
}
