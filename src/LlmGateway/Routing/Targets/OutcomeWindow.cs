namespace LlmGateway.Routing.Targets;

/// <summary>How many attempts ended well and badly in the last 30 s, by the second. Not thread-safe: its circuit locks.</summary>
internal sealed class OutcomeWindow
{
    private const int Seconds = 30;

    private readonly int[] _good = new int[Seconds];
    private readonly int[] _bad = new int[Seconds];
    private long _last;

    public int Good { get; private set; }

    public int Bad { get; private set; }

    public void Add(TimeSpan now, bool isGood)
    {
        MoveTo(now);
        var slot = (int)(_last % Seconds);
        if (isGood)
        {
            _good[slot]++;
            Good++;
        }
        else
        {
            _bad[slot]++;
            Bad++;
        }
    }

    public void Clear()
    {
        Array.Clear(_good);
        Array.Clear(_bad);
        Good = Bad = 0;
    }

    private void MoveTo(TimeSpan now)
    {
        var second = now.Ticks / TimeSpan.TicksPerSecond;
        if (second - _last >= Seconds) Clear();
        else
            for (var passed = _last + 1; passed <= second; passed++)
            {
                var slot = (int)(passed % Seconds);
                Good -= _good[slot];
                Bad -= _bad[slot];
                _good[slot] = _bad[slot] = 0;
            }

        _last = Math.Max(_last, second);
    }
}
