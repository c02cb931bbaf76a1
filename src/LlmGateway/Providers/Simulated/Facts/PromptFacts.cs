namespace LlmGateway.Providers.Simulated.Facts;

/// <summary>What a text says, as far as it can be taken from it without understanding: values, lists and tables.</summary>
internal sealed partial class PromptFacts
{
    private const int MaxFacts = 2_000;
    private const int MaxItems = 200;
    private const int MaxLine = 1_000;
    private const int MaxText = 300;

    private static readonly string[] Details = [" (", " - ", " – ", " — ", " <", ", "];
    private static readonly Word[] ItemHead = Words.Of("name title description task");

    private readonly List<Fact> _facts = [];
    private readonly List<FactList> _lists = [];
    private readonly NumberStyle _style;

    private PromptFacts(string text, NumberStyle style)
    {
        Said = new SpokenWords(text);
        _style = style;
    }

    /// <summary>The values, in the order of the text.</summary>
    public IReadOnlyList<Fact> Facts => _facts;

    public IReadOnlyList<FactList> Lists => _lists;

    public IReadOnlyList<FactTable> Tables { get; private set; } = [];

    /// <summary>All words of the text.</summary>
    public SpokenWords Said { get; }

    /// <summary>Nothing at all: for values that must be made up.</summary>
    public static PromptFacts None { get; } = new("", NumberStyle.Of(""));

    public static PromptFacts Read(string text, CancellationToken cancellationToken)
    {
        var facts = new PromptFacts(text, NumberStyle.Of(text));
        var lines = text.Split('\n').Select(line => line.Length > MaxLine ? line[..MaxLine] : line.TrimEnd('\r')).ToArray();
        var taken = new bool[lines.Length];
        facts.Tables = TableReader.Read(lines, taken, facts._style);
        for (var i = 0; i < lines.Length && facts._facts.Count < MaxFacts; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!taken[i] && lines[i].Length > 0) facts.AddLine(lines, i);
        }

        Arithmetic.Read(text, facts._facts);
        return facts;
    }

    /// <summary>What one item of a list says; the item itself is the value of <paramref name="label"/>.</summary>
    public PromptFacts OfItem(string item, Word[] label)
    {
        var facts = new PromptFacts(item, _style);
        var pieces = LabelReader.Read(item).ToList();
        if (pieces.Exists(piece => piece.Label is not null))
        {
            foreach (var piece in pieces) facts.AddPiece(piece);
            return facts;
        }

        var covers = FactScanner.Scan(item, label, _style, facts._facts);
        facts.AddText(item, label, null, covers);
        // Where the item is an object, what stands before the details is its name or its title.
        var head = item.Split(Details, 2, StringSplitOptions.None)[0].Trim();
        if (head.Length is > 0 and < MaxText) facts._facts.Add(new Fact(FactKind.Text, head) { Context = ItemHead, Covers = head == item ? covers : FactKind.Text });
        return facts;
    }

    /// <summary>What one row of a table says, its columns' headings being the labels.</summary>
    public PromptFacts OfRow(FactTable table, int row)
    {
        var facts = new PromptFacts(string.Join(' ', table.Rows[row]), _style);
        for (var i = 0; i < table.Columns.Count; i++)
        {
            var cell = table.Rows[row][i];
            if (cell.Length > 0 && table.Columns[i].Length > 0) facts.AddPiece(new LabelledText(table.Columns[i], cell));
        }

        return facts;
    }

    private void AddLine(string[] lines, int i)
    {
        foreach (var piece in LabelReader.Read(lines[i]))
        {
            if (piece is { Label: not null, Value.Length: 0 }) AddBelow(piece.Label, lines, i);
            else AddPiece(piece);
        }

        if (LabelReader.Heading(lines[i]) is { } heading) AddBelow(heading, lines, i);
        AddLetter(lines, i);
    }

    private void AddPiece(LabelledText piece)
    {
        if (piece.Label is null)
        {
            FactScanner.Scan(piece.Value, [], _style, _facts);
            return;
        }

        var label = Words.Of(piece.Label);
        var at = _facts.Count;
        var covers = FactScanner.Scan(piece.Value, label, _style, _facts);
        AddText(piece.Value, label, piece.Label, covers, at);
        if (_lists.Count < MaxFacts) _lists.Add(new FactList(label, LabelReader.Items(piece.Value)));
    }

    /// <summary>Adds a whole text; before the values within it, since it is the surer reading of them.</summary>
    private void AddText(string value, Word[] label, string? labelText, FactKind covers, int? at = null)
    {
        // "Acme Ltd <billing@acme.example>" names the company; the address is a value of its own.
        var text = value.EndsWith('>') && value.IndexOf('<') is > 0 and var open ? value[..open].Trim() : value;
        if (text.Length is 0 or > MaxText) return;
        _facts.Insert(at ?? 0, new Fact(FactKind.Text, text) { Label = label, LabelText = labelText, Covers = covers });
    }

    /// <summary>What stands below a label: a list, or one line.</summary>
    private void AddBelow(string labelText, string[] lines, int i)
    {
        var label = Words.Of(labelText);
        var items = new List<string>();
        for (i++; i < lines.Length && items.Count < MaxItems; i++)
        {
            if (LabelReader.BehindBullet(lines[i]) is { } item) items.Add(item);
            else if (items.Count > 0 || !string.IsNullOrWhiteSpace(lines[i])) break;
        }

        if (items.Count > 0 && _lists.Count < MaxFacts) _lists.Add(new FactList(label, items));
        else if (i < lines.Length && LabelReader.Read(lines[i]).FirstOrDefault() is { Label: null, Value: var value }) AddPiece(new LabelledText(labelText, value));
    }
}
