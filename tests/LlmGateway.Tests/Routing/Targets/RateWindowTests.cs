using CsCheck;
using LlmGateway.Routing.Targets;

namespace LlmGateway.Tests.Routing.Targets;

public class RateWindowTests
{
    [Fact]
    public void Never_more_than_the_limit_in_any_minute()
        => Gen.Select(Gen.Int[1, 20], Gen.Int[1, 2000], Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 500]).Array[1, 120]).Sample((requests, tokens, asked) =>
        {
            var window = new RateWindow();
            var now = TimeSpan.FromHours(7);
            var taken = new List<(TimeSpan At, long Tokens)>();
            foreach (var (pause, size) in asked)
            {
                now += TimeSpan.FromMilliseconds(pause);
                var wait = window.TryTake(size, requests, tokens, now);
                if (wait > TimeSpan.Zero)
                {
                    // What it says to wait for is enough.
                    now += wait;
                    if (window.TryTake(size, requests, tokens, now) != TimeSpan.Zero) return false;
                }

                taken.Add((now, Math.Min(size, tokens)));
            }

            return taken.TrueForAll(last =>
            {
                var minute = taken.FindAll(t => t.At <= last.At && t.At > last.At - TimeSpan.FromSeconds(60));
                return minute.Count <= requests && minute.Sum(t => t.Tokens) <= tokens;
            });
        });

    [Fact]
    public void What_was_really_used_counts_in_the_place_of_the_estimate()
    {
        var window = new RateWindow();
        var now = TimeSpan.FromHours(1);
        Assert.Equal(TimeSpan.Zero, window.TryTake(900, null, 1000, now));
        Assert.Equal(TimeSpan.FromSeconds(61), window.WaitFor(200, null, 1000, now));
        window.Correct(now, 900, 300, now + TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, window.TryTake(700, null, 1000, now + TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(59), window.WaitFor(1, null, 1000, now + TimeSpan.FromSeconds(2)));

        // Too late to matter: that minute is over.
        window.Correct(now, 300, 5000, now + TimeSpan.FromSeconds(90));
        Assert.Equal(TimeSpan.Zero, window.WaitFor(1000, null, 1000, now + TimeSpan.FromSeconds(90)));
    }
}
