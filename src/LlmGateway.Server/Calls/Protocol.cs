using LlmGateway.Dialects;

namespace LlmGateway.Server.Calls;

/// <summary>What a vendor's protocol has beside its dialect's JSON: the header that names a request, and what of a caller's request may reach a vendor.</summary>
internal sealed record Protocol
{
    public static Protocol OpenAI { get; } = new("openai", "x-request-id", []) { IdPrefix = "chatcmpl-" };

    public static Protocol Responses { get; } = new("openai_responses", "x-request-id", []) { IdPrefix = "resp_" };

    public static Protocol Anthropic { get; } = new("anthropic", "request-id", ["anthropic-beta"]) { PassedQuery = "beta=true", IdPrefix = "msg_" };

    public static Protocol Gemini { get; } = new("gemini", "x-request-id", []);

    private Protocol(string dialect, string requestIdHeader, IReadOnlyList<string> passedHeaders)
        => (Dialect, RequestIdHeader, PassedHeaders) = (Dialects.Dialect.Find(dialect)!, requestIdHeader, passedHeaders);

    public IDialect Dialect { get; }

    /// <summary>The header in which the vendor's clients look for the request's id.</summary>
    public string RequestIdHeader { get; }

    /// <summary>The headers of a caller that are passed on to a vendor of the same dialect: no others ever are.</summary>
    public IReadOnlyList<string> PassedHeaders { get; }

    /// <summary>How the vendor's ids of replies begin.</summary>
    public string IdPrefix { get; private init; } = "";

    /// <summary>The one query that is passed on; null for none.</summary>
    public string? PassedQuery { get; init; }
}
