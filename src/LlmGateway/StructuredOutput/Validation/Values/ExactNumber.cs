using System.Numerics;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>
/// A JSON number exactly as it is written: <c>±0.DIGITS × 10^exponent</c>, the digits without zeros at either end. Nothing
/// is expanded, so that 1e400 and 1e-999999999 cost what their text costs.
/// </summary>
internal readonly ref struct ExactNumber
{
    /// <summary>Enough for the digits of nearly every number; longer ones are put on the heap.</summary>
    public const int Scratch = 64;

    /// <summary>Exponents beyond it are taken for it; two such numbers are equal only where their digits are.</summary>
    private const long MaxExponent = 1_000_000_000_000_000;

    private const int ChunkDigits = 18;

    private readonly ReadOnlySpan<byte> _digits;
    private readonly long _exponent;
    private readonly bool _isNegative;

    public ExactNumber(ReadOnlySpan<byte> digits, long exponent, bool isNegative)
    {
        _digits = digits;
        _exponent = exponent;
        _isNegative = isNegative;
    }

    public ReadOnlySpan<byte> Digits => _digits;

    public long Exponent => _exponent;

    public bool IsNegative => _isNegative;

    public bool IsZero => _digits.IsEmpty;

    public bool IsPositive => Sign > 0;

    public bool IsInteger => _digits.Length <= _exponent || IsZero;

    /// <summary>Reads a number that is written as a whole one and fits easily: nearly all of them.</summary>
    public static bool TryReadWhole(ReadOnlySpan<byte> text, out long whole)
    {
        whole = 0;
        if (text.Length > ChunkDigits) return false;
        var isNegative = text[0] == '-';
        foreach (var digit in isNegative ? text[1..] : text)
        {
            var value = digit - '0';
            if ((uint)value > 9) return false;
            whole = (whole * 10) + value;
        }

        if (isNegative) whole = -whole;
        return true;
    }

    /// <summary>Reads a number of JSON.</summary>
    /// <param name="text">The number's text.</param>
    /// <param name="scratch">Room for the digits; used where they do not stand together.</param>
    public static ExactNumber Parse(ReadOnlySpan<byte> text, Span<byte> scratch)
    {
        var isNegative = text[0] == '-';
        if (isNegative) text = text[1..];
        long exponent = 0;
        if (text.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var e)
        {
            exponent = ReadExponent(text[(e + 1)..]);
            text = text[..e];
        }

        var point = text.IndexOf((byte)'.');
        exponent += point < 0 ? text.Length : point;
        if (point >= 0)
        {
            var together = text.Length <= scratch.Length ? scratch[..(text.Length - 1)] : new byte[text.Length - 1];
            text[..point].CopyTo(together);
            text[(point + 1)..].CopyTo(together[point..]);
            text = together;
        }

        var start = text.IndexOfAnyExcept((byte)'0');
        if (start < 0) return default;
        return new ExactNumber(text[start..].TrimEnd((byte)'0'), exponent - start, isNegative);
    }

    public static int Compare(ExactNumber left, ExactNumber right)
    {
        if (left.Sign != right.Sign) return left.Sign.CompareTo(right.Sign);
        if (left.IsZero) return 0;
        var size = left._exponent.CompareTo(right._exponent);
        if (size == 0) size = left._digits.SequenceCompareTo(right._digits);
        return left._isNegative ? -size : size;
    }

    /// <summary>Equal numbers have equal hashes, however they are written.</summary>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_digits);
        hash.Add(_exponent);
        hash.Add(_isNegative);
        return hash.ToHashCode();
    }

    /// <summary>Whether it is a whole multiple of a positive number.</summary>
    /// <param name="unit">The positive number.</param>
    /// <param name="unitDigits">Its digits as a number, which takes long to read where they are many.</param>
    public bool IsMultipleOf(ExactNumber unit, in BigInteger unitDigits)
    {
        if (IsZero) return true;
        // D·10^p is a multiple of M·10^q: with p < q the tens are missing, since D ends in no zero.
        var shift = (_exponent - _digits.Length) - (unit._exponent - unit._digits.Length);
        if (shift < 0) return false;
        if (shift <= ChunkDigits && _digits.Length <= ChunkDigits && unit._digits.Length <= ChunkDigits)
        {
            return (UInt128)Chunk(_digits) * PowerOf10(shift) % Chunk(unit._digits) == 0;
        }

        return (Remainder(_digits, unitDigits) * BigInteger.ModPow(10, shift, unitDigits) % unitDigits).IsZero;
    }

    /// <summary>A whole number that is not negative, at most the largest size.</summary>
    public BigInteger Size() => IsZero ? BigInteger.Zero : _exponent > ChunkDigits ? long.MaxValue : DigitsAsNumber() * PowerOf10(_exponent - _digits.Length);

    /// <summary>The digits as one number.</summary>
    public BigInteger DigitsAsNumber()
    {
        var number = BigInteger.Zero;
        for (var digits = _digits; !digits.IsEmpty;)
        {
            var length = Math.Min(digits.Length, ChunkDigits);
            number = (number * PowerOf10(length)) + Chunk(digits[..length]);
            digits = digits[length..];
        }

        return number;
    }

    private int Sign => IsZero ? 0 : _isNegative ? -1 : 1;

    /// <summary>In pieces, so that it is linear in the digits.</summary>
    private static BigInteger Remainder(ReadOnlySpan<byte> digits, in BigInteger modulus)
    {
        var rest = BigInteger.Zero;
        while (!digits.IsEmpty)
        {
            var length = Math.Min(digits.Length, ChunkDigits);
            rest = ((rest * PowerOf10(length)) + Chunk(digits[..length])) % modulus;
            digits = digits[length..];
        }

        return rest;
    }

    private static ulong Chunk(ReadOnlySpan<byte> digits)
    {
        ulong value = 0;
        foreach (var digit in digits) value = (value * 10) + (ulong)(digit - '0');
        return value;
    }

    private static ulong PowerOf10(long exponent)
    {
        ulong power = 1;
        for (; exponent > 0; exponent--) power *= 10;
        return power;
    }

    private static long ReadExponent(ReadOnlySpan<byte> text)
    {
        var isNegative = text[0] == '-';
        if (text[0] is (byte)'-' or (byte)'+') text = text[1..];
        long value = 0;
        foreach (var digit in text)
        {
            value = value * 10 + (digit - '0');
            if (value > MaxExponent) value = MaxExponent;
        }

        return isNegative ? -value : value;
    }
}
