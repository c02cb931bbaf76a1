namespace LlmGateway.PriceData;

/// <summary>The names that mean one vendor.</summary>
internal static class VendorName
{
    /// <summary>The vendor's one name, in lower case.</summary>
    internal static string Canonical(string provider)
    {
        var name = provider.AsSpan().Trim();
        if (Is(name, "google") || Is(name, "local_gemini")) return "gemini";
        if (Is(name, "openai_responses") || Is(name, "local_codex")) return "openai";
        if (Is(name, "x-ai")) return "xai";
        if (Is(name, "aws")) return "bedrock";
        if (Is(name, "azure")) return "azure_openai";
        return name.Length == provider.Length && !name.ContainsAnyInRange('A', 'Z') ? provider : name.ToString().ToLowerInvariant();
    }

    private static bool Is(ReadOnlySpan<char> name, string alias) => name.Equals(alias, StringComparison.OrdinalIgnoreCase);
}
