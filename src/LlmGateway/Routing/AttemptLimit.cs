namespace LlmGateway.Routing;

/// <summary>Which limit of time ends an attempt.</summary>
internal enum TimeLimit
{
    /// <summary>The time for one attempt.</summary>
    Attempt,

    /// <summary>The wait for the first token.</summary>
    FirstToken,

    /// <summary>The silence between two tokens.</summary>
    Idle,

    /// <summary>The time in which a stream brought next to nothing.</summary>
    Progress,

    /// <summary>The time for the whole call.</summary>
    Deadline,
}

/// <summary>
/// Ends one attempt: when the caller leaves, when it is not wanted any more, or when a time is over, which never reaches
/// beyond the call's deadline. It runs only while the vendor is waited for, never while the caller is busy with a piece.
/// </summary>
/// <remarks>
/// A stream allows a new time with each piece, and to set a timer is dear: one that runs is left alone where it is due
/// earlier than what is allowed now, and when it is, it looks whether the time has been moved on meanwhile.
/// </remarks>
internal sealed class AttemptLimit : IDisposable
{
    private const long Never = long.MaxValue;
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _registration;
    private readonly TimeProvider _time;
    private readonly Func<TimeSpan> _remaining;
    private readonly CancellationToken _caller;
    private ITimer? _timer;
    private TimeSpan _limit;

    /// <summary>When the time is over, and when the timer looks whether it is: timestamps.</summary>
    private long _due = Never;
    private long _looks = Never;
    private bool _isDisposed;

    public AttemptLimit(TimeProvider time, Func<TimeSpan> remaining, CancellationToken caller)
    {
        _registration = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
        (_time, _remaining, _caller) = (time, remaining, caller);
    }

    public CancellationToken Token => _source.Token;

    public TimeLimit Kind { get; private set; }

    public bool IsCallerGone => _caller.IsCancellationRequested;

    /// <summary>Whether another attempt has answered first.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Waits so long, and no longer.</summary>
    /// <param name="time">What is left of the limit.</param>
    /// <param name="kind">Which limit.</param>
    /// <param name="limit">The whole of it, for the message; null where nothing of it is used up.</param>
    public void Allow(TimeSpan time, TimeLimit kind, TimeSpan? limit = null)
    {
        var remaining = _remaining();
        var isShort = remaining < time;
        (_limit, Kind) = (limit ?? time, isShort ? TimeLimit.Deadline : kind);
        var allowed = isShort ? remaining : time;
        if (allowed <= TimeSpan.Zero)
        {
            _source.Cancel();
            return;
        }

        var due = _time.GetTimestamp() + (long)(allowed.TotalSeconds * _time.TimestampFrequency);
        lock (_lock)
        {
            Volatile.Write(ref _due, due);
            if (due < _looks) LookIn(allowed, due);
        }
    }

    /// <summary>The vendor is not waited for.</summary>
    public void Pause() => Volatile.Write(ref _due, Never);

    /// <summary>Another attempt has answered first. This one may be over already.</summary>
    public void Abandon()
    {
        IsAbandoned = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    /// <summary>What a cancellation says that is not the caller's.</summary>
    public string Describe(string provider) => Kind switch
    {
        _ when !_source.IsCancellationRequested => $"{provider} gave up by a time limit of its own.",
        TimeLimit.FirstToken => $"{provider} sent no token within {_limit.TotalSeconds} s (LLM_FIRST_TOKEN_TIMEOUT_SECONDS).",
        TimeLimit.Idle => $"{provider} sent nothing for {_limit.TotalSeconds} s in the middle of its answer (LLM_IDLE_TIMEOUT_SECONDS).",
        TimeLimit.Progress => $"{provider} keeps its stream open and sends next to nothing.",
        TimeLimit.Deadline => $"{provider} had not answered when the time for the whole call was over (LLM_DEADLINE_SECONDS).",
        _ => $"{provider} did not answer within {_limit.TotalSeconds} s (LLM_TIMEOUT_SECONDS).",
    };

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }

        _registration.Dispose();
        _source.Dispose();
    }

    private void LookIn(TimeSpan time, long at)
    {
        _looks = at;
        _timer ??= _time.CreateTimer(static limit => ((AttemptLimit)limit!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(time < Least ? Least : time, Timeout.InfiniteTimeSpan);
    }

    private void Look()
    {
        lock (_lock)
        {
            if (_isDisposed) return;
            var due = Volatile.Read(ref _due);
            _looks = Never;
            if (due == Never) return;
            var left = _time.GetElapsedTime(_time.GetTimestamp(), due);
            if (left > TimeSpan.Zero)
            {
                LookIn(left, due);
                return;
            }
        }

        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }
}
