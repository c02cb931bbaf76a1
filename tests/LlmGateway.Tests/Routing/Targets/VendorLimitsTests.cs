using LlmGateway.Routing.Targets;

namespace LlmGateway.Tests.Routing.Targets;

public class VendorLimitsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1s", 1)]
    [InlineData("6m0s", 360)]
    [InlineData("20ms", 0.02)]
    [InlineData("1h2m3.5s", 3723.5)]
    [InlineData("2m59.56s", 179.56)]
    [InlineData("7.66", 7.66)]
    [InlineData("30", 30)]
    [InlineData("1777636830", 30)]
    [InlineData("1777636830000", 30)]
    [InlineData("2026-05-01T12:00:30Z", 30)]
    [InlineData("2026-05-01T14:00:30+02:00", 30)]
    [InlineData("2026-05-01T11:00:00Z", 0)]
    public void A_reset_is_read_however_vendors_write_it(string value, double seconds)
        => Assert.Equal(seconds, LimitReading.ResetOf(value, Now)!.Value.TotalSeconds, 3);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("5x")]
    [InlineData("s")]
    [InlineData("1..5s")]
    [InlineData("-3")]
    [InlineData("-3s")]
    [InlineData("NaN")]
    [InlineData("1e400")]
    [InlineData("2026-99-99T00:00:00Z")]
    [InlineData("99999999999999999999999999d")]
    public void An_odd_reset_is_passed_over(string value) => Assert.Null(LimitReading.ResetOf(value, Now));

    [Fact]
    public void A_model_with_nothing_left_is_not_asked_before_its_reset_and_others_are()
    {
        var limits = Learn(("x-ratelimit-limit-requests", "60"), ("x-ratelimit-remaining-requests", "0"), ("x-ratelimit-reset-requests", "7s"));
        Assert.Equal(TimeSpan.FromSeconds(7), limits.Of("m").WaitFor(10, Now));
        Assert.Equal(TimeSpan.Zero, limits.Of("m").WaitFor(10, Now.AddSeconds(7)));
        Assert.Equal(TimeSpan.Zero, limits.Of("other").WaitFor(10, Now));
    }

    [Theory]
    [InlineData("6m0s")]
    [InlineData("whenever")]
    [InlineData(null)]
    public void At_most_a_minute_is_believed(string? reset)
    {
        var limits = Learn(("x-ratelimit-remaining-tokens", "0"), ("x-ratelimit-reset-tokens", reset));
        Assert.Equal(TimeSpan.FromSeconds(60), limits.Of("m").WaitFor(10, Now));
    }

    [Theory]
    [InlineData("anthropic-ratelimit-requests")]
    [InlineData("anthropic-ratelimit-tokens")]
    [InlineData("anthropic-ratelimit-input-tokens")]
    [InlineData("anthropic-ratelimit-output-tokens")]
    public void Anthropics_limits_are_read(string name)
    {
        var limits = Learn(($"{name}-limit", "1000"), ($"{name}-remaining", "0"), ($"{name}-reset", "2026-05-01T12:00:09Z"));
        Assert.Equal(TimeSpan.FromSeconds(9), limits.Of("m").WaitFor(10, Now));
    }

    [Fact]
    public void What_is_sent_counts_until_the_vendor_says_better_and_a_request_larger_than_the_limit_goes_when_it_is_whole()
    {
        var limits = Learn(("x-ratelimit-limit-tokens", "1000"), ("x-ratelimit-remaining-tokens", "1000"), ("x-ratelimit-reset-tokens", "5s"));
        var model = limits.Of("m");
        Assert.Equal(TimeSpan.Zero, model.WaitFor(5000, Now));
        model.Take(600);
        Assert.Equal(400, model.Remaining(LimitKind.Tokens, Now));
        Assert.Equal(TimeSpan.Zero, model.WaitFor(400, Now));
        Assert.Equal(TimeSpan.FromSeconds(5), model.WaitFor(401, Now));
    }

    [Theory]
    [InlineData("many")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("1e999")]
    public void An_odd_count_is_passed_over(string remaining)
        => Assert.False(Learn(("x-ratelimit-remaining-requests", remaining), ("x-ratelimit-reset-requests", "7s")).Of("m").IsKnown);

    private static VendorLimits Learn(params (string Name, string? Value)[] headers)
    {
        using var response = new HttpResponseMessage();
        foreach (var (name, value) in headers)
            if (value is not null) Assert.True(response.Headers.TryAddWithoutValidation(name, value));
        var limits = new VendorLimits();
        limits.Learn("m", response.Headers, Now);
        return limits;
    }
}
