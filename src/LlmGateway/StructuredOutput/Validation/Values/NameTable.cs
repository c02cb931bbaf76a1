using System.Buffers.Binary;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Names as UTF-8, each with its number: found without making a string, the next one in order without hashing.</summary>
internal sealed class NameTable
{
    /// <summary>Not known to whoever writes schemas: no set of names is slow on purpose.</summary>
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;

    private readonly byte[][] _names;
    private readonly int[] _slots;

    public NameTable(IReadOnlyList<byte[]> names)
    {
        _names = [.. names];
        var size = 4;
        while (size < names.Count * 2) size *= 2;
        _slots = new int[size];
        for (var i = 0; i < _names.Length; i++)
        {
            var slot = Slot(_names[i]);
            while (_slots[slot] != 0) slot = (slot + 1) & (size - 1);
            _slots[slot] = i + 1;
        }
    }

    public static NameTable Empty { get; } = new([]);

    public int Count => _names.Length;

    public byte[] this[int index] => _names[index];

    /// <summary>The number of a name, or -1.</summary>
    /// <param name="name">The name.</param>
    /// <param name="guess">The number that is tried first.</param>
    public int Find(ReadOnlySpan<byte> name, int guess = int.MaxValue)
    {
        var names = _names;
        if ((uint)guess < (uint)names.Length && name.SequenceEqual(names[guess])) return guess;
        var slots = _slots;
        for (var slot = Slot(name); slots[slot] != 0; slot = (slot + 1) & (slots.Length - 1))
        {
            var index = slots[slot] - 1;
            if (name.SequenceEqual(names[index])) return index;
        }

        return -1;
    }

    private int Slot(ReadOnlySpan<byte> name)
    {
        var hash = Seed * (ulong)(name.Length + 1);
        while (name.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(name));
            name = name[8..];
        }

        ulong tail = 0;
        foreach (var unit in name) tail = (tail << 8) | unit;
        return (int)(Mix(hash ^ tail) >> 32) & (_slots.Length - 1);
    }

    private static ulong Mix(ulong value)
    {
        value *= Seed;
        return value ^ (value >> 29);
    }
}
