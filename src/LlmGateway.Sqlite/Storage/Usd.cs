using System.Globalization;
using System.Numerics;

namespace LlmGateway.Sqlite;

/// <summary>
/// An amount in units of 1e-28 US dollars: each decimal of less than 9.2 billion dollars is one exactly, and sums of them are too.
/// A file holds it as text, or as three integers that SQLite can add.
/// </summary>
internal readonly record struct Usd(Int128 Units)
{
    private const int Decimals = 28;
    private static readonly Int128 PerNano = Int128.Parse("10000000000000000000", CultureInfo.InvariantCulture);
    private static readonly Int128 PerDollar = PerNano * 1_000_000_000;
    private static readonly Int128 PerMiddle = 1_000_000_000;
    private static readonly Int128 MostOfDecimal = (Int128)((BigInteger.One << 96) - 1);

    public static Usd Zero => default;

    /// <summary>1e-9 dollars, whole.</summary>
    public long Nano => checked((long)(Units / PerNano));

    /// <summary>What <see cref="Nano"/> leaves, in 1e-19 dollars, whole.</summary>
    public long Middle => (long)(Units % PerNano / PerMiddle);

    /// <summary>What both leave, in 1e-28 dollars.</summary>
    public long Low => (long)(Units % PerMiddle);

    public static Usd operator +(Usd left, Usd right) => new(checked(left.Units + right.Units));

    public static Usd operator -(Usd left, Usd right) => new(checked(left.Units - right.Units));

    public static bool operator >(Usd left, Usd right) => left.Units > right.Units;

    public static bool operator <(Usd left, Usd right) => left.Units < right.Units;

    /// <exception cref="OverflowException">9.2 billion dollars or more.</exception>
    public static Usd Of(decimal amount)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(amount, bits);
        var digits = new Int128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        for (var scale = (bits[3] >> 16) & 0xFF; scale < Decimals && digits != 0; scale++) digits = checked(digits * 10);
        var usd = new Usd(bits[3] < 0 ? -digits : digits);
        _ = usd.Nano;
        return usd;
    }

    /// <summary>A limit may be higher than anything that can be spent.</summary>
    public static Usd OfLimit(decimal amount) => amount < 9_000_000_000m ? Of(amount) : new(Int128.MaxValue);

    /// <summary>From the parts, or from sums of them.</summary>
    public static Usd OfParts(long nano, long middle, long low) => new(checked((nano * PerNano) + (middle * PerMiddle) + low));

    public static Usd Parse(string text)
    {
        var digits = text.AsSpan().TrimStart('-');
        var point = digits.IndexOf('.');
        var whole = point < 0 ? digits : digits[..point];
        var units = checked(Int128.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture) * PerDollar);
        if (point >= 0)
        {
            var fraction = digits[(point + 1)..];
            var part = Int128.Parse(fraction, NumberStyles.None, CultureInfo.InvariantCulture);
            for (var i = fraction.Length; i < Decimals; i++) part *= 10;
            units = checked(units + part);
        }

        return new(text.StartsWith('-') ? -units : units);
    }

    /// <summary>The amount; one with more digits than a decimal has, which only a sum can be, rounded up in its last one.</summary>
    public decimal ToDecimal()
    {
        var digits = Int128.Abs(Units);
        var scale = Decimals;
        for (; scale > 0 && digits % 10 == 0; scale--) digits /= 10;
        for (; digits > MostOfDecimal; scale--) digits = (digits + 9) / 10;
        return new decimal((int)(uint)(ulong)digits, (int)(uint)(ulong)(digits >> 32), (int)(uint)(ulong)(digits >> 64), Units < 0, (byte)scale);
    }

    /// <summary>All digits, without zeros at the end.</summary>
    public override string ToString()
    {
        var digits = Int128.Abs(Units);
        var (whole, fraction) = (digits / PerDollar, digits % PerDollar);
        var sign = Units < 0 ? "-" : "";
        if (fraction == 0) return sign + whole.ToString(CultureInfo.InvariantCulture);
        return $"{sign}{whole.ToString(CultureInfo.InvariantCulture)}.{fraction.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals, '0').TrimEnd('0')}";
    }
}
