namespace LlmGateway.Providers.Http;

/// <summary>A key in a header.</summary>
/// <param name="header">The header's name.</param>
/// <param name="prefix">What stands before the key, such as <c>Bearer </c>; empty for nothing.</param>
/// <param name="key">The key; null where the vendor, a server of one's own, asks for none.</param>
internal sealed class KeyAuthorizer(string header, string prefix, string? key) : IRequestAuthorizer
{
    private readonly string? _value = key is null ? null : prefix + key;

    public ValueTask AuthorizeAsync(HttpRequestMessage message, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (_value is not null) message.Headers.TryAddWithoutValidation(header, _value);
        return ValueTask.CompletedTask;
    }

    public string Redact(string text) => string.IsNullOrEmpty(key) ? text : text.Replace(key, "***", StringComparison.Ordinal);
}
