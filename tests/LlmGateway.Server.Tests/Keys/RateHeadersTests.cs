using System.Net;
using CsCheck;
using LlmGateway.Routing.Targets;
using LlmGateway.Server.Keys;

namespace LlmGateway.Server.Tests.Keys;

public class RateHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, 500, TimeSpan.Zero);

    private static readonly KeyRates Rates = new(new KeyRate(60, 59, TimeSpan.FromSeconds(1)), new KeyRate(150_000, 149_984, TimeSpan.FromMinutes(6)));

    [Theory]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    public void OpenAIs_headers_give_the_time_as_a_duration(string dialect) => Assert.Equal(
        [
            "x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 59", "x-ratelimit-reset-requests: 1s",
            "x-ratelimit-limit-tokens: 150000", "x-ratelimit-remaining-tokens: 149984", "x-ratelimit-reset-tokens: 6m0s",
        ],
        Lines(dialect, Rates));

    [Fact]
    public void Anthropics_headers_give_the_moment() => Assert.Equal(
        [
            "anthropic-ratelimit-requests-limit: 60", "anthropic-ratelimit-requests-remaining: 59", "anthropic-ratelimit-requests-reset: 2026-11-30T12:00:02Z",
            "anthropic-ratelimit-tokens-limit: 150000", "anthropic-ratelimit-tokens-remaining: 149984", "anthropic-ratelimit-tokens-reset: 2026-11-30T12:06:01Z",
        ],
        Lines("anthropic", Rates));

    [Fact]
    public void A_limit_that_a_key_has_not_gives_no_header()
    {
        Assert.Empty(Lines("openai", KeyRates.None));
        Assert.Empty(Lines("gemini", Rates));
        Assert.All(Lines("openai", Rates with { Requests = null }), line => Assert.Contains("tokens", line, StringComparison.Ordinal));
        Assert.Equal(3, Lines("anthropic", Rates with { Tokens = null }).Count());
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ms")]
    [InlineData(20, "20ms")]
    [InlineData(1000, "1s")]
    [InlineData(1500, "1.5s")]
    [InlineData(59_000, "59s")]
    [InlineData(60_000, "1m0s")]
    [InlineData(3_605_000, "1h0m5s")]
    public void A_duration_is_written_as_Go_writes_it(int milliseconds, string text) => Assert.Equal(text, RateHeaders.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void What_our_own_client_reads_is_what_was_meant_and_never_too_early()
        => Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Long[0, TimeSpan.TicksPerHour], Gen.Bool).Sample((limit, left, ticks, isAnthropic) =>
        {
            using var response = new HttpResponseMessage(HttpStatusCode.OK);
            var reset = new TimeSpan(ticks);
            foreach (var (name, value) in RateHeaders.Of(isAnthropic ? "anthropic" : "openai", new KeyRates(new KeyRate(limit, left, reset), null), Now)) response.Headers.Add(name, value);
            var names = VendorLimitHeaders.All.Single(h => h.Kind == LimitKind.Requests && h.Names.Limit.StartsWith('a') == isAnthropic).Names;
            var read = LimitReading.Find(response.Headers, names, Now)!.Value;
            Assert.Equal((limit, left), (read.Limit, read.Remaining));
            Assert.InRange(read.ResetsIn!.Value.TotalMilliseconds, reset.TotalMilliseconds - 0.01, reset.TotalMilliseconds + (isAnthropic ? 1001 : 1.01));
        });

    private static IEnumerable<string> Lines(string dialect, KeyRates rates) => RateHeaders.Of(dialect, rates, Now).Select(header => $"{header.Key}: {header.Value}");
}
