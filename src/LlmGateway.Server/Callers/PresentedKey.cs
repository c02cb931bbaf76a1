using Microsoft.AspNetCore.Http;

namespace LlmGateway.Server.Callers;

/// <summary>Where the vendors' own clients put a key: each in its own header, Gemini's also in the query.</summary>
internal static class PresentedKey
{
    private const string Bearer = "Bearer ";

    /// <returns>The key; empty where there is none. Where there are several, the first of: Authorization, x-api-key, x-goog-api-key, api-key, ?key=.</returns>
    public static string In(HttpRequest request)
    {
        if (request.Headers.Authorization is [{ } authorization] && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return authorization[Bearer.Length..].Trim();
        foreach (var header in (ReadOnlySpan<string>)["x-api-key", "x-goog-api-key", "api-key"])
            if (request.Headers[header] is [{ Length: > 0 } key]) return key.Trim();
        return request.Query["key"] is [{ Length: > 0 } inQuery] ? inQuery : "";
    }
}
