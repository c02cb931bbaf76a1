using System.Numerics;
using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>A number of a schema, exactly.</summary>
internal sealed class SchemaNumber
{
    private readonly byte[] _text;
    private readonly byte[] _exactDigits;
    private readonly long _exponent;
    private readonly bool _isNegative;
    private readonly long? _whole;
    private readonly BigInteger _digits;

    public SchemaNumber(ReadOnlySpan<byte> text)
    {
        _text = text.ToArray();
        var exact = ExactNumber.Parse(_text, new byte[_text.Length]);
        (_exactDigits, _exponent, _isNegative) = (exact.Digits.ToArray(), exact.Exponent, exact.IsNegative);
        _digits = exact.DigitsAsNumber();
        IsPositive = exact.IsPositive;
        IsInteger = exact.IsInteger;
        _whole = ExactNumber.TryReadWhole(text, out var whole) ? whole : null;
    }

    public bool IsPositive { get; }

    public bool IsInteger { get; }

    /// <summary>As a size: not below 0, at most the largest.</summary>
    public long AsSize => _whole ?? (long)BigInteger.Min(long.MaxValue, Exact().Size());

    /// <summary>A number of an instance against this one: negative where it is less, 0 where it is equal.</summary>
    public int CompareFrom(ReadOnlySpan<byte> number)
        => _whole is { } bound && ExactNumber.TryReadWhole(number, out var whole)
            ? whole.CompareTo(bound)
            : ExactNumber.Compare(ExactNumber.Parse(number, stackalloc byte[ExactNumber.Scratch]), Exact());

    public bool Divides(ReadOnlySpan<byte> number)
        => _whole is { } unit && ExactNumber.TryReadWhole(number, out var whole)
            ? whole % unit == 0
            : ExactNumber.Parse(number, stackalloc byte[ExactNumber.Scratch]).IsMultipleOf(Exact(), _digits);

    /// <summary>As the schema has it.</summary>
    public override string ToString() => Encoding.UTF8.GetString(_text);

    private ExactNumber Exact() => new(_exactDigits, _exponent, _isNegative);
}
