using LlmGateway.Routing.Targets;

namespace LlmGateway.Tests.Routing.Targets;

public class LatencyMeterTests
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);

    [Fact]
    public void The_mean_moves_halfway_to_a_time_that_comes_ten_seconds_later()
    {
        var meter = new LatencyMeter();
        Assert.Null(meter.Mean);
        meter.Add(TimeSpan.FromSeconds(4), Now);
        meter.Add(TimeSpan.FromSeconds(2), Now + TimeSpan.FromSeconds(10));
        Assert.Equal(3.0, meter.Mean!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void It_sinks_by_half_in_ten_seconds_but_not_while_it_is_being_tried()
    {
        var meter = new LatencyMeter();
        Assert.Equal(0, meter.Score(Now, isUnderWay: false));
        Assert.Equal(double.PositiveInfinity, meter.Score(Now, isUnderWay: true));
        meter.Add(TimeSpan.FromTicks(1000), Now);
        Assert.Equal(500, meter.Score(Now + TimeSpan.FromSeconds(10), isUnderWay: false), 6);
        Assert.Equal(1000, meter.Score(Now + TimeSpan.FromSeconds(10), isUnderWay: true), 6);
    }

    [Fact]
    public void What_was_waited_in_vain_only_raises_it()
    {
        var meter = new LatencyMeter();
        meter.Add(TimeSpan.FromSeconds(4), Now);
        meter.AddAtLeast(TimeSpan.FromSeconds(1), Now + TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(4), meter.Mean);
        meter.AddAtLeast(TimeSpan.FromSeconds(8), Now + TimeSpan.FromSeconds(10));
        Assert.Equal(6.0, meter.Mean!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void Percentiles_are_of_the_last_128_times_and_of_20_at_least()
    {
        var meter = new LatencyMeter();
        for (var i = 1; i <= 19; i++) meter.Add(TimeSpan.FromMilliseconds(i), Now);
        Assert.Null(meter.Percentile(0.5));
        meter.Add(TimeSpan.FromMilliseconds(20), Now);
        Assert.Equal(TimeSpan.FromMilliseconds(10), meter.Percentile(0.5));
        Assert.Equal(TimeSpan.FromMilliseconds(19), meter.Percentile(0.95));
        for (var i = 1; i <= 300; i++) meter.Add(TimeSpan.FromMilliseconds(1000 + i), Now);
        Assert.Equal(TimeSpan.FromMilliseconds(1173), meter.Percentile(0.000001));
        Assert.Equal(TimeSpan.FromMilliseconds(1300), meter.Percentile(1));
    }
}
