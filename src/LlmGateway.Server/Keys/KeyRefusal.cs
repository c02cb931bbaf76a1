namespace LlmGateway.Server.Keys;

/// <summary>Why a caller is turned away.</summary>
internal enum KeyRefusalReason
{
    /// <summary>No key was given.</summary>
    Missing,

    /// <summary>What was given has not the form of a key.</summary>
    Malformed,

    /// <summary>There is no such key.</summary>
    Unknown,

    /// <summary>The key's time is over.</summary>
    Expired,

    /// <summary>The key was revoked.</summary>
    Revoked,

    /// <summary>The key has a newer secret, and the time in which both were valid is over.</summary>
    Rotated,

    /// <summary>It can't be known: the keys can't be read.</summary>
    Unavailable,

    /// <summary>The key may not use the model.</summary>
    Model,

    /// <summary>The key may not use the route.</summary>
    Route,

    /// <summary>The key may not name fallbacks.</summary>
    Fallbacks,

    /// <summary>Too many requests in a minute.</summary>
    RequestsPerMinute,

    /// <summary>Too many tokens in a minute.</summary>
    TokensPerMinute,

    /// <summary>One request of more tokens than the key may use in a minute: it never fits.</summary>
    RequestTooLarge,

    /// <summary>Too many requests at once.</summary>
    Concurrency,
}

/// <summary>A caller is turned away. Immutable.</summary>
/// <param name="Reason">Why, for the server's own log and counters.</param>
/// <param name="Message">What the caller is told: what, why, and what to do. It does not tell an unknown key from a malformed one, and holds no part of a key.</param>
internal sealed record KeyRefusal(KeyRefusalReason Reason, string Message)
{
    /// <summary>The status to answer with.</summary>
    public int HttpStatus => Reason switch
    {
        <= KeyRefusalReason.Rotated => 401,
        KeyRefusalReason.Unavailable => 503,
        <= KeyRefusalReason.Fallbacks => 403,
        _ => 429,
    };

    /// <summary>The size of the limit that was met; null where it is none of numbers.</summary>
    public long? Limit { get; init; }

    /// <summary>What is left of it.</summary>
    public long? Remaining { get; init; }

    /// <summary>After which time asking again may succeed; null where it won't, or nothing is known of it.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same in whole seconds, rounded up, at least 1, for the header <c>Retry-After</c>.</summary>
    public long? RetryAfterSeconds => RetryAfter is { } wait ? Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)) : null;

    /// <summary>How the key's limits stand; null where none was looked at.</summary>
    public KeyRates? Rates { get; init; }

    // One text for both, so that guessing tells nothing.
    private const string NotValid = "The API key is not valid. Give one that 'llm-gateway keys create' made for this gateway.";

    public static KeyRefusal Missing { get; } = new(KeyRefusalReason.Missing, "No API key was given. Give one as 'Authorization: Bearer …', or in the header that the vendor's own client uses.");

    public static KeyRefusal Malformed { get; } = new(KeyRefusalReason.Malformed, NotValid);

    public static KeyRefusal Unknown { get; } = new(KeyRefusalReason.Unknown, NotValid);

    public static KeyRefusal Revoked { get; } = new(KeyRefusalReason.Revoked, "The API key was revoked. Ask whoever runs this gateway for another.");

    public static KeyRefusal Rotated { get; } = new(KeyRefusalReason.Rotated, "The API key was replaced by a newer one, and is no longer valid. Use the newer one.");

    public static KeyRefusal Unavailable { get; } = new(KeyRefusalReason.Unavailable, "The gateway can't read its keys at the moment. Try again; whoever runs it finds the cause in its log.") { RetryAfter = TimeSpan.FromSeconds(5) };

    public static KeyRefusal Expired(DateTimeOffset at) => new(KeyRefusalReason.Expired, $"The API key expired at {at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}. Ask whoever runs this gateway for another.");
}
