using System.Text.Json;

namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>The nodes of a text, in pages: a long text moves none of them, and makes no large objects.</summary>
internal sealed class PartialNodes
{
    public const int PageBits = 12;
    public const int PageSize = 1 << PageBits;

    private const int FirstSize = 64;

    private PartialNode[] _last = new PartialNode[FirstSize];
    private int _pageCount = 1;

    public PartialNodes() => Pages = [_last];

    /// <summary>What snapshots keep. A page that must grow, or the table of them, is replaced; what a snapshot knows of stays where it is.</summary>
    public PartialNode[][] Pages { get; private set; }

    public int Count { get; private set; }

    public ref PartialNode this[int index] => ref Pages[index >> PageBits][index & (PageSize - 1)];

    public ref PartialNode Last => ref _last[(Count - 1) & (PageSize - 1)];

    public void Add(JsonValueKind kind, int start)
    {
        var place = Count & (PageSize - 1);
        if (place == 0 && Count > 0) AddPage();
        else if (place == _last.Length) GrowPage();
        _last[place] = new PartialNode(kind, start);
        Count++;
    }

    private void AddPage()
    {
        if (_pageCount == Pages.Length)
        {
            var pages = Pages;
            Array.Resize(ref pages, _pageCount * 2);
            Pages = pages;
        }

        Pages[_pageCount++] = _last = new PartialNode[PageSize];
    }

    /// <summary>Only the first page begins small.</summary>
    private void GrowPage()
    {
        Array.Resize(ref _last, _last.Length * 2);
        Pages = [_last];
    }
}
