using System.Globalization;
using CsCheck;

namespace LlmGateway.Sqlite.Tests;

public sealed class UsdTests
{
    private static readonly Gen<decimal> Amount = Gen.Select(Gen.Long[0, 9_000_000_000_000_000_000], Gen.Int[0, 28], (digits, scale) => new decimal((int)digits, (int)(digits >> 32), 0, false, (byte)Math.Max(scale, 10)));

    [Fact]
    public void An_amount_comes_back_as_it_was_from_text_and_from_its_parts()
        => Amount.Sample(amount =>
        {
            var usd = Usd.Of(amount);
            return usd.ToDecimal() == amount && Usd.Parse(usd.ToString()) == usd && Usd.OfParts(usd.Nano, usd.Middle, usd.Low) == usd
                && usd.ToString() == Money.ToExactString(amount) && Usd.Of(-amount) + usd == Usd.Zero;
        });

    [Fact]
    public void Parts_may_be_summed_apart()
        => Amount.Array[0, 50].Sample(amounts =>
        {
            var all = amounts.Select(a => Usd.Of(a % 1000m)).ToList();
            return Usd.OfParts(all.Sum(a => a.Nano), all.Sum(a => a.Middle), all.Sum(a => a.Low)) == all.Aggregate(Usd.Zero, (sum, a) => sum + a);
        });

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("-12.50", "-12.5")]
    [InlineData("7899999999.0000000000000000001", "7899999999.0000000000000000001")]
    public void It_is_written_in_full_without_zeros_at_the_end(string amount, string text)
        => Assert.Equal(text, Usd.Of(decimal.Parse(amount, CultureInfo.InvariantCulture)).ToString());

    [Fact]
    public void A_sum_that_no_decimal_holds_is_exact_as_text_and_rounded_up_as_a_decimal()
    {
        var sum = Usd.Of(1_000_000m) + Usd.Of(0.0000000000000000000000000001m);

        Assert.Equal("1000000.0000000000000000000000000001", sum.ToString());
        Assert.Equal(1000000.0000000000000000000001m, sum.ToDecimal());
    }

    [Fact]
    public void Ten_billion_is_refused_but_may_be_a_limit()
    {
        Assert.Throws<OverflowException>(() => Usd.Of(10_000_000_000m));
        Assert.True(Usd.OfLimit(decimal.MaxValue) > Usd.Of(8_999_999_999m));
    }
}
