using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Bedrock.Auth;

/// <summary>
/// Signature Version 4 of a request, in its headers.
/// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
/// </summary>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>What is signed: the request as both sides can write it down.</summary>
    /// <param name="Method">The HTTP method, in capitals.</param>
    /// <param name="Path">The path as it is on the wire, escaped once.</param>
    /// <param name="Query">The query as it is on the wire, without its question mark.</param>
    /// <param name="Headers">The headers that are signed, host among them; names in any case.</param>
    /// <param name="Body">The body.</param>
    internal readonly record struct Request(string Method, string Path, string Query, IReadOnlyList<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body);

    /// <summary>The value of the <c>Authorization</c> header.</summary>
    public static string Authorization(Request request, AwsKeys keys, DateTimeOffset time, string region, string service)
    {
        var scope = $"{Date(time)}/{region}/{service}/aws4_request";
        var canonical = Canonical(request, out var names);
        var toSign = StringToSign(canonical, time, scope);
        return $"{Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={Sign(toSign, keys, time, region, service)}";
    }

    /// <summary>The time as the <c>X-Amz-Date</c> header has it.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The canonical request.</summary>
    internal static string Canonical(Request request, out string signedNames)
    {
        var headers = request.Headers
            .GroupBy(header => header.Key.ToLowerInvariant(), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Value: string.Join(',', group.Select(header => Squeeze(header.Value)))))
            .ToList();
        signedNames = string.Join(';', headers.Select(header => header.Name));
        var canonical = new StringBuilder();
        canonical.Append(request.Method).Append('\n')
            .Append(Escape(request.Path.Length == 0 ? "/" : request.Path, keepSlash: true)).Append('\n')
            .Append(CanonicalQuery(request.Query)).Append('\n');
        foreach (var (name, value) in headers) canonical.Append(name).Append(':').Append(value).Append('\n');
        return canonical.Append('\n').Append(signedNames).Append('\n').Append(Hash(request.Body.Span)).ToString();
    }

    internal static string StringToSign(string canonical, DateTimeOffset time, string scope)
        => $"{Algorithm}\n{Timestamp(time)}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";

    private static string Sign(string toSign, AwsKeys keys, DateTimeOffset time, string region, string service)
    {
        var key = HMACSHA256.HashData(Encoding.UTF8.GetBytes("AWS4" + keys.SecretAccessKey), Encoding.UTF8.GetBytes(Date(time)));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(region));
        key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(service));
        key = HMACSHA256.HashData(key, "aws4_request"u8);
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Sorted by name and then value, each as it is on the wire.</summary>
    private static string CanonicalQuery(string query)
    {
        if (query.Length == 0) return "";
        return string.Join('&', query.Split('&')
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: pair[0], Value: pair.Length > 1 ? pair[1] : ""))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));
    }

    /// <summary>White space at the ends goes, and each run of it inside becomes one space.</summary>
    private static string Squeeze(string value) => string.Join(' ', value.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>
    /// The path is escaped a second time, as every service but S3 wants it: the <c>%3A</c> of a model's colon is signed as
    /// <c>%253A</c>.
    /// </summary>
    private static string Escape(string text, bool keepSlash)
    {
        var escaped = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~' || (keepSlash && c == '/')) escaped.Append(c);
            else escaped.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return escaped.ToString();
    }
}
