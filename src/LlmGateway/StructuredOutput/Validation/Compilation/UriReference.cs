namespace LlmGateway.StructuredOutput.Validation;

/// <summary>References of RFC 3986 as they are written: nothing is normalised but the dots of a path.</summary>
internal static class UriReference
{
    public static (string Uri, string Fragment) Split(string reference)
    {
        var at = reference.IndexOf('#', StringComparison.Ordinal);
        return at < 0 ? (reference, "") : (reference[..at], reference[(at + 1)..]);
    }

    public static bool IsAbsolute(string reference) => SchemeLength(reference) > 0;

    /// <summary>Against a base without a fragment, which may be empty; section 5.2.2.</summary>
    public static string Resolve(string against, string reference)
    {
        if (reference.Length == 0) return against;
        if (IsAbsolute(reference)) return reference;
        var scheme = against[..SchemeLength(against)];
        if (reference.StartsWith("//", StringComparison.Ordinal)) return scheme + reference;
        var rest = against[scheme.Length..];
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? rest : rest[..query];
        if (reference[0] == '?') return scheme + path + reference;
        var authority = "";
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            var end = path.IndexOf('/', 2);
            (authority, path) = end < 0 ? (path, "") : (path[..end], path[end..]);
        }

        var end2 = reference.IndexOf('?', StringComparison.Ordinal);
        var (added, tail) = end2 < 0 ? (reference, "") : (reference[..end2], reference[end2..]);
        if (added[0] != '/') added = path.Length == 0 && authority.Length > 0 ? "/" + added : path[..(path.LastIndexOf('/') + 1)] + added;
        return scheme + authority + WithoutDots(added) + tail;
    }

    private static int SchemeLength(string reference)
    {
        if (reference.Length == 0 || !char.IsAsciiLetter(reference[0])) return 0;
        for (var i = 1; i < reference.Length; i++)
        {
            if (reference[i] == ':') return i + 1;
            if (!char.IsAsciiLetterOrDigit(reference[i]) && reference[i] is not ('+' or '-' or '.')) return 0;
        }

        return 0;
    }

    private static string WithoutDots(string path)
    {
        if (!path.Contains('.', StringComparison.Ordinal)) return path;
        var kept = new List<string>();
        var steps = path.Split('/');
        for (var i = 0; i < steps.Length; i++)
        {
            var isLast = i == steps.Length - 1;
            if (steps[i] == "..")
            {
                if (kept.Count > 1 || (kept.Count == 1 && kept[0].Length > 0)) kept.RemoveAt(kept.Count - 1);
                if (isLast) kept.Add("");
            }
            else if (steps[i] == ".")
            {
                if (isLast) kept.Add("");
            }
            else
            {
                kept.Add(steps[i]);
            }
        }

        return string.Join('/', kept);
    }
}
