using LlmGateway.Server.Keys;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Server.Tests.Keys;

public class KeyGateTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly KeyGate _gate;

    public KeyGateTests() => _gate = new KeyGate(_time);

    [Fact]
    public async Task Of_a_thousand_at_once_exactly_as_many_begin_as_the_key_may_in_a_minute()
    {
        var key = Key(new() { RequestsPerMinute = 100 });
        var admitted = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _gate.TryAdmit(key, 1, out var _, out var _))));

        Assert.Equal(100, admitted.Count(let => let));
    }

    [Fact]
    public async Task Of_a_thousand_at_once_exactly_as_many_tokens_begin_as_the_key_may_in_a_minute()
    {
        var key = Key(new() { TokensPerMinute = 2_505 });
        var admitted = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => _gate.TryAdmit(key, 10, out var _, out var _))));

        Assert.Equal(250, admitted.Count(let => let));
    }

    [Fact]
    public async Task Of_a_thousand_at_once_never_more_are_under_way_than_the_key_may_have()
    {
        var key = Key(new() { MaxConcurrent = 7 });
        var (inside, most, refused) = (0, 0, 0);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(async () =>
        {
            if (!_gate.TryAdmit(key, 1, out var lease, out var refusal))
            {
                Assert.Equal((KeyRefusalReason.Concurrency, 7, 0, 1), (refusal.Reason, refusal.Limit, refusal.Remaining, refusal.RetryAfterSeconds));
                Interlocked.Increment(ref refused);
                return;
            }

            using (lease)
            {
                var now = Interlocked.Increment(ref inside);
                int seen;
                while (now > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, seen) != seen)
                {
                }

                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }
        })));

        Assert.InRange(most, 1, 7);
        var leases = Enumerable.Range(0, 7).Select(_ => Admit(key)).ToList();
        Assert.Equal(KeyRefusalReason.Concurrency, Refuse(key).Reason);
        leases[3].Dispose();
        // Ended twice frees one place.
        leases[3].Dispose();
        leases[3].End(5);
        Admit(key);
        Assert.Equal(KeyRefusalReason.Concurrency, Refuse(key).Reason);
    }

    [Fact]
    public void Whoever_waits_as_long_as_is_said_is_let_in_and_a_moment_before_is_not()
    {
        var key = Key(new() { RequestsPerMinute = 3 });
        for (var i = 0; i < 3; i++)
        {
            Admit(key).Dispose();
            _time.Advance(TimeSpan.FromSeconds(7));
        }

        var refusal = Refuse(key);
        Assert.Equal((KeyRefusalReason.RequestsPerMinute, 429, 3, 0), (refusal.Reason, refusal.HttpStatus, refusal.Limit, refusal.Remaining));
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromSeconds(39), TimeSpan.FromSeconds(40));
        _time.Advance(refusal.RetryAfter.Value - TimeSpan.FromTicks(1));
        Refuse(key);
        _time.Advance(TimeSpan.FromTicks(1));
        Admit(key);
        Refuse(key);
    }

    [Fact]
    public void The_tokens_really_used_take_the_place_of_the_estimate()
    {
        var key = Key(new() { TokensPerMinute = 1000 });
        var lease = Admit(key, 900);
        Assert.Equal(100, lease.Rates.Tokens!.Value.Remaining);
        var refusal = Refuse(key, 200);
        Assert.Equal((KeyRefusalReason.TokensPerMinute, 1000, 100), (refusal.Reason, refusal.Limit, refusal.Remaining));

        lease.End(50);
        Assert.Equal(950, _gate.RatesOf(key).Tokens!.Value.Remaining);
        Admit(key, 900).End(null);
        Assert.Equal(50, _gate.RatesOf(key).Tokens!.Value.Remaining);
        // More than estimated may pass what is left; then nothing begins until it is past.
        Admit(key, 10).End(500);
        Assert.Equal(0, _gate.RatesOf(key).Tokens!.Value.Remaining);
        Refuse(key, 1);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(1000, _gate.RatesOf(key).Tokens!.Value.Remaining);
    }

    [Fact]
    public void A_request_that_can_never_fit_is_refused_without_a_time_to_come_again()
    {
        var refusal = Refuse(Key(new() { TokensPerMinute = 1000 }), 1001);

        Assert.Equal((KeyRefusalReason.RequestTooLarge, 429, 1000, 1000), (refusal.Reason, refusal.HttpStatus, refusal.Limit, refusal.Remaining));
        Assert.Null(refusal.RetryAfterSeconds);
    }

    [Fact]
    public void What_is_turned_away_counts_nowhere()
    {
        var key = Key(new() { RequestsPerMinute = 10, TokensPerMinute = 100, MaxConcurrent = 2 });
        var lease = Admit(key, 60);
        for (var i = 0; i < 50; i++) Assert.Equal(KeyRefusalReason.TokensPerMinute, Refuse(key, 60).Reason);
        Admit(key, 10);
        for (var i = 0; i < 50; i++) Assert.Equal(KeyRefusalReason.Concurrency, Refuse(key, 10).Reason);

        Assert.Equal((8, 30), (_gate.RatesOf(key).Requests!.Value.Remaining, _gate.RatesOf(key).Tokens!.Value.Remaining));
        lease.Dispose();
        Admit(key, 30);
    }

    [Fact]
    public void A_change_of_the_limits_holds_at_once()
    {
        var key = Key(new() { RequestsPerMinute = 2 });
        Admit(key);
        Admit(key);
        Refuse(key);

        Admit(key with { RequestsPerMinute = 3 });
        Refuse(key with { RequestsPerMinute = 3 });
        Admit(key with { RequestsPerMinute = null });
    }

    [Fact]
    public void One_key_takes_nothing_of_another()
    {
        var (a, b) = (Key(new() { RequestsPerMinute = 1 }), Key(new() { RequestsPerMinute = 1 }) with { Id = "bbbbbbbbbb" });
        Admit(a);
        Refuse(a);
        Admit(b);
    }

    [Fact]
    public void Keys_that_ask_nothing_any_more_are_forgotten_unless_one_is_under_way()
    {
        var busy = Key(new() { MaxConcurrent = 1 });
        using var lease = Admit(busy);
        for (var i = 0; i < 2000; i++) Admit(busy with { Id = $"k{i}" }).Dispose();
        _time.Advance(TimeSpan.FromMinutes(2));
        for (var i = 0; i < 1100; i++) Admit(busy with { Id = $"l{i}" }).Dispose();

        Assert.InRange(_gate.Counted, 1, 1200);
        Assert.Equal(KeyRefusalReason.Concurrency, Refuse(busy).Reason);
    }

    private KeyLease Admit(VirtualKey key, long tokens = 1)
    {
        Assert.True(_gate.TryAdmit(key, tokens, out var lease, out _));
        return lease;
    }

    private KeyRefusal Refuse(VirtualKey key, long tokens = 1)
    {
        Assert.False(_gate.TryAdmit(key, tokens, out _, out var refusal));
        return refusal;
    }

    private static VirtualKey Key(KeySettings settings) => new(settings) { Id = "aaaaaaaaaa", Prefix = "lgw_aaaaaaaaaa_aaaa", CreatedAt = default };
}
