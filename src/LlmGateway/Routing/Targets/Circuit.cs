namespace LlmGateway.Routing.Targets;

/// <summary>
/// Keeps a target that fails from being asked, and finds out with few probes when it has recovered. It steers and never
/// refuses: where nothing else is left its target may be asked all the same, and that it then answers closes it.
/// Thread-safe.
/// </summary>
/// <remarks>
/// Invariants: a closed circuit has fewer than 5 failures in a row, and fewer than 10 ends or more good than bad ones in 30 s.
/// At most one probe has the lease. From the moment a circuit opens or a probe begins, at most 15 s pass before the next may
/// begin (<see cref="NextProbeAt"/>), so that a target that recovers is asked again within 30 s. What began before the circuit
/// opened neither closes it nor keeps it open.
/// </remarks>
internal sealed class Circuit
{
    private const int MostInARow = 5;
    private const int LeastCounted = 10;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly OutcomeWindow _window = new();
    private volatile CircuitState _state;
    private TimeSpan _pause;
    private TimeSpan _probeBegan;
    private TimeSpan _nextProbe;
    private int _inARow;
    private int _opened;
    private int _probe;

    public CircuitState State => _state;

    /// <summary>When a probe may begin; <see cref="TimeSpan.Zero"/> where it is closed.</summary>
    public TimeSpan NextProbeAt
    {
        get
        {
            if (_state == CircuitState.Closed) return TimeSpan.Zero;
            lock (_lock) return _state == CircuitState.Closed ? TimeSpan.Zero : _nextProbe;
        }
    }

    /// <summary>Whether the target should be asked now: closed, or its probe is due and nobody's.</summary>
    public bool IsAvailable(TimeSpan now) => _state == CircuitState.Closed || NextProbeAt <= now;

    /// <summary>Says that an attempt begins. Of those that begin once a probe is due, the first is the probe.</summary>
    /// <param name="now">Now.</param>
    /// <param name="lease">How long others wait for the probe: the attempt's time. At most 15 s are granted.</param>
    /// <param name="halfOpened">Whether the state changed.</param>
    public CircuitPass Begin(TimeSpan now, TimeSpan lease, out bool halfOpened)
    {
        halfOpened = false;
        lock (_lock)
        {
            if (_state == CircuitState.Closed || _nextProbe > now) return new CircuitPass(_opened, 0);
            halfOpened = _state != CircuitState.HalfOpen;
            _state = CircuitState.HalfOpen;
            _nextProbe = now + (lease < LongestPause ? lease : LongestPause);
            _probeBegan = now;
            return new CircuitPass(_opened, ++_probe);
        }
    }

    /// <summary>Says how an attempt ended.</summary>
    /// <returns>Whether the state changed.</returns>
    public bool End(CircuitPass pass, AttemptVerdict verdict, TimeSpan now)
    {
        lock (_lock)
        {
            if (_state == CircuitState.Closed) return pass.Opened == _opened && EndClosed(verdict, now);
            if (pass.Opened != _opened) return false;
            return verdict switch
            {
                AttemptVerdict.Works or AttemptVerdict.Busy => Close(),
                // From the probe's beginning: a silent target is not given its timeout on top.
                AttemptVerdict.Failed => IsLeased(pass) && Pause(_probeBegan + Doubled()),
                // The probe told nothing: the next attempt is one.
                _ => IsLeased(pass) && Pause(now),
            };
        }
    }

    private bool EndClosed(AttemptVerdict verdict, TimeSpan now)
    {
        if (verdict is AttemptVerdict.Busy or AttemptVerdict.Unclear) return false;
        var isGood = verdict == AttemptVerdict.Works;
        _window.Add(now, isGood);
        _inARow = isGood ? 0 : _inARow + 1;
        if (isGood || (_inARow < MostInARow && (_window.Bad < _window.Good || _window.Good + _window.Bad < LeastCounted))) return false;
        _opened++;
        _pause = FirstPause;
        return Pause(now + FirstPause);
    }

    private bool IsLeased(CircuitPass pass) => _state == CircuitState.HalfOpen && pass.Probe == _probe;

    private TimeSpan Doubled() => _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;

    private bool Pause(TimeSpan until)
    {
        _nextProbe = until;
        _state = CircuitState.Open;
        return true;
    }

    private bool Close()
    {
        _state = CircuitState.Closed;
        _inARow = 0;
        _window.Clear();
        return true;
    }
}

/// <summary>An attempt, as its circuit knows it.</summary>
/// <param name="Opened">How often the circuit had opened when it began.</param>
/// <param name="Probe">The probe's number; 0 where it is none.</param>
internal readonly record struct CircuitPass(int Opened, int Probe);
