namespace LlmGateway.Reliability.Tests.Fakes;

/// <summary>
/// A clock that stands still until it is told to jump to the next timer that is due. So a wait takes exactly its time
/// by the clock, and what goes over a socket takes none.
/// </summary>
internal sealed class JumpingClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ClockTimer> _timers = [];
    private DateTimeOffset _now = Start;
    private long _changes;

    public static DateTimeOffset Start { get; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => GetUtcNow() - Start;

    /// <summary>Grows whenever a timer is set or given up.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ClockTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes to the earliest timer, and lets go off what is due then.</summary>
    /// <returns>False where there is none.</returns>
    public bool Jump()
    {
        List<ClockTimer> due;
        lock (_lock)
        {
            if (_timers.Count == 0) return false;
            var next = _timers.Min(timer => timer.Due);
            if (next > _now) _now = next;
            due = [.. _timers.Where(timer => timer.Due <= _now)];
            foreach (var timer in due)
            {
                if (timer.Period is { } period) timer.Due += period;
                else _timers.Remove(timer);
            }
        }

        foreach (var timer in due) timer.GoOff();
        return true;
    }

    private sealed class ClockTimer(JumpingClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan? Period { get; private set; }

        public void GoOff() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                Interlocked.Increment(ref clock._changes);
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._now + dueTime;
                Period = period > TimeSpan.Zero ? period : null;
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
