namespace LlmGateway.Bedrock.Auth;

/// <summary>What a request is signed with.</summary>
/// <param name="AccessKeyId">The public half.</param>
/// <param name="SecretAccessKey">The secret half.</param>
/// <param name="SessionToken">The token that goes with keys that were lent for a while; null for lasting keys.</param>
internal sealed record AwsKeys(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    /// <summary>Not the secrets.</summary>
    public override string ToString() => $"AwsKeys {AccessKeyId}";
}
