namespace LlmGateway.Providers.Http;

/// <summary>Shows a vendor who is asking: a key in a header, a token, a signature over the request.</summary>
internal interface IRequestAuthorizer
{
    /// <summary>Adds to a request what the vendor wants to see. Called once for each request, last.</summary>
    /// <param name="message">The request, complete but for this.</param>
    /// <param name="body">Its body, for signatures.</param>
    /// <param name="cancellationToken">The attempt's.</param>
    /// <exception cref="ProviderException">No key or token is to be had.</exception>
    ValueTask AuthorizeAsync(HttpRequestMessage message, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

    /// <summary>The text without secrets: some vendors and proxies quote the key in their error texts.</summary>
    string Redact(string text);
}
