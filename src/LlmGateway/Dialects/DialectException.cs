namespace LlmGateway.Dialects;

/// <summary>Something that a dialect cannot say, or a body that is not of the dialect. A decoder throws nothing else, whatever the bytes.</summary>
internal sealed class DialectException(ProviderErrorKind kind, string message, VendorError? vendorError = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    public ProviderErrorKind Kind { get; } = kind;

    /// <summary>The vendor's error, where the body held one in place of a reply.</summary>
    public VendorError? VendorError { get; } = vendorError;
}
