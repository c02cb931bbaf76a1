namespace LlmGateway.Dialects.Gemini;

/// <summary>
/// Ids for calls that come without one. They say where the call stands, so that they are the same each time the same
/// conversation is read, and they can be told from the vendor's own, to which alone they are not sent.
/// </summary>
internal static class GeminiIds
{
    private const string Prefix = "gemini-call-";

    /// <param name="scope">What sets this turn apart from others: the reply's id, or the number of the turn.</param>
    /// <param name="place">The number of the part in the turn.</param>
    public static string Make(string scope, int place) => $"{Prefix}{scope}-{place}";

    public static bool IsMadeUp(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);
}
