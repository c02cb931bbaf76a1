namespace LlmGateway.Server.Keys;

/// <summary>What a key may name in its requests.</summary>
internal static class KeyRules
{
    /// <summary>Whether the key may use a model.</summary>
    /// <param name="key">The key.</param>
    /// <param name="vendor">The vendor that would be asked.</param>
    /// <param name="model">The model's name at that vendor; slashes and colons may be in it.</param>
    /// <returns>Null where it may, else why not.</returns>
    public static KeyRefusal? Model(VirtualKey key, string vendor, string model)
    {
        if (IsFree(key)) return null;
        string? full = null;
        foreach (var pattern in key.Models)
            if (Matches(pattern, pattern.Contains('/', StringComparison.Ordinal) ? full ??= $"{vendor}/{model}" : model)) return null;
        return new KeyRefusal(KeyRefusalReason.Model, $"This API key may not use the model '{vendor}/{model}'. {Allowed(key)}");
    }

    /// <summary>Whether the key may use a route.</summary>
    /// <returns>Null where it may, else why not.</returns>
    public static KeyRefusal? Route(VirtualKey key, string route)
    {
        if (IsFree(key)) return null;
        foreach (var pattern in key.Routes)
            if (Matches(pattern, route)) return null;
        return new KeyRefusal(KeyRefusalReason.Route, $"This API key may not use the route '{route}'. {Allowed(key)}");
    }

    /// <summary>Whether a request of the key may name fallbacks; each of them is a model or a route that it must be allowed besides.</summary>
    /// <returns>Null where it may, else why not.</returns>
    public static KeyRefusal? Fallbacks(VirtualKey key)
        => key.MayFallBack ? null : new KeyRefusal(KeyRefusalReason.Fallbacks, "This API key may not name fallbacks of its own. Leave them out, or use a route, which has its own.");

    /// <summary>Whether the text is the pattern, in which <c>*</c> stands for anything. Letters count as they are written.</summary>
    internal static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        // Of several stars only the last can have taken too little, so that one place to go back to is enough.
        var (p, t, star, taken) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*') (star, taken, p) = (p, t, p + 1);
            else if (p < pattern.Length && pattern[p] == text[t]) (p, t) = (p + 1, t + 1);
            else if (star >= 0) (p, t) = (star + 1, ++taken);
            else return false;
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    /// <summary>Whether nothing is said of what it may use. A list of either kind says it of both: who may use one model may not use every route besides.</summary>
    private static bool IsFree(VirtualKey key) => key.Models.Count == 0 && key.Routes.Count == 0;

    private static string Allowed(VirtualKey key)
    {
        var (models, routes) = (string.Join(", ", key.Models), string.Join(", ", key.Routes));
        return (models, routes) switch
        {
            (_, "") => $"It may use the models {models}, and no route.",
            ("", _) => $"It may use the routes {routes}, and no model besides.",
            _ => $"It may use the models {models}, and the routes {routes}.",
        };
    }
}
