namespace LlmGateway.Providers.Http;

/// <summary>A bearer token from the caller's function, asked for with each request: it knows when one expires.</summary>
internal sealed class TokenAuthorizer(string vendor, Func<string, CancellationToken, ValueTask<string?>> tokens) : IRequestAuthorizer
{
    private volatile string? _latest;

    public async ValueTask AuthorizeAsync(HttpRequestMessage message, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var token = await tokens(vendor, cancellationToken).ConfigureAwait(false);
        if (string.IsNullOrEmpty(token)) throw new ProviderException(vendor, ProviderErrorKind.Authentication, $"{vendor}: ProviderServices.TokenProvider gave no token.");
        _latest = token;
        message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
    }

    public string Redact(string text) => _latest is { } token ? text.Replace(token, "***", StringComparison.Ordinal) : text;
}
