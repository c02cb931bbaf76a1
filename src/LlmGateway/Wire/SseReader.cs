using System.Buffers;

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
    private readonly PooledBuffer _type = new();
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
    private int _start;
    private int _end;
    private int _scanned;
    private bool _isFirstLine = true;
    private bool _skipLineFeed;
    private bool _hasData;
    private bool _isDispatched;
    private bool _isLifeSign;

    /// <summary>Whether a comment, or an event without data, is given as a sign of life; else it is passed over.</summary>
    public bool GivesLifeSigns { get; init; }

    public override bool IsLifeSign => _isLifeSign;

    /// <summary>The data of the event, its lines joined with LF. Valid until the next read.</summary>
    public override ReadOnlyMemory<byte> Data => _data.WrittenMemory;

    /// <summary>The event's type; empty where it names none. Valid until the next read.</summary>
    public override ReadOnlyMemory<byte> Type => _type.WrittenMemory;

    /// <summary>Goes to the next event.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="TooLargeException">An event is larger than the limit.</exception>
    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_isDispatched) Reset();
        _isLifeSign = false;
        while (true)
        {
            while (TryTakeLine(out var line))
            {
                if (Take(line)) return _isDispatched = true;
                if (GivesLifeSigns && (line.IsEmpty || line[0] == ':')) return _isLifeSign = true;
            }

            if (!await FillAsync(cancellationToken).ConfigureAwait(false)) return _isDispatched = TakeRest();
        }
    }

    public override void Dispose()
    {
        _data.Dispose();
        _type.Dispose();
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = [];
    }

    private void Reset()
    {
        _data.Clear();
        _type.Clear();
        _hasData = false;
        _isDispatched = false;
    }

    /// <summary>A line ends at its CR at once, without waiting to see whether a LF belongs to it: the next event may be far off.</summary>
    private bool TryTakeLine(out ReadOnlySpan<byte> line)
    {
        if (_skipLineFeed && _start < _end)
        {
            if (_bytes[_start] == '\n') _start++;
            _skipLineFeed = false;
            _scanned = Math.Max(_scanned, _start);
        }

        var length = _bytes.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\r', (byte)'\n');
        if (length < 0)
        {
            _scanned = _end;
            line = default;
            return false;
        }

        var lineEnd = _scanned + length;
        line = _bytes.AsSpan(_start, lineEnd - _start);
        _skipLineFeed = _bytes[lineEnd] == '\r';
        _start = _scanned = lineEnd + 1;
        return true;
    }

    /// <returns>Whether the line ends an event.</returns>
    private bool Take(ReadOnlySpan<byte> line)
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
            if (_data.Length + value.Length >= maxEventBytes) throw TooLarge();
            if (_hasData) _data.Write("\n"u8);
            _data.Write(value);
            _hasData = true;
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
            Take(line);
        }

        return _hasData;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end) _start = _end = _scanned = 0;
        if (_end == _bytes.Length) MakeRoom();
        var read = await stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        return read > 0;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        if (length >= maxEventBytes) throw TooLarge();
        var target = length > _bytes.Length / 2 ? ArrayPool<byte>.Shared.Rent(_bytes.Length * 2) : _bytes;
        _bytes.AsSpan(_start, length).CopyTo(target);
        if (target != _bytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
            _bytes = target;
        }

        _scanned -= _start;
        _start = 0;
        _end = length;
    }

    private TooLargeException TooLarge() => new($"an event of the stream is larger than {maxEventBytes} bytes");
}
