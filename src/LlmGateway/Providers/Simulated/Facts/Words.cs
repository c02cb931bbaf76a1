namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>Splits names and labels into words.</summary>
internal static class Words
{
    /// <summary>Words that say nothing about which value is meant.</summary>
    private static readonly HashSet<string> Empty = new(StringComparer.Ordinal)
    {
        "the", "a", "an", "of", "my", "our", "your", "their", "his", "her", "its", "is", "are", "was", "were", "be", "has", "have", "had",
        "and", "or", "to", "in", "on", "at", "for", "with", "as", "it", "this", "that", "please", "usd", "eur", "gbp",
    };

    /// <summary>The lower-case words of a text; <c>camelCase</c>, <c>snake_case</c> and <c>HTTPServer2</c> are taken apart.</summary>
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isPart = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (start >= 0 && (!isPart || IsHump(text, i)))
            {
                words.Add(text[start..i].ToLowerInvariant());
                start = -1;
            }

            if (isPart && start < 0) start = i;
            if (i < text.Length && text[i] == '#') words.Add("number");
        }

        return words;
    }

    /// <summary>The words of a name or a label that carry meaning, set phrases taken as one.</summary>
    public static Word[] Of(string text)
    {
        var words = Split(text);
        var read = new List<Word>(words.Count);
        for (var i = 0; i < words.Count; i++)
        {
            if (i + 1 < words.Count && Vocabulary.Phrase(words[i], words[i + 1]) is { } phrase)
            {
                read.Add(Vocabulary.Read(phrase));
                i++;
            }
            else if (!Empty.Contains(words[i]))
            {
                read.Add(Vocabulary.Read(words[i]));
            }
        }

        // A label of empty words alone ("To", "At") still has its word.
        return read.Count == 0 && words.Count > 0 ? [Vocabulary.Read(words[^1])] : [.. read];
    }

    private static bool IsHump(string text, int i) =>
        char.IsUpper(text[i]) && (char.IsLower(text[i - 1]) || char.IsDigit(text[i - 1]) || (char.IsUpper(text[i - 1]) && i + 1 < text.Length && char.IsLower(text[i + 1])))
        || char.IsDigit(text[i]) != char.IsDigit(text[i - 1]);
}
