namespace LlmGateway.Tests.Relay;

/// <summary>Bytes that come in pieces of the given lengths; what is left comes at once.</summary>
internal sealed class SplitStream(byte[] bytes, params int[] lengths) : Stream
{
    private int _at;
    private int _piece;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var left = _piece < lengths.Length ? lengths[_piece] : bytes.Length - _at;
        var length = Math.Min(Math.Min(left, bytes.Length - _at), count);
        bytes.AsSpan(_at, length).CopyTo(buffer.AsSpan(offset));
        _at += length;
        if (_piece < lengths.Length && (lengths[_piece] -= length) <= 0) _piece++;
        return length;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        var piece = new byte[buffer.Length];
        var read = Read(piece, 0, piece.Length);
        piece.AsMemory(0, read).CopyTo(buffer);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
