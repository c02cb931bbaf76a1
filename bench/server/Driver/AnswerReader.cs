using System.Buffers.Text;

namespace ServerBench.Driver;

/// <summary>
/// Reads one HTTP/1.1 answer after another from a socket's bytes and holds each against what is expected: status 200, a
/// whole body, and for a stream all its events up to the terminal one. It never keeps more than it must to know that.
/// </summary>
internal sealed class AnswerReader(bool stream)
{
    private const int TailLength = 32;
    private readonly byte[] _tail = new byte[TailLength];
    private int _tailFilled;
    private bool _inBody;
    private bool _chunked;
    private bool _afterNewline;
    private long _left;
    private int _state;

    /// <summary>How many events have ended in this answer.</summary>
    public int Events { get; private set; }

    /// <summary>How many bytes its body has had.</summary>
    public long BodyLength { get; private set; }

    /// <summary>True once the answer is there whole.</summary>
    public bool Done { get; private set; }

    /// <summary>True where the other side will close the connection behind this answer.</summary>
    public bool Closes { get; private set; }

    public void Begin()
    {
        _tailFilled = 0;
        _inBody = _chunked = _afterNewline = Done = Closes = false;
        _left = 0;
        _state = 0;
        Events = 0;
        BodyLength = 0;
    }

    /// <summary>Takes what came. Returns how many of the bytes were used; the others are to be given again with what follows.</summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        if (!_inBody)
        {
            var end = bytes.IndexOf("\r\n\r\n"u8);
            if (end < 0) return 0;
            Head(bytes[..(end + 2)]);
            used = end + 4;
        }

        used += _chunked ? TakeChunks(bytes[used..]) : TakePlain(bytes[used..]);
        if (Done && stream && !_tail.AsSpan(0, _tailFilled).EndsWith("data: [DONE]\n\n"u8))
            throw new AnswerException("A stream ended without its terminal event.");
        return used;
    }

    private void Head(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 200"u8)) throw new AnswerException("Answered " + System.Text.Encoding.UTF8.GetString(head[..head.IndexOf("\r\n"u8)]));
        _inBody = true;
        Span<byte> lower = stackalloc byte[head.Length <= 4096 ? head.Length : throw new AnswerException("A head of more than 4 KB.")];
        System.Text.Ascii.ToLower(head, lower, out _);
        Closes = lower.IndexOf("\r\nconnection: close"u8) >= 0;
        _chunked = lower.IndexOf("\r\ntransfer-encoding: chunked"u8) >= 0;
        if (_chunked) return;
        var at = lower.IndexOf("\r\ncontent-length:"u8);
        if (at < 0 || !Utf8Parser.TryParse(lower[(at + 17)..].TrimStart((byte)' '), out _left, out _)) throw new AnswerException("An answer without a length.");
        Done = _left == 0;
    }

    private int TakePlain(ReadOnlySpan<byte> bytes)
    {
        var take = (int)Math.Min(bytes.Length, _left);
        Body(bytes[..take]);
        _left -= take;
        Done = _left == 0;
        return take;
    }

    // 0: a chunk's size; 1: its bytes; 2: the line end behind them; 3: the line end of the last chunk.
    private int TakeChunks(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (!Done)
        {
            var rest = bytes[used..];
            if (_state == 1)
            {
                var take = (int)Math.Min(rest.Length, _left);
                Body(rest[..take]);
                used += take;
                _left -= take;
                if (_left > 0) return used;
                _state = 2;
            }
            else if (_state is 2 or 3)
            {
                if (rest.Length < 2) return used;
                if (!rest.StartsWith("\r\n"u8)) throw new AnswerException("A broken chunk.");
                used += 2;
                Done = _state == 3;
                _state = 0;
            }
            else
            {
                var end = rest.IndexOf("\r\n"u8);
                if (end < 0) return used;
                if (!Utf8Parser.TryParse(rest[..end], out long size, out _, 'x')) throw new AnswerException("A broken chunk size.");
                used += end + 2;
                _left = size;
                _state = size == 0 ? 3 : 1;
            }
        }

        return used;
    }

    private void Body(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        BodyLength += bytes.Length;
        if (!stream) return;
        var ended = _afterNewline && bytes[0] == '\n';
        if (ended) Events++;
        Events += bytes.Count("\n\n"u8);
        _afterNewline = bytes[^1] == '\n' && !bytes.EndsWith("\n\n"u8) && !(ended && bytes.Length == 1);
        if (bytes.Length >= TailLength)
        {
            bytes[^TailLength..].CopyTo(_tail);
            _tailFilled = TailLength;
        }
        else
        {
            var keep = Math.Min(_tailFilled, TailLength - bytes.Length);
            _tail.AsSpan(_tailFilled - keep, keep).CopyTo(_tail);
            bytes.CopyTo(_tail.AsSpan(keep));
            _tailFilled = keep + bytes.Length;
        }
    }
}

/// <summary>An answer that is not what was asked for: the run is worth nothing, and stops.</summary>
internal sealed class AnswerException(string message) : Exception(message);
