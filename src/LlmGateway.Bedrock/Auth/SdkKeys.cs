using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;

namespace LlmGateway.Bedrock.Auth;

/// <summary>
/// Keys from where AWS's own SDK looks: profiles, a container's or a machine's role, a web identity. The SDK renews them.
/// Source: https://docs.aws.amazon.com/sdk-for-net/v4/developer-guide/creds-assign.html.
/// </summary>
/// <param name="provider">The provider's name, for errors.</param>
/// <param name="profile">The profile that <c>AWS_PROFILE</c> names, which may stand in <c>.env</c>, where the SDK does not look; null for wherever the SDK looks.</param>
/// <param name="file">Where the profiles are; null for the SDK's usual places.</param>
internal sealed class SdkKeys(string provider, string? profile, string? file) : IAwsKeySource
{
    private AWSCredentials? _source;

    public async ValueTask<AwsKeys> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The SDK asks a machine's role over the network when there is no profile: not on the caller's thread, and not past its patience.
            _source ??= await Task.Run(Find, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            var found = await _source.GetCredentialsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            return new AwsKeys(found.AccessKey, found.SecretKey, string.IsNullOrEmpty(found.Token) ? null : found.Token);
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException or IOException or HttpRequestException or InvalidOperationException or ArgumentException)
        {
            throw new ProviderException(
                provider,
                ProviderErrorKind.Authentication,
                $"{provider}: no AWS credentials were found{(profile is null ? "" : $" in profile '{profile}'")} ({e.GetType().Name}). Set AWS_BEARER_TOKEN_BEDROCK, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role gives them.",
                e);
        }
    }

    private AWSCredentials Find()
    {
        if (profile is null) return DefaultAWSCredentialsIdentityResolver.GetCredentials();
        return new CredentialProfileStoreChain(file).TryGetAWSCredentials(profile, out var found)
            ? found
            : throw new InvalidOperationException($"There is no profile '{profile}'.");
    }
}
