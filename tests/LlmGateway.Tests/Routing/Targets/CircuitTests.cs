using LlmGateway.Routing.Targets;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Routing.Targets;

public class CircuitTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<CircuitState> _changes = [];
    private readonly Target _target;

    public CircuitTests() => _target = Making.Target(new TargetPool(_time, (_, state) => _changes.Add(state)));

    [Theory]
    [InlineData(ProviderErrorKind.Connection)]
    [InlineData(ProviderErrorKind.Timeout)]
    [InlineData(ProviderErrorKind.ServerError)]
    [InlineData(ProviderErrorKind.Overloaded)]
    [InlineData(ProviderErrorKind.MalformedReply)]
    [InlineData(ProviderErrorKind.Truncated)]
    public void Five_failures_in_a_row_open_it_and_four_do_not(ProviderErrorKind kind)
    {
        for (var i = 0; i < 4; i++) _target.Attempt(kind);
        Assert.Equal(CircuitState.Closed, _target.Circuit.State);
        _target.Attempt(kind);
        Assert.Equal(CircuitState.Open, _target.Circuit.State);
        Assert.Equal([CircuitState.Open], _changes);
        Assert.Equal(Obstacle.Circuit, _target.ObstacleTo(Making.Hello, _target.Now));
    }

    [Theory]
    [InlineData(ProviderErrorKind.RateLimited)]
    [InlineData(ProviderErrorKind.Authentication)]
    [InlineData(ProviderErrorKind.InvalidRequest)]
    [InlineData(ProviderErrorKind.Refusal)]
    [InlineData(ProviderErrorKind.ContentFilter)]
    [InlineData(ProviderErrorKind.ContextLength)]
    [InlineData(ProviderErrorKind.Unknown)]
    public void What_does_not_speak_against_the_vendor_never_opens_it(ProviderErrorKind kind)
    {
        for (var i = 0; i < 100; i++) _target.Attempt(kind);
        Assert.Equal(CircuitState.Closed, _target.Circuit.State);
    }

    [Fact]
    public void An_error_of_the_request_ends_a_row_of_failures_and_being_rate_limited_does_not()
    {
        for (var i = 0; i < 4; i++) _target.Attempt(ProviderErrorKind.ServerError);
        _target.Attempt(ProviderErrorKind.InvalidRequest);
        _target.Attempt(ProviderErrorKind.ServerError);
        Assert.Equal(CircuitState.Closed, _target.Circuit.State);

        for (var i = 0; i < 3; i++) _target.Attempt(ProviderErrorKind.ServerError);
        _target.Attempt(ProviderErrorKind.RateLimited);
        _target.Attempt(ProviderErrorKind.ServerError);
        Assert.Equal(CircuitState.Open, _target.Circuit.State);
    }

    [Fact]
    public void Half_of_ten_in_half_a_minute_open_it()
    {
        for (var i = 0; i < 4; i++) AttemptBoth();
        _target.Attempt();
        Assert.Equal(CircuitState.Closed, _target.Circuit.State);
        _target.Attempt(ProviderErrorKind.ServerError);
        Assert.Equal(CircuitState.Open, _target.Circuit.State);
    }

    [Fact]
    public void What_is_older_than_half_a_minute_counts_no_more()
    {
        for (var i = 0; i < 4; i++) AttemptBoth();
        _time.Advance(TimeSpan.FromSeconds(30));
        _target.Attempt();
        for (var i = 0; i < 4; i++) _target.Attempt(ProviderErrorKind.ServerError);
        Assert.Equal(CircuitState.Closed, _target.Circuit.State);
    }

    [Fact]
    public void One_probe_at_a_time_and_a_success_closes_it()
    {
        _target.Open();
        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.Equal(Obstacle.Circuit, _target.TryBegin(Making.Hello, Making.AttemptTime, out _));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Obstacle.None, _target.TryBegin(Making.Hello, Making.AttemptTime, out var probe));
        Assert.True(probe.IsProbe);
        Assert.Equal(Obstacle.Circuit, _target.TryBegin(Making.Hello, Making.AttemptTime, out _));
        _target.Ended(probe, null, null, null);
        Assert.Equal(Obstacle.None, _target.TryBegin(Making.Hello, Making.AttemptTime, out var next));
        Assert.False(next.IsProbe);
        Assert.Equal([CircuitState.Open, CircuitState.HalfOpen, CircuitState.Closed], _changes);
    }

    [Fact]
    public void Each_failed_probe_doubles_the_pause_up_to_15_s()
    {
        _target.Open();
        foreach (var (pause, next) in new[] { (5, 10), (10, 15), (15, 15) })
        {
            _time.Advance(TimeSpan.FromSeconds(pause));
            _target.Attempt(ProviderErrorKind.Connection);
            Assert.Equal(TimeSpan.FromSeconds(next), _target.Circuit.NextProbeAt - _target.Now);
        }
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(300, 15)]
    public void A_probe_that_never_reports_back_is_waited_for_its_time_and_at_most_15_s(int seconds, int waited)
    {
        _target.Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Obstacle.None, _target.TryBegin(Making.Hello, TimeSpan.FromSeconds(seconds), out var lost));
        _time.Advance(TimeSpan.FromSeconds(waited) - TimeSpan.FromTicks(1));
        Assert.Equal(Obstacle.Circuit, _target.TryBegin(Making.Hello, Making.AttemptTime, out _));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Obstacle.None, _target.TryBegin(Making.Hello, Making.AttemptTime, out var second));
        Assert.True(second.IsProbe);

        // The first one's late failure is not the second one's.
        _target.Ended(lost, Making.Error(ProviderErrorKind.Timeout), null, null);
        Assert.Equal(CircuitState.HalfOpen, _target.Circuit.State);
    }

    [Fact]
    public void A_probe_given_up_makes_the_next_attempt_one()
    {
        _target.Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Obstacle.None, _target.TryBegin(Making.Hello, Making.AttemptTime, out var probe));
        _target.Abandoned(probe);
        Assert.Equal(Obstacle.None, _target.TryBegin(Making.Hello, Making.AttemptTime, out var next));
        Assert.True(next.IsProbe);
    }

    [Fact]
    public void What_began_before_it_opened_neither_closes_it_nor_keeps_it_open()
    {
        _target.TryBegin(Making.Hello, Making.AttemptTime, out var good);
        _target.TryBegin(Making.Hello, Making.AttemptTime, out var bad);
        _target.Open();
        var due = _target.Circuit.NextProbeAt;
        _time.Advance(TimeSpan.FromSeconds(3));
        _target.Ended(good, null, null, null);
        _target.Ended(bad, Making.Error(ProviderErrorKind.Timeout), null, null);
        Assert.Equal((CircuitState.Open, due), (_target.Circuit.State, _target.Circuit.NextProbeAt));
    }

    [Fact]
    public void Asked_as_the_last_resort_its_answer_closes_it()
    {
        _target.Open();
        _target.Attempt();
        Assert.Equal(CircuitState.Closed, _target.Circuit.State);
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(1, 0)]
    [InlineData(20, 0)]
    [InlineData(0.5, 40)]
    public void A_target_down_for_a_minute_is_probed_little_and_asked_again_within_30_s(double every, double failsAfter)
    {
        var (probes, back) = (0, (TimeSpan?)null);
        var began = _target.Now;
        var downFrom = began + TimeSpan.FromSeconds(30);
        var downTo = downFrom + TimeSpan.FromSeconds(60);
        var underWay = new List<(TargetPass Pass, TimeSpan EndsAt)>();
        while (back is null && _target.Now < downTo + TimeSpan.FromMinutes(2))
        {
            foreach (var ended in underWay.FindAll(a => a.EndsAt <= _target.Now)) _target.Ended(ended.Pass, Making.Error(ProviderErrorKind.Timeout), null, null);
            underWay.RemoveAll(a => a.EndsAt <= _target.Now);
            if (_target.TryBegin(Making.Hello, Making.AttemptTime, out var pass) == Obstacle.None)
            {
                if (pass.IsProbe) probes++;
                var isDown = _target.Now >= downFrom && _target.Now < downTo;
                if (isDown) underWay.Add((pass, _target.Now + TimeSpan.FromSeconds(failsAfter)));
                else _target.Ended(pass, null, null, null);
                if (_target.Now >= downTo) back = _target.Now;
            }

            _time.Advance(TimeSpan.FromSeconds(every));
        }

        Assert.NotNull(back);
        Assert.InRange(back.Value - downTo, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.InRange(probes, 0, 8);
    }

    private void AttemptBoth()
    {
        _target.Attempt(ProviderErrorKind.ServerError);
        _target.Attempt();
    }
}
