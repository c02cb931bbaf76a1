namespace LlmGateway.Server.Callers;

/// <summary>A call that was let in. It is ended once, with the tokens that it used.</summary>
internal class CallerLease
{
    public static CallerLease Unlimited { get; } = new();

    /// <summary>The headers that tell a client of that dialect what is left of its limits.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> HeadersFor(string dialect) => [];

    /// <param name="tokens">The tokens used; null where it is not known, so that the estimate stands.</param>
    public virtual void End(long? tokens)
    {
    }
}
