using System.Buffers;
using LlmGateway.Wire;

namespace LlmGateway.Bedrock.EventStream;

/// <summary>
/// Finds the events in the bytes of an AWS event stream: a frame at a time, however the bytes are split. A frame that is
/// damaged behind its prelude is given as <see cref="EventStreamEvent.Damaged"/>, since the next one can still be found.
/// </summary>
internal sealed class EventStreamReader(Stream stream, int maxFrameBytes = EventStreamReader.DefaultMaxFrameBytes) : EventReader
{
    /// <summary>What a frame may have by its specification, 16 MiB of payload and 128 KiB of headers.</summary>
    public const int DefaultMaxFrameBytes = (16 * 1024 * 1024) + EventStreamFrame.MaxHeadersLength;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(16 * 1024);
    private int _start;
    private int _end;
    private int _total;
    private int _headers;
    private readonly PooledBuffer _type = new();
    private ReadOnlyMemory<byte> _data;

    public override ReadOnlyMemory<byte> Data => _data;

    public override ReadOnlyMemory<byte> Type => _type.WrittenMemory;

    /// <summary>Nearly always the next frame is there already, with the one before it.</summary>
    public override ValueTask<bool> ReadAsync(CancellationToken cancellationToken) => TryTake() ? new ValueTask<bool>(true) : FillAndTakeAsync(cancellationToken);

    public override void Dispose()
    {
        // What was received may be private: it is wiped before another tenant of the pool can see it.
        ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
        _bytes = [];
        _start = _end = 0;
        _data = default;
        _type.Dispose();
    }

    private void Take(ReadOnlyMemory<byte> frame, int headersLength)
    {
        _type.Clear();
        _data = frame[(EventStreamFrame.PreludeLength + headersLength)..^4];
        if (!EventStreamFrame.IsIntact(frame.Span) || !TryReadType(frame.Span.Slice(EventStreamFrame.PreludeLength, headersLength)))
        {
            _type.Clear();
            _type.Write(EventStreamEvent.Damaged);
        }
    }

    private bool TryReadType(ReadOnlySpan<byte> headers)
    {
        ReadOnlySpan<byte> kind = default, eventType = default, exceptionType = default, errorCode = default, errorMessage = default;
        while (!headers.IsEmpty)
        {
            if (!EventStreamFrame.TryReadHeader(ref headers, out var name, out var text)) return false;
            if (name.SequenceEqual(":message-type"u8)) kind = text;
            else if (name.SequenceEqual(":event-type"u8)) eventType = text;
            else if (name.SequenceEqual(":exception-type"u8)) exceptionType = text;
            else if (name.SequenceEqual(":error-code"u8)) errorCode = text;
            else if (name.SequenceEqual(":error-message"u8)) errorMessage = text;
        }

        if (kind.SequenceEqual("exception"u8))
        {
            _type.Write(EventStreamEvent.ExceptionPrefix);
            _type.Write(exceptionType);
        }
        else if (kind.SequenceEqual("error"u8))
        {
            _type.Write(EventStreamEvent.ErrorPrefix);
            _type.Write(errorCode);
            _data = errorMessage.ToArray();
        }
        else
        {
            _type.Write(eventType);
        }

        return true;
    }

    private async ValueTask<bool> FillAndTakeAsync(CancellationToken cancellationToken)
    {
        do
        {
            MakeRoom();
            var read = await stream.ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (read == 0) return false; // A frame that is cut says nothing; whether the reply is whole, the decoder knows.
            _end += read;
        }
        while (!TryTake());

        return true;
    }

    private bool TryTake()
    {
        if (_end - _start < EventStreamFrame.PreludeLength) return false;
        if (_total == 0) (_total, _headers) = EventStreamFrame.ReadPrelude(_bytes.AsSpan(_start, EventStreamFrame.PreludeLength), maxFrameBytes);
        if (_end - _start < _total) return false;
        Take(_bytes.AsMemory(_start, _total), _headers);
        _start += _total;
        _total = 0;
        return true;
    }

    /// <summary>Grows by what has come, not by what a frame says that it has: a length alone costs no memory.</summary>
    private void MakeRoom()
    {
        if (_start == 0 && _end < _bytes.Length) return;
        var length = _end - _start;
        var target = length >= _bytes.Length / 2 ? ArrayPool<byte>.Shared.Rent(_bytes.Length * 2) : _bytes;
        _bytes.AsSpan(_start, length).CopyTo(target);
        if (target != _bytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes, clearArray: true);
            _bytes = target;
        }

        _start = 0;
        _end = length;
    }
}
