using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Server.Keys;

/// <summary>What is kept of a key's text: its SHA-256. A key holds 256 bits that were drawn by chance, so that no slower function is needed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct KeyHash : IEquatable<KeyHash>
{
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Of a text that <see cref="KeyText.IsWellFormed"/>.</summary>
    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        Span<byte> bytes = stackalloc byte[KeyText.Length];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(key, bytes)], hash);
        return MemoryMarshal.Read<KeyHash>(hash);
    }

    /// <summary>From the file's text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static KeyHash Parse(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        return bytes.Length == SHA256.HashSizeInBytes ? MemoryMarshal.Read<KeyHash>(bytes) : throw new FormatException("A hash has 32 bytes.");
    }

    /// <summary>Whether they are the same, in a time that says nothing of where they differ.</summary>
    public static bool FixedTimeEquals(in KeyHash left, in KeyHash right) => CryptographicOperations.FixedTimeEquals(Bytes(left), Bytes(right));

    public bool Equals(KeyHash other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is KeyHash other && Equals(other);

    public override int GetHashCode() => _a.GetHashCode();

    /// <summary>As the file has it: hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Bytes(this));

    private static ReadOnlySpan<byte> Bytes(in KeyHash hash) => MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in hash, 1));
}
