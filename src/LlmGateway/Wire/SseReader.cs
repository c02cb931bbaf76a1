using System.Buffers;
using System.Runtime.CompilerServices;

namespace LlmGateway.Wire;

/// <summary>
/// Reads server-sent events as they arrive, by the specification (https://html.spec.whatwg.org/multipage/server-sent-events.html,
/// "Interpreting an event stream"): lines end with CR, LF or both, comments and unknown fields are passed over, data
/// lines are joined. It makes no string and keeps one event in memory, up to a limit.
/// </summary>
/// <remarks>
/// One difference: an event whose blank line is missing at the end of the stream is given, not dropped. Whether a
/// stream is complete is for its protocol's own last event to say.
/// </remarks>
internal sealed class SseReader(Stream stream, int maxEventBytes = SseReader.DefaultMaxEventBytes) : EventReader
{
    /// <summary>Far more than any vendor's event; what is larger is a mistake or an attack.</summary>
    public const int DefaultMaxEventBytes = 16 * 1024 * 1024;

    private static readonly byte[] Bom = [0xEF, 0xBB, 0xBF];

    private readonly PooledBuffer _data = new();
    private readonly PooledBuffer _type = new(64);
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
    private int _start;
    private int _end;
    private int _scanned;
    private bool _isFirstLine = true;
    private bool _skipLineFeed;
    private bool _hasData;

    /// <summary>Where the data stands that is one line, as nearly all is; null where it is several, which are joined elsewhere.</summary>
    private (int Start, int Length)? _line;
    private bool _isDispatched;
    private bool _endsInLineFeed;
    private bool _isLifeSign;

    /// <summary>Where the bytes begin that were not given away, where the latest event's do, and where they end.</summary>
    private int _kept;
    private int _event;
    private int _whole;

    /// <summary>Whether the bytes of the events are kept until they are taken.</summary>
    public bool KeepsBytes { get; init; }

    /// <summary>Whether the latest event is what stood at the end of the stream without a blank line.</summary>
    public bool IsUnfinished { get; private set; }

    /// <summary>Whether the LF is still to come of a line that ended in CR, where such lines have had one before.</summary>
    public bool IsLineFeedDue => _skipLineFeed && _endsInLineFeed;

    /// <summary>Whether a comment, or an event without data, is given as a sign of life; else it is passed over.</summary>
    public bool GivesLifeSigns { get; init; }

    public override bool IsLifeSign => _isLifeSign;

    /// <summary>The data of the event, its lines joined with LF. Valid until the next read.</summary>
    public override ReadOnlyMemory<byte> Data => _line is { } line ? _bytes.AsMemory(line.Start, line.Length) : _data.WrittenMemory;

    /// <summary>The event's type; empty where it names none. Valid until the next read.</summary>
    public override ReadOnlyMemory<byte> Type => _type.WrittenMemory;

    /// <summary>Goes to the next event.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="TooLargeException">An event is larger than the limit.</exception>
    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => TryRead() ? new ValueTask<bool>(true) : FillAndReadAsync(cancellationToken);

    public override bool TryRead()
    {
        if (_isDispatched) Reset();
        _isLifeSign = false;
        while (TryTakeLine(out var line, out var lineEnd))
        {
            if (Take(line, lineEnd))
            {
                _whole = EndOfLine();
                return _isDispatched = true;
            }

            if (!line.IsEmpty && line[0] != ':') continue;
            if (!_hasData && _type.Length == 0) _event = _whole = EndOfLine();
            if (GivesLifeSigns) return _isLifeSign = true;
        }

        return false;
    }

    /// <summary>The bytes of all events since they were last taken, with what stood between them. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> TakeBytes()
    {
        var bytes = _bytes.AsMemory(_kept, _whole - _kept);
        _kept = _whole;
        return bytes;
    }

    /// <summary>Leaves the latest event out of the bytes that are kept. Its data is not valid any more.</summary>
    public void Omit()
    {
        var length = _whole - _event;
        _bytes.AsSpan(_kept, _event - _kept).CopyTo(_bytes.AsSpan(_kept + length));
        _kept += length;
    }

