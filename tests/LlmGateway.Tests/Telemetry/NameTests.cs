using System.Text.RegularExpressions;
using LlmGateway.Telemetry;

namespace LlmGateway.Tests.Telemetry;

public sealed partial class NameTests
{
    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("anthropic", "anthropic")]
    [InlineData("local_claude", "anthropic")]
    [InlineData("local_codex", "openai")]
    [InlineData("local_gemini", "gcp.gemini")]
    [InlineData("gemini", "gcp.gemini")]
    [InlineData("vertex", "gcp.vertex_ai")]
    [InlineData("azure_openai", "azure.ai.openai")]
    [InlineData("bedrock", "aws.bedrock")]
    [InlineData("mistral", "mistral_ai")]
    [InlineData("groq", "groq")]
    [InlineData("deepseek", "deepseek")]
    [InlineData("xai", "x_ai")]
    [InlineData("perplexity", "perplexity")]
    [InlineData("cohere", "cohere")]
    [InlineData("openrouter", "openrouter")]
    [InlineData("simulated", "simulated")]
    public void A_provider_has_the_conventions_name_where_there_is_one(string provider, string expected)
        => Assert.Equal(expected, TelemetryNames.ProviderNameOf(provider));

    [Fact]
    public void Every_error_kind_has_an_error_type_of_its_own_in_snake_case()
    {
        var types = Enum.GetValues<ProviderErrorKind>().Select(ErrorTypes.Of).ToList();

        Assert.Equal(types.Count, types.Distinct().Count());
        Assert.All(types, t => Assert.Matches(SnakeCase(), t));
    }

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex SnakeCase();
}
