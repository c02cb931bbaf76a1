using LlmGateway.Providers.Http;

namespace LlmGateway.Bedrock.Auth;

/// <summary>Signs each request with AWS keys.</summary>
/// <param name="keys">Where the keys come from, asked for each request, since lent ones expire.</param>
/// <param name="region">The region that the request is for.</param>
/// <param name="time">The clock; a signature is good for minutes.</param>
internal sealed class SigV4Authorizer(IAwsKeySource keys, string region, TimeProvider time) : IRequestAuthorizer
{
    /// <summary>Bedrock's name in signatures: https://docs.aws.amazon.com/general/latest/gr/bedrock.html.</summary>
    private const string Service = "bedrock";

    private string? _lastSecret;
    private string? _lastToken;

    public async ValueTask AuthorizeAsync(HttpRequestMessage message, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        var current = await keys.GetAsync(cancellationToken).ConfigureAwait(false);
        (_lastSecret, _lastToken) = (current.SecretAccessKey, current.SessionToken);
        var now = time.GetUtcNow();
        var url = message.RequestUri!;
        var signed = new List<KeyValuePair<string, string>> { new("host", url.Authority), new("x-amz-date", SigV4.Timestamp(now)) };
        if (message.Content?.Headers.ContentType is { } type) signed.Add(new("content-type", type.ToString()));
        if (current.SessionToken is { } token) signed.Add(new("x-amz-security-token", token));
        var authorization = SigV4.Authorization(new SigV4.Request(message.Method.Method, url.AbsolutePath, url.Query.TrimStart('?'), signed, body), current, now, region, Service);
        message.Headers.TryAddWithoutValidation("X-Amz-Date", SigV4.Timestamp(now));
        if (current.SessionToken is { } lent) message.Headers.TryAddWithoutValidation("X-Amz-Security-Token", lent);
        message.Headers.TryAddWithoutValidation("Authorization", authorization);
    }

    public string Redact(string text)
    {
        if (!string.IsNullOrEmpty(_lastSecret)) text = text.Replace(_lastSecret, "***", StringComparison.Ordinal);
        return string.IsNullOrEmpty(_lastToken) ? text : text.Replace(_lastToken, "***", StringComparison.Ordinal);
    }
}
