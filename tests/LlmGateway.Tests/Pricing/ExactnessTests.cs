using System.Globalization;
using System.Numerics;
using CsCheck;

namespace LlmGateway.Tests.Prices;

public sealed class ExactnessTests
{
    // Up to 8 decimals, as price data has; kept as integers so that the oracle needs no decimal.
    private static readonly Gen<(long Units, int Scale)> AnyPrice = Gen.Select(Gen.Long[0, 1_000_000], Gen.Int[0, 8]);

    private static readonly Gen<TokenUsage> AnyUsage =
        from fresh in Gen.Long[0, 10_000_000]
        from read in Gen.Long[0, 10_000_000]
        from write in Gen.Long[0, 1_000_000]
        from hour in Gen.Long[0, write]
        from output in Gen.Long[0, 10_000_000]
        from reasoning in Gen.Long[0, output]
        select new TokenUsage { InputTokens = fresh + read + write, CacheReadTokens = read, CacheWriteTokens = write, CacheWrite1hTokens = hour, OutputTokens = output, ReasoningTokens = reasoning };

    private static readonly Gen<ModelPrice> AnyModelPrice =
        from p in Gen.Select(AnyPrice, AnyPrice, AnyPrice, AnyPrice, AnyPrice)
        select new ModelPrice { InputPerMillion = Of(p.Item1), OutputPerMillion = Of(p.Item2), CacheReadPerMillion = Of(p.Item3), CacheWritePerMillion = Of(p.Item4), CacheWrite1hPerMillion = Of(p.Item5) };

    [Fact]
    public void The_cost_of_a_sum_is_the_sum_of_the_costs() =>
        Gen.Select(AnyModelPrice, AnyUsage, AnyUsage).Sample((price, a, b) =>
        {
            var book = new PriceBook();
            book.Register("acme", "m", price);
            Assert.Equal(book.Calculate("acme", "m", a) + book.Calculate("acme", "m", b), book.Calculate("acme", "m", a + b));
        });

    [Fact]
    public void A_cost_equals_integer_arithmetic() =>
        Gen.Select(AnyModelPrice, AnyUsage).Sample((price, usage) =>
        {
            var book = new PriceBook();
            book.Register("acme", "m", price);
            var priced = book.Calculate("acme", "m", usage);
            var input = Units(usage.InputTokens - usage.CacheReadTokens - usage.CacheWriteTokens, price.InputPerMillion) + Units(usage.CacheReadTokens, price.CacheReadPerMillion!.Value)
                + Units(usage.CacheWriteTokens - usage.CacheWrite1hTokens, price.CacheWritePerMillion!.Value) + Units(usage.CacheWrite1hTokens, price.CacheWrite1hPerMillion!.Value);
            Assert.Equal(input, Units(1, priced.InputCostUsd!.Value * 1_000_000));
            Assert.Equal(input + Units(usage.OutputTokens, price.OutputPerMillion), Units(1, priced.TotalCostUsd!.Value * 1_000_000));
        });

    [Theory]
    [InlineData(9_007_199_254_740_993, "0.15", "1351079888.21114895")] // one more than a double can count to
    [InlineData(long.MaxValue, "3", "27670116110564.327421")]
    [InlineData(1, "0.0028", "0.0000000028")]
    public void Large_and_small_amounts_keep_every_digit(long tokens, string price, string cost)
    {
        var book = new PriceBook();
        book.Register("acme", "m", new ModelPrice { InputPerMillion = decimal.Parse(price, CultureInfo.InvariantCulture), OutputPerMillion = 0 });

        Assert.Equal(cost, Money.ToExactString(book.Calculate("acme", "m", new TokenUsage { InputTokens = tokens }).TotalCostUsd!.Value));
    }

    [Fact]
    public void A_cost_that_decimal_could_only_hold_rounded_is_refused()
    {
        var book = new PriceBook();
        book.Register("acme", "m", new ModelPrice { InputPerMillion = 123456.123456789012m, OutputPerMillion = 0 });

        Assert.Throws<OverflowException>(() => book.Calculate("acme", "m", new TokenUsage { InputTokens = long.MaxValue }));
    }

    [Theory]
    [InlineData("0.0105000", "0.0105")]
    [InlineData("0", "0")]
    [InlineData("0.000", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("12.000", "12")]
    [InlineData("1200", "1200")]
    [InlineData("0.0000000028", "0.0000000028")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("7.9228162514264337593543950335", "7.9228162514264337593543950335")]
    public void An_amount_is_written_plain_and_exact(string amount, string text) =>
        Assert.Equal(text, Money.ToExactString(decimal.Parse(amount, CultureInfo.InvariantCulture)));

    [Fact]
    public void The_text_of_an_amount_reads_back_as_the_same_amount() =>
        Gen.Decimal.Sample(amount =>
        {
            var text = Money.ToExactString(amount);
            Assert.Equal(amount, decimal.Parse(text, CultureInfo.InvariantCulture));
            Assert.DoesNotContain('E', text);
            Assert.False(text.Contains('.', StringComparison.Ordinal) && text.EndsWith('0'), text);
        });

    [Fact]
    public void Prices_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelPrice { InputPerMillion = -0.01m, OutputPerMillion = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelPrice { InputPerMillion = 0, OutputPerMillion = 1_000_001 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelPrice { InputPerMillion = 0, OutputPerMillion = 0, CacheReadPerMillion = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelPrice { InputPerMillion = 0.0000000000001m, OutputPerMillion = 0 });
        var step = new PriceStep { AboveInputTokens = 10, Price = new ModelPrice { InputPerMillion = 1, OutputPerMillion = 1 } };
        Assert.Throws<ArgumentException>(() => new ModelPrice { InputPerMillion = 1, OutputPerMillion = 1, Steps = [step, step] });
        Assert.Throws<ArgumentOutOfRangeException>(() => step with { AboveInputTokens = -1 });
    }

    private static decimal Of((long Units, int Scale) price) => new decimal(price.Units) / (decimal)BigInteger.Pow(10, price.Scale);

    /// <summary>Tokens times price in units of 10^-12 of a dollar per million, by integers.</summary>
    private static BigInteger Units(long tokens, decimal price)
    {
        var bits = decimal.GetBits(price);
        var mantissa = new BigInteger((uint)bits[2]) << 64 | new BigInteger((uint)bits[1]) << 32 | (uint)bits[0];
        return tokens * mantissa * BigInteger.Pow(10, 28 - price.Scale);
    }
}
