namespace LlmGateway.Bedrock.Auth;

/// <summary>Where keys come from.</summary>
internal interface IAwsKeySource
{
    /// <summary>The keys that are good now.</summary>
    /// <exception cref="ProviderException">None are to be had.</exception>
    ValueTask<AwsKeys> GetAsync(CancellationToken cancellationToken);
}

/// <summary>Keys that do not change.</summary>
internal sealed class FixedKeys(AwsKeys keys) : IAwsKeySource
{
    public ValueTask<AwsKeys> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(keys);
}
