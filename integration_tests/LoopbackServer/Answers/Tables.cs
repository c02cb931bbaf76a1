namespace LoopbackServer.Answers;

/// <summary>What the server knows of the world.</summary>
internal static class Tables
{
    public static IReadOnlyDictionary<string, string> Capitals { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["France"] = "Paris",
        ["Japan"] = "Tokyo",
        ["Kenya"] = "Nairobi",
        ["Peru"] = "Lima",
        ["Portugal"] = "Lisbon",
    };

    public static IReadOnlyDictionary<string, (string Symbol, int Number)> Elements { get; } = new Dictionary<string, (string, int)>(StringComparer.OrdinalIgnoreCase)
    {
        ["gold"] = ("Au", 79),
        ["iron"] = ("Fe", 26),
        ["oxygen"] = ("O", 8),
    };

    public static IReadOnlySet<string> GoodWords { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "excellent", "friendly", "good", "great", "love", "loved", "wonderful" };

    public static IReadOnlySet<string> BadWords { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "awful", "bad", "broke", "broken", "disappointed", "hate", "hated", "rude", "terrible" };

    public static IReadOnlyDictionary<(string Language, string Phrase), string> Phrases { get; } = new Dictionary<(string, string), string>
    {
        [("French", "Good morning")] = "Bonjour",
        [("German", "Good morning")] = "Guten Morgen",
        [("German", "Thank you very much")] = "Vielen Dank",
        [("Spanish", "Good morning")] = "Buenos días",
    };
}