    public override void Dispose()
    {
        _data.Dispose();
        _type.Dispose();
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = [];
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAndReadAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (!await FillAsync(cancellationToken).ConfigureAwait(false)) return _isDispatched = TakeRest();
        }
        while (!TryRead());
        return true;
    }

    private void Reset()
    {
        _event = _whole;
        _line = null;
        _data.Clear();
        _type.Clear();
        _hasData = false;
        _isDispatched = false;
    }

    /// <summary>A line ends at its CR at once, without waiting to see whether a LF belongs to it: the next event may be far off.</summary>
    private bool TryTakeLine(out ReadOnlySpan<byte> line, out int lineEnd)
    {
        lineEnd = 0;
        EndOfLine();
        var length = _bytes.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\r', (byte)'\n');
        if (length < 0)
        {
            _scanned = _end;
            line = default;
            return false;
        }

        lineEnd = _scanned + length;
        line = _bytes.AsSpan(_start, lineEnd - _start);
        _skipLineFeed = _bytes[lineEnd] == '\r';
        _start = _scanned = lineEnd + 1;
        return true;
    }

    /// <summary>The place behind the latest line, its LF too where that has come.</summary>
    private int EndOfLine()
    {
        if (!_skipLineFeed || _start >= _end) return _start;
        if (_bytes[_start] == '\n')
        {
            // It is of the event whose end its CR was.
            if (_event == _start) _event++;
            if (_whole == _start) _whole++;
            _start++;
            _endsInLineFeed = true;
        }

        _skipLineFeed = false;
        _scanned = Math.Max(_scanned, _start);
        return _start;
    }

    /// <param name="line">The line, without its break.</param>
    /// <param name="lineEnd">Where it ends.</param>
    /// <returns>Whether the line ends an event.</returns>
    private bool Take(ReadOnlySpan<byte> line, int lineEnd)
    {
        if (_isFirstLine)
        {
            _isFirstLine = false;
            if (line.StartsWith(Bom)) line = line[Bom.Length..];
        }

        if (line.IsEmpty)
        {
            if (_hasData) return true;
            _type.Clear(); // An event without data is none.
            return false;
        }

        var colon = line.IndexOf((byte)':');
        var field = colon < 0 ? line : line[..colon];
        var value = colon < 0 ? default : line[(colon + 1)..];
        if (value.StartsWith(" "u8)) value = value[1..];
        if (field.SequenceEqual("data"u8))
        {
            if ((_line?.Length ?? _data.Length) + value.Length >= maxEventBytes) throw TooLarge();
            if (!_hasData)
            {
                _line = (lineEnd - value.Length, value.Length);
                _hasData = true;
                return false;
            }

            if (_line is { } first)
            {
                _data.Write(_bytes.AsSpan(first.Start, first.Length));
                _line = null;
            }

            _data.Write("\n"u8);
            _data.Write(value);
        }
        else if (field.SequenceEqual("event"u8))
        {
            _type.Clear();
            _type.Write(value);
        }

        return false;
    }

    private bool TakeRest()
    {
        if (_start < _end)
        {
            var line = _bytes.AsSpan(_start, _end - _start);
            _start = _end;
            Take(line, _end);
        }

        _whole = _end;
        return IsUnfinished = _hasData;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (Needed == _end)
        {
            _start = _end = _scanned = _kept = _event = _whole = 0;
            if (_line is not null) _line = default((int, int)); // It is empty.
        }

        if (_end == _bytes.Length) MakeRoom();
        var read = await stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }

    /// <summary>Where the bytes begin that are still needed.</summary>
    private int Needed => KeepsBytes ? _kept : _line?.Start ?? _start;

    private void MakeRoom()
    {
        var needed = Needed;
        var length = _end - needed;
        if (length >= maxEventBytes) throw TooLarge();
        var target = length > _bytes.Length / 2 ? ArrayPool<byte>.Shared.Rent(_bytes.Length * 2) : _bytes;
        _bytes.AsSpan(needed, length).CopyTo(target);
        if (target != _bytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
            _bytes = target;
        }

        _scanned -= needed;
        _start -= needed;
        if (_line is { } kept) _line = (kept.Start - needed, kept.Length);
        _kept = Math.Max(_kept - needed, 0);
        _event = Math.Max(_event - needed, 0);
        _whole = Math.Max(_whole - needed, 0);
        _end = length;
    }

    private TooLargeException TooLarge() => new($"an event of the stream is larger than {maxEventBytes} bytes");
}
