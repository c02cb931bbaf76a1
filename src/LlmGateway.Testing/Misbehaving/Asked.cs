using LlmGateway.Dialects;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>Finds whom a path asks, in which dialect.</summary>
internal static class Asked
{
    /// <summary>The dialect of a path, by the end that tells it; null for none.</summary>
    public static string? DialectOf(string path)
    {
        var plain = path.Split('?')[0];
        if (plain.EndsWith("/chat/completions", StringComparison.Ordinal)) return "openai";
        if (plain.EndsWith("/responses", StringComparison.Ordinal)) return "openai_responses";
        if (plain.EndsWith("/messages", StringComparison.Ordinal)) return "anthropic";
        if (plain.EndsWith(":generateContent", StringComparison.Ordinal) || plain.EndsWith(":streamGenerateContent", StringComparison.Ordinal)) return "gemini";
        return plain.EndsWith("/converse", StringComparison.Ordinal) || plain.EndsWith("/converse-stream", StringComparison.Ordinal) ? "bedrock" : null;
    }

    /// <summary>What the URL says, in the protocols that keep the model there; nothing where the body says it.</summary>
    public static RequestAddress AddressOf(string dialect, string path)
    {
        var plain = path.Split('?')[0];
        switch (dialect)
        {
            case "bedrock":
                return Between(plain, "/model/", plain.LastIndexOf('/')) is { } id ? new RequestAddress(id, plain.EndsWith("-stream", StringComparison.Ordinal)) : default;
            case "gemini":
                var colon = plain.LastIndexOf(':');
                var name = Between(plain, "/models/", colon) ?? Between(plain, "/v1beta/", colon); // A name with a slash in it is a resource of its own.
                return name is null ? default : new RequestAddress(name, plain[colon..] == ":streamGenerateContent");
            default:
                return default;
        }
    }

    /// <summary>The text that the model is to go on from: the last message's, where it is the assistant's.</summary>
    public static string? PrefillOf(LlmRequest request) => request.Messages is [.., { Role: LlmRole.Assistant } last] ? last.Content : null;

    private static string? Between(string path, string before, int end)
    {
        var at = path.IndexOf(before, StringComparison.Ordinal);
        return at < 0 || at + before.Length > end ? null : Uri.UnescapeDataString(path[(at + before.Length)..end]);
    }
}
