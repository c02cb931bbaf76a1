using LlmGateway.Relay;

namespace LlmGateway.Routing;

/// <summary>
/// How long a stream is waited for. Three limits: until the first token, between two tokens, and a least speed. A sign of
/// life counts between tokens, but not for ever. Only time in which the vendor is waited for counts: a slow reader is no
/// fault of the vendor's.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="firstToken">The longest wait for the first token; null for the attempt's time.</param>
/// <param name="idle">The longest silence after it; null for the attempt's time.</param>
/// <param name="attempt">The time for one attempt: the longest time without a token, whatever else comes.</param>
/// <param name="isThinking">Whether the model may think in silence: then signs of life hold longer.</param>
internal sealed class StreamWatch(TimeProvider time, TimeSpan? firstToken, TimeSpan? idle, TimeSpan attempt, bool isThinking)
{
    /// <summary>The least that must come in the time of an attempt: one character a second. The slowest model on a small machine writes more.</summary>
    private const double CharactersASecond = 1;

    /// <summary>How many times the attempt's time a model may think with nothing but signs of life.</summary>
    private const int ThinkingFactor = 5;

    private TimeSpan _waited;
    private long? _waitingSince;
    private TimeSpan _lastToken;
    private TimeSpan _lastLife;
    private TimeSpan _windowStart;
    private long _characters;
    private bool _hasBegun;

    private TimeSpan LongestWithoutToken => isThinking ? attempt * ThinkingFactor : attempt;

    /// <summary>The vendor is waited for from now on.</summary>
    public void Wait(AttemptLimit limit)
    {
        _waitingSince ??= time.GetTimestamp();
        if (!_hasBegun)
        {
            if (firstToken is { } first) limit.Allow(first - _waited, TimeLimit.FirstToken, first);
            else Allow(limit, attempt, TimeLimit.Attempt);
        }
        else if (IsTooSlow())
        {
            limit.Allow(TimeSpan.Zero, TimeLimit.Progress);
        }
        else
        {
            Allow(limit, idle ?? attempt, idle is null ? TimeLimit.Attempt : TimeLimit.Idle);
        }
    }

    /// <summary>The vendor is not waited for: something came, or the stream has ended.</summary>
    public void Pause()
    {
        if (_waitingSince is { } since) _waited += time.GetElapsedTime(since);
        _waitingSince = null;
    }

    public void Saw(LlmDelta delta)
    {
        if (delta is WireDelta { IsNoise: true }) return;
        _lastLife = _waited;
        if (delta is HeaderDelta or UsageDelta or WireDelta) return;
        _lastToken = _waited;
        if (!_hasBegun) (_hasBegun, _windowStart) = (true, _waited);
        _characters += delta switch
        {
            TextDelta text => text.Text.Length,
            ThinkingDelta thinking => thinking.Text.Length,
            ToolCallDelta call => call.ArgumentsJson.Length,
            RefusalDelta refusal => refusal.Text.Length,
            // What comes whole came fast enough.
            _ => (long)(attempt.TotalSeconds * CharactersASecond),
        };
    }

    /// <summary>The silence that is allowed, from the last sign of life on, and never beyond what is allowed without a token.</summary>
    private void Allow(AttemptLimit limit, TimeSpan silence, TimeLimit kind)
    {
        var toSilence = silence - (_waited - _lastLife);
        var toToken = LongestWithoutToken - (_waited - _lastToken);
        if (toToken < toSilence) limit.Allow(toToken, TimeLimit.Progress);
        else limit.Allow(toSilence, kind, silence);
    }

    /// <summary>Judged once for each time of an attempt, by what came in it.</summary>
    private bool IsTooSlow()
    {
        var window = _waited - _windowStart;
        if (isThinking || window < attempt) return false;
        var isTooSlow = _characters < window.TotalSeconds * CharactersASecond;
        (_windowStart, _characters) = (_waited, 0);
        return isTooSlow;
    }
}
