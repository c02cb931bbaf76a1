using System.Buffers;
using CsCheck;
using LlmGateway.Wire;

namespace LlmGateway.Tests.Wire;

public class PooledBufferTests
{
    [Fact]
    public void What_is_written_in_any_pieces_is_what_is_read()
        => Gen.Byte.Array[0, 3000].Array[0, 12].Sample(pieces =>
        {
            using var buffer = new PooledBuffer();
            foreach (var piece in pieces) buffer.Write(piece);

            Assert.Equal(pieces.SelectMany(p => p), buffer.WrittenMemory.ToArray());
        }, iter: 300);

    [Fact]
    public void There_is_always_room_for_what_was_asked()
    {
        using var buffer = new PooledBuffer();
        Assert.True(buffer.GetSpan(100_000).Length >= 100_000);
        Assert.True(buffer.GetMemory().Length >= 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(int.MaxValue));
    }

    [Fact]
    public void Disposal_can_be_repeated()
    {
        var buffer = new PooledBuffer();
        buffer.Write("abc"u8);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Equal(0, buffer.Length);
    }
}
