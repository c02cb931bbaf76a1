using System.Text.Json;

namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>What had been read at one moment. The arrays are the reader's own: it writes only behind what is counted here.</summary>
internal sealed class PartialDocument(PartialPieces pieces, int length, PartialNodes nodes, bool isMalformed)
{
    private readonly (int Start, ReadOnlyMemory<char> Text)[] _pieces = pieces.All;
    private readonly int _pieceCount = pieces.Count;
    private readonly PartialNode[][] _pages = nodes.Pages;

    public bool IsMalformed => isMalformed;

    /// <summary>How many nodes had begun.</summary>
    public int Count { get; } = nodes.Count;

    public JsonValueKind Kind(int node) => Node(node).Kind;

    /// <remarks>That a number has ended is known when what follows it has been read.</remarks>
    public bool IsWhole(int node)
    {
        ref readonly var read = ref Node(node);
        var end = read.End;
        return end > 0 && (end < length || (end == length && read.Kind != JsonValueKind.Number));
    }

    /// <summary>The text of a node, as far as it had come.</summary>
    public ReadOnlySpan<char> Text(int node) => Text(Node(node).Start, IsWhole(node) ? Node(node).End : length);

    public ReadOnlySpan<char> Text(int start, int end)
    {
        var first = PieceAt(start);
        var room = first + 1 < _pieceCount ? _pieces[first + 1].Start : int.MaxValue;
        if (end <= room) return _pieces[first].Text.Span[(start - _pieces[first].Start)..(end - _pieces[first].Start)];
        var text = new char[end - start];
        for (var at = start; at < end; first++)
        {
            var until = Math.Min(end, first + 1 < _pieceCount ? _pieces[first + 1].Start : int.MaxValue);
            _pieces[first].Text.Span[(at - _pieces[first].Start)..(until - _pieces[first].Start)].CopyTo(text.AsSpan(at - start));
            at = until;
        }

        return text;
    }

    /// <summary>The first node behind a value.</summary>
    public int After(int node)
    {
        if (!IsWhole(node)) return Count;
        return Kind(node) is JsonValueKind.Object or JsonValueKind.Array ? Node(node).Next : node + 1;
    }

    /// <summary>The text of a string, as far as it had come.</summary>
    public string Decode(int node)
    {
        var isWhole = IsWhole(node);
        return PartialText.Decode(isWhole ? Text(node)[1..^1] : Text(node)[1..], isWhole);
    }

    public bool IsNamed(int node, ReadOnlySpan<char> name)
    {
        var raw = Text(node)[1..^1];
        return raw.Contains('\\') ? name.SequenceEqual(PartialText.Decode(raw, isWhole: true)) : name.SequenceEqual(raw);
    }

    private ref readonly PartialNode Node(int index) => ref _pages[index >> PartialNodes.PageBits][index & (PartialNodes.PageSize - 1)];

    private int PieceAt(int place)
    {
        var (low, high) = (0, _pieceCount - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (_pieces[middle].Start <= place) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
