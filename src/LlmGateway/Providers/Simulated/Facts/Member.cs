namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>A place in the answer that wants a value, by the words it is called.</summary>
internal sealed class Member
{
    private readonly string _name;

    private Member(string name, Word[] own, Word[] outer, Word[] known)
    {
        _name = name;
        Own = own;
        Outer = outer;
        Known = known;
    }

    /// <summary>The words of its own name.</summary>
    public Word[] Own { get; }

    /// <summary>The words of the object it stands in: the <c>vendor</c> of <c>vendor.name</c>.</summary>
    public Word[] Outer { get; }

    /// <summary>Words of the whole answer's name, which a label may have and a member need not: an invoice's <c>number</c> is its "Invoice number".</summary>
    public Word[] Known { get; }

    /// <summary>The words of its descriptions in the schema.</summary>
    public Word[] Described { get; private init; } = [];

    public static Member Root(string name) => new(name, [], [], Words.Of(name));

    public Member Child(string name) => new(name, Words.Of(name), IsItem ? [] : Own, Known);

    /// <summary>An item of this array that a row or an item of a list is for: its members are called by their own names alone.</summary>
    public Member Item() => new(_name, Own, [], [.. Known, .. Own]) { IsItem = true };

    public Member With(IEnumerable<string> descriptions) => new(_name, Own, Outer, Known) { IsItem = IsItem, Described = [.. descriptions.SelectMany(Words.Of)] };

    private bool IsItem { get; init; }

    /// <summary>The name in words, for a made-up text.</summary>
    public string Spoken => string.Join(' ', Words.Split(_name));
}
