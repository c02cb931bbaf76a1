namespace LlmGateway.Configuration;

/// <summary>Finds the known name that a misspelt one was meant for.</summary>
internal static class NearestName
{
    /// <summary>A third of the letters may be wrong: enough for a slip or two, too little for another word.</summary>
    private const int LettersPerMistake = 3;

    public static string? Find(string name, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = Math.Max(1, name.Length / LettersPerMistake) + 1;
        foreach (var candidate in known)
        {
            var distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance >= bestDistance) continue;
            best = candidate;
            bestDistance = distance;
        }

        return best;
    }

    /// <summary>A question to append to a message; empty where nothing is near.</summary>
    public static string Hint(string name, IEnumerable<string> known)
        => Find(name, known) is { } nearest ? $"; did you mean {nearest}?" : "";

    /// <summary>Levenshtein's distance, with one row of memory.</summary>
    internal static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = a[i - 1] == b[j - 1] ? diagonal : 1 + Math.Min(diagonal, Math.Min(above, row[j - 1]));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
