using LlmGateway.Configuration;

namespace LlmGateway.Routing.Configuration;

/// <summary>A value of a configuration, in JSON or in a section of <c>IConfiguration</c>, which one reader reads alike.</summary>
/// <param name="path">Where it stands, for messages.</param>
internal abstract class SettingNode(string path)
{
    public string Path { get; } = path;

    public abstract bool IsObject { get; }

    public abstract bool IsList { get; }

    public abstract string? Text { get; }

    public abstract double? Number { get; }

    public abstract bool? Flag { get; }

    public abstract IEnumerable<KeyValuePair<string, SettingNode>> Members { get; }

    public abstract IEnumerable<SettingNode> Items { get; }

    /// <summary>Whether a member's name is the field's.</summary>
    protected abstract bool IsField(string member, string field);

    /// <summary>The members by their fields.</summary>
    /// <exception cref="FormatException">It is no object, or has a member that is no field.</exception>
    public IReadOnlyDictionary<string, SettingNode> Fields(string what, params ReadOnlySpan<string> known)
    {
        if (!IsObject) throw Wrong("is not an object");
        var fields = new Dictionary<string, SettingNode>(StringComparer.Ordinal);
        foreach (var (name, node) in Members)
        {
            var field = Find(name, known) ?? throw node.Wrong($"is not a field of {what}{Choices(name, known.ToArray())}");
            if (!fields.TryAdd(field, node)) throw node.Wrong("is given twice");
        }

        return fields;
    }

    public string NeedText() => Text ?? throw Wrong("is not a text");

    public double NeedNumber() => Number ?? throw Wrong("is not a number");

    public bool NeedFlag() => Flag ?? throw Wrong("is not true or false");

    public int NeedWhole() => Number is { } number && number == Math.Floor(number) && number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Wrong("is not a whole number");

    /// <summary>A list of texts, or the one text that stands for it.</summary>
    public IReadOnlyList<string> NeedTexts()
    {
        if (Text is { } one) return [one];
        return IsList ? [.. Items.Select(item => item.NeedText())] : throw Wrong("is not a text or a list of texts");
    }

    /// <summary>The same value under another path.</summary>
    public abstract SettingNode At(string path);

    /// <summary>What may stand in a misspelt word's place.</summary>
    public static string Choices(string word, IReadOnlyList<string> known)
        => (NearestName.Find(word, known) is { } nearest ? $"; did you mean {nearest}? There are " : "; there are ") + string.Join(", ", known);

    public FormatException Wrong(string what) => new($"{Path} {what}.");

    protected string PathOf(string member) => Path.Length == 0 ? member : Path[^1] == '\'' ? $"{Path}: {member}" : $"{Path}.{member}";

    private string? Find(string name, ReadOnlySpan<string> known)
    {
        foreach (var field in known)
        {
            if (IsField(name, field)) return field;
        }

        return null;
    }
}
