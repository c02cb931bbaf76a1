namespace LlmGateway.StructuredOutput.Streaming;

/// <summary>A text that is added to at its end. Long pieces are kept as they came, short ones are put together.</summary>
internal sealed class PartialPieces
{
    private const int Short = 512;
    private const int TailSize = 4096;

    private char[] _tail = [];
    private int _tailUsed;
    private bool _endsInTail;

    /// <summary>What snapshots keep: where each piece begins, and its text. The last may have room behind what has come.</summary>
    public (int Start, ReadOnlyMemory<char> Text)[] All { get; private set; } = new (int, ReadOnlyMemory<char>)[4];

    public int Count { get; private set; }

    public int Length { get; private set; }

    public void Append(string piece)
    {
        if (piece.Length > Short)
        {
            Add(piece.AsMemory());
            _endsInTail = false;
        }
        else
        {
            if (_tail.Length - _tailUsed < piece.Length)
            {
                _tail = new char[Math.Clamp(Length, Short, TailSize)];
                _tailUsed = 0;
                _endsInTail = false;
            }

            if (!_endsInTail) Add(_tail.AsMemory(_tailUsed));
            _endsInTail = true;
            piece.CopyTo(_tail.AsSpan(_tailUsed));
            _tailUsed += piece.Length;
        }

        Length += piece.Length;
    }

    private void Add(ReadOnlyMemory<char> text)
    {
        if (Count == All.Length)
        {
            var all = All;
            Array.Resize(ref all, Count * 2);
            All = all;
        }

        All[Count++] = (Length, text);
    }
}
