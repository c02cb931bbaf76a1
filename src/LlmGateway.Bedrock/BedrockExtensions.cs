using LlmGateway.Bedrock.Provider;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Bedrock;

namespace LlmGateway;

/// <summary>Adds Amazon Bedrock.</summary>
public static class BedrockExtensions
{
    /// <summary>
    /// Adds the provider <c>bedrock</c>: the Converse and ConverseStream APIs of Amazon Bedrock.
    /// </summary>
    /// <remarks>
    /// The region is <c>AWS_REGION</c> or <c>AWS_DEFAULT_REGION</c>, else the profile's; <c>LLM_BASE_URL</c> or
    /// <c>AWS_ENDPOINT_URL_BEDROCK_RUNTIME</c> sets another address than the region's public one. It shows a Bedrock API
    /// key where there is one (<c>LLM_API_KEY</c>, <c>AWS_BEARER_TOKEN_BEDROCK</c>), else signs with
    /// <c>AWS_ACCESS_KEY_ID</c>, <c>AWS_SECRET_ACCESS_KEY</c> and <c>AWS_SESSION_TOKEN</c>, else with what AWS's SDK finds:
    /// profiles and roles. A model is a model's id, an inference profile's id, or an ARN.
    /// </remarks>
    /// <param name="registry">The registry that gets it; not null.</param>
    /// <returns>The same registry.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="registry"/> is null.</exception>
    public static ProviderRegistry AddBedrock(this ProviderRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Register(BedrockProvider.ProviderName, BedrockProvider.Create);
        Dialect.Register(BedrockDialect.Instance);
        return registry;
    }
}
