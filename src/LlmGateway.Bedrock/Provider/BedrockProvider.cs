using LlmGateway.Bedrock.Auth;
using LlmGateway.Configuration;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Bedrock;
using LlmGateway.Providers.Http;
using LlmGateway.Vendors;

namespace LlmGateway.Bedrock.Provider;

/// <summary>Makes the provider from the configuration. What the models can do stands in the vendors' table; who asks, and where, is more than a row can say.</summary>
internal static class BedrockProvider
{
    public const string ProviderName = "bedrock";

    private const string KeySettings = "LLM_API_KEY or AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and AWS_REGION";

    /// <exception cref="ProviderInitException">The region is missing, or a setting is invalid.</exception>
    public static ILlmProvider Create(GatewayConfig config, ProviderServices services)
    {
        var address = config.BaseUrl ?? OwnAddress(config);
        var region = BedrockRegion.Find(config, address);
        IRequestAuthorizer authorizer = BearerOf(config) is { } bearer ? bearer : SignerOf(config, region, services);
        var row = Vendor.All.First(static vendor => vendor.Name == ProviderName);
        return new HttpProvider(
            new HttpTarget
            {
                Name = ProviderName,
                DefaultModel = row.DefaultModel,
                BaseUrl = address ?? BedrockRegion.AddressOf(region ?? throw NoRegion()),
                Dialect = BedrockDialect.Instance,
                Authorizer = authorizer,
                PeerOf = model => new WirePeer { Vendor = ProviderName, Model = row.CapabilitiesOf(model), Refuses = row.Refuses },
                KeySettings = KeySettings,
                BillingRegion = region,
            },
            services);
    }

    /// <summary>AWS's own variable for the address of one service: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html.</summary>
    private static Uri? OwnAddress(GatewayConfig config)
    {
        const string Name = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME";
        if (config.Variables.Find(Name) is not { } found) return null;
        return Uri.TryCreate(found.Value.Trim(), UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }
            ? url
            : throw new ProviderInitException($"{Name}, from {found.Source}, is not an absolute http or https URL without user name, password, query or fragment.", ProviderName, Name);
    }

    /// <summary>A Bedrock API key: https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-use.html.</summary>
    private static KeyAuthorizer? BearerOf(GatewayConfig config)
    {
        if (!string.IsNullOrEmpty(config.ApiKey)) return new KeyAuthorizer("Authorization", "Bearer ", config.ApiKey);
        return Secret(config, "AWS_BEARER_TOKEN_BEDROCK") is { } key ? new KeyAuthorizer("Authorization", "Bearer ", key) : null;
    }

    private static SigV4Authorizer SignerOf(GatewayConfig config, string? region, ProviderServices services)
    {
        var keys = (Id: Secret(config, "AWS_ACCESS_KEY_ID"), Key: Secret(config, "AWS_SECRET_ACCESS_KEY"));
        if (keys.Id is null != keys.Key is null)
        {
            var missing = keys.Id is null ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY";
            throw new ProviderInitException($"Provider '{ProviderName}' needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY together; {missing} is not set.", ProviderName, missing);
        }

        IAwsKeySource source = keys is { Id: { } id, Key: { } secret }
            ? new FixedKeys(new AwsKeys(id, secret, Secret(config, "AWS_SESSION_TOKEN")))
            : new SdkKeys(ProviderName, config.Variables.Find("AWS_PROFILE")?.Value.Trim(), BedrockRegion.ProfilesFile(config));
        return new SigV4Authorizer(source, region ?? throw NoRegion(), services.TimeProvider);
    }

    private static string? Secret(GatewayConfig config, string name)
    {
        if (config.Variables.Find(name) is not { } found) return null;
        var value = found.Value.Trim();
        return ConfigVariable.IsHeaderSafe(value)
            ? value
            : throw new ProviderInitException($"{name}, from {found.Source}, holds white space or control characters, which no key has.", ProviderName, name);
    }

    private static ProviderInitException NoRegion()
        => new($"Provider '{ProviderName}' needs a region. Set AWS_REGION, such as us-east-1, in the environment or in .env.", ProviderName, "AWS_REGION");
}
