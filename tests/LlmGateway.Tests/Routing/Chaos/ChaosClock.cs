using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Routing.Chaos;

/// <summary>A fake clock that knows when its next timer is due, and moves on only when nobody has anything left to do now.</summary>
internal sealed class ChaosClock() : FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero))
{
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestStep = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly SortedSet<long> _due = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Note(dueTime);
        return new Noted(this, base.CreateTimer(callback, state, dueTime, period));
    }

    /// <summary>Lets time pass until a task is over. The caller's thread is the driver's.</summary>
    /// <param name="start">Starts the task.</param>
    public void Drive(Func<Task> start)
    {
        // Threads that are not of this task, the caller's own among them.
        var others = Busy();
        for (var i = 0; i < 20; i++)
        {
            Thread.Sleep(0);
            others = Math.Min(others, Busy());
        }

        var task = start();
        for (var i = 0; !task.IsCompleted; i++)
        {
            Assert.True(i < 200_000, "The calls do not end.");
            Settle(others);
            if (!task.IsCompleted) Advance(Step());
        }

        task.GetAwaiter().GetResult();
    }

    private static int Busy()
    {
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        return most - free;
    }

    private static void Settle(int others)
    {
        var started = Stopwatch.GetTimestamp();
        for (var quiet = 0; quiet < 2 && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMilliseconds(500);)
        {
            quiet = ThreadPool.PendingWorkItemCount == 0 && Busy() <= others ? quiet + 1 : 0;
            Thread.Yield();
        }
    }

    private TimeSpan Step()
    {
        var now = GetUtcNow().Ticks;
        lock (_lock)
        {
            while (_due.Count > 0 && _due.Min <= now) _due.Remove(_due.Min);
            return _due.Count > 0 && _due.Min - now < LongestStep.Ticks ? TimeSpan.FromTicks(_due.Min - now) : LongestStep;
        }
    }

    private void Note(TimeSpan dueTime)
    {
        if (dueTime <= TimeSpan.Zero || dueTime > TimeSpan.FromDays(1)) return;
        var due = (GetUtcNow() + dueTime).Ticks;
        lock (_lock) _due.Add((due + Grain.Ticks - 1) / Grain.Ticks * Grain.Ticks);
    }

    private sealed class Noted(ChaosClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Note(dueTime);
            return timer.Change(dueTime, period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
