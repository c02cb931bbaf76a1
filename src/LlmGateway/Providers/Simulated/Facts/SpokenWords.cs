namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>The words of a text in their order: whether something is spoken of in it, and whether it is denied.</summary>
internal sealed class SpokenWords
{
    private static readonly HashSet<string> Denials = new(StringComparer.Ordinal) { "not", "no", "never", "without", "isn", "wasn", "hasn", "non", "t" };

    private readonly List<string> _words;
    private readonly Dictionary<string, List<int>> _places = new(StringComparer.Ordinal);

    public SpokenWords(string text)
    {
        _words = Words.Split(text);
        for (var i = 0; i < _words.Count; i++)
        {
            if (!_places.TryGetValue(_words[i], out var places)) _places[_words[i]] = places = [];
            places.Add(i);
        }
    }

    /// <summary>Where words stand next to each other for the first time; -1 where they do not.</summary>
    public int IndexOf(IReadOnlyList<string> words)
    {
        if (words.Count == 0 || !_places.TryGetValue(words[0], out var places)) return -1;
        foreach (var place in places)
        {
            if (place + words.Count > _words.Count) break;
            var found = 1;
            while (found < words.Count && _words[place + found] == words[found]) found++;
            if (found == words.Count) return place;
        }

        return -1;
    }

    /// <summary>Whether one of the three words before a place denies it.</summary>
    public bool IsDenied(int place)
    {
        for (var i = Math.Max(0, place - 3); i < place; i++)
        {
            if (Denials.Contains(_words[i])) return true;
        }

        return false;
    }
}
