namespace LlmGateway.Server.Keys;

/// <summary>How the limits a minute of a key stand, at one moment. Immutable.</summary>
/// <param name="Requests">Its requests; null where they have no limit.</param>
/// <param name="Tokens">Its tokens; null where they have no limit.</param>
internal sealed record KeyRates(KeyRate? Requests, KeyRate? Tokens)
{
    public static KeyRates None { get; } = new(null, null);
}

/// <summary>How one limit a minute stands.</summary>
/// <param name="Limit">The most in 60 seconds.</param>
/// <param name="Remaining">What of it is left, at least 0.</param>
/// <param name="ResetsIn">How long until all of it is there again, if nothing more is asked; zero where it is.</param>
internal readonly record struct KeyRate(long Limit, long Remaining, TimeSpan ResetsIn);
