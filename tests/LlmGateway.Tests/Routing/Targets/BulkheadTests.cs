using LlmGateway.Routing.Targets;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Routing.Targets;

public class BulkheadTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_longest_is_next()
    {
        var bulkhead = new Bulkhead(1, 2, _time);
        Assert.True(bulkhead.TryEnter());
        var first = bulkhead.EnterAsync(null, Token).AsTask();
        var second = bulkhead.EnterAsync(null, Token).AsTask();
        Assert.False(await bulkhead.EnterAsync(null, Token));
        bulkhead.Exit();
        Assert.True(await first);
        Assert.False(second.IsCompleted);
        Assert.False(bulkhead.TryEnter());
        bulkhead.Exit();
        Assert.True(await second);
        bulkhead.Exit();
        Assert.Equal((0, 0), (bulkhead.Inside, bulkhead.Waiting));
    }

    [Fact]
    public async Task Who_is_cancelled_or_out_of_time_leaves_the_queue()
    {
        var bulkhead = new Bulkhead(1, 9, _time);
        Assert.True(bulkhead.TryEnter());
        using var source = new CancellationTokenSource();
        var cancelled = bulkhead.EnterAsync(null, source.Token).AsTask();
        var late = bulkhead.EnterAsync(TimeSpan.FromSeconds(2), Token).AsTask();
        var patient = bulkhead.EnterAsync(TimeSpan.FromSeconds(3), Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await late);
        Assert.Equal(1, bulkhead.Waiting);
        bulkhead.Exit();
        Assert.True(await patient);
    }

    [Fact]
    public async Task Under_cancellations_no_place_is_lost_and_never_more_are_inside()
    {
        var bulkhead = new Bulkhead(3, 1000, TimeProvider.System);
        var (inside, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 300; i++)
            {
                using var source = new CancellationTokenSource();
                var entering = bulkhead.EnterAsync(null, source.Token);
                if (random.Next(3) == 0) await source.CancelAsync();
                try
                {
                    Assert.True(await entering);
                }
                catch (OperationCanceledException)
                {
                    continue;
                }

                var now = Interlocked.Increment(ref inside);
                for (var seen = most; seen < now && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = most) { }
                if (random.Next(2) == 0) await Task.Yield();
                Interlocked.Decrement(ref inside);
                bulkhead.Exit();
            }
        }, Token)));

        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (bulkhead.Inside, bulkhead.Waiting));
    }
}
