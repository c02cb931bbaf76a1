using CsCheck;

namespace LlmGateway.Tests.Messages;

public class TokenUsageTests
{
    private static readonly Gen<decimal?> Cost = Gen.Int[-1, 1_000_000].Select(n => n < 0 ? (decimal?)null : n / 1_000_000m);

    private static readonly Gen<TokenUsage> Usage =
        from counts in Gen.Long[0, 1_000_000].Array[6]
        from costs in Cost.Array[3]
        from estimated in Gen.Bool
        select new TokenUsage
        {
            InputTokens = counts[0],
            CacheReadTokens = counts[1],
            CacheWriteTokens = counts[2],
            CacheWrite1hTokens = counts[3],
            OutputTokens = counts[4],
            ReasoningTokens = counts[5],
            IsEstimated = estimated,
            InputCostUsd = costs[0],
            OutputCostUsd = costs[1],
            TotalCostUsd = costs[2],
        };

    [Fact]
    public void Addition_is_commutative_and_associative_and_zero_changes_nothing()
        => Gen.Select(Usage, Usage, Usage).Sample((a, b, c) =>
        {
            Assert.Equal(a + b, b + a);
            Assert.Equal(a + b + c, a + (b + c));
            Assert.Equal(a, a + TokenUsage.Zero);
            Assert.Equal(TokenUsage.Add(a, b), a + b);
        });

    [Fact]
    public void A_sum_with_an_unknown_cost_in_it_is_unknown()
    {
        var known = TokenUsage.Zero with { TotalCostUsd = 1m };

        Assert.Null((known + new TokenUsage { InputTokens = 1 }).TotalCostUsd);
        Assert.Equal(2m, (known + known).TotalCostUsd);
    }

    [Fact]
    public void A_count_that_overflows_is_an_error_and_not_a_negative_number()
        => Assert.Throws<OverflowException>(() => new TokenUsage { InputTokens = long.MaxValue } + new TokenUsage { InputTokens = 1 });

    [Fact]
    public void A_usage_cannot_be_changed()
        => Assert.All(typeof(TokenUsage).GetProperties(), p => Assert.True(
            p.SetMethod is null || p.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)), p.Name));
}
