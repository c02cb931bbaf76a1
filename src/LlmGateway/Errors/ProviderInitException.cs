namespace LlmGateway;

/// <summary>A provider could not be made, or the configuration is invalid: a missing key, a value out of range.</summary>
public sealed class ProviderInitException : GatewayException
{
    /// <summary>An error of set-up.</summary>
    /// <param name="message">What is wrong, and what to do; without secrets.</param>
    /// <param name="provider">The provider's name; null where the fault is not one provider's.</param>
    /// <param name="setting">The setting at fault, such as <c>LLM_API_KEY</c>; null where there is no one.</param>
    /// <param name="innerException">What caused it, or null.</param>
    public ProviderInitException(string message, string? provider = null, string? setting = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Provider = provider;
        Setting = setting;
    }

    /// <summary>The provider's name; null where the fault is not one provider's.</summary>
    public string? Provider { get; }

    /// <summary>The setting at fault, such as <c>LLM_API_KEY</c>; null where there is no one.</summary>
    public string? Setting { get; }
}
