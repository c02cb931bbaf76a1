using System.Text.RegularExpressions;
using Amazon.Runtime.CredentialManagement;

namespace LlmGateway.Bedrock.Provider;

/// <summary>Which region is asked, and where it is: https://docs.aws.amazon.com/general/latest/gr/bedrock.html.</summary>
internal static partial class BedrockRegion
{
    private const string Service = "bedrock-runtime.";

    /// <summary>By the variables, else by the address, else by the profile; null where none says.</summary>
    /// <exception cref="ProviderInitException">A variable holds something that is no region.</exception>
    public static string? Find(GatewayConfig config, Uri? address)
    {
        if (config.Variables.FindFirst(["AWS_REGION", "AWS_DEFAULT_REGION"]) is { } found)
        {
            var region = found.Variable.Value.Trim();
            return Form().IsMatch(region)
                ? region
                : throw new ProviderInitException($"{found.Name}, from {found.Variable.Source}, is no AWS region: it looks like us-east-1.", BedrockProvider.ProviderName, found.Name);
        }

        return OfHost(address?.Host) ?? OfProfile(config);
    }

    /// <summary>The service's public address in a region.</summary>
    public static Uri AddressOf(string region)
        => new($"https://{Service}{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}");

    /// <summary>Where the profiles are; null for the usual places: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html.</summary>
    public static string? ProfilesFile(GatewayConfig config) => config.Variables.Find("AWS_SHARED_CREDENTIALS_FILE")?.Value.Trim();

    private static string? OfHost(string? host)
    {
        if (host is null || !host.StartsWith(Service, StringComparison.Ordinal)) return null;
        var region = host[Service.Length..].Split('.')[0];
        return Form().IsMatch(region) ? region : null;
    }

    private static string? OfProfile(GatewayConfig config)
    {
        var name = config.Variables.Find("AWS_PROFILE")?.Value.Trim() ?? "default";
        return new CredentialProfileStoreChain(ProfilesFile(config)).TryGetProfile(name, out var profile) ? profile.Region?.SystemName : null;
    }

    [GeneratedRegex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
