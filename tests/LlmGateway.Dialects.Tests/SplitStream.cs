namespace LlmGateway.Dialects.Tests;

/// <summary>Bytes that arrive in pieces of given sizes, over and over; sizes below 1 count as 1.</summary>
internal sealed class SplitStream(byte[] bytes, params int[] sizes) : MemoryStream(bytes)
{
    private int _next;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var size = sizes.Length == 0 ? buffer.Length : Math.Max(1, sizes[_next++ % sizes.Length]);
        return base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
