using System.Buffers;

namespace LlmGateway.Wire;

/// <summary>A growing buffer of rented memory, given back on disposal. It rents none before something is written.</summary>
/// <param name="initialSize">The bytes that are rented first, at the least.</param>
internal sealed class PooledBuffer(int initialSize = 4096) : IBufferWriter<byte>, IDisposable
{
    private byte[] _bytes = [];

    /// <summary>How much of the memory has ever been written to.</summary>
    private int _used;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - Length);
        Length += count;
        _used = Math.Max(_used, Length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public void Clear() => Length = 0;

    public void Dispose()
    {
        Return();
        _bytes = [];
        Length = 0;
    }

    private void Grow(int sizeHint)
    {
        var needed = Length + Math.Max(sizeHint, 1);
        if (needed <= _bytes.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(needed, initialSize), _bytes.Length * 2));
        WrittenMemory.CopyTo(larger);
        Return();
        _bytes = larger;
        _used = Length;
    }

    /// <summary>What was sent and received may be private: it is wiped before another tenant of the pool can see it.</summary>
    private void Return()
    {
        if (_bytes.Length == 0) return;
        _bytes.AsSpan(0, _used).Clear();
        ArrayPool<byte>.Shared.Return(_bytes);
        _used = 0;
    }
}
