namespace LlmGateway.Routing.Targets;

/// <summary>
/// A place that a route may go to, with its provider and what is known of its health. Thread-safe. It never orders, waits
/// for or retries another: that is the engine's.
/// </summary>
/// <remarks>
/// Two kinds of obstacle: an open circuit only steers, and <see cref="BeginAsync"/> goes past it; what the vendor or the
/// configuration forbids (a cool-down, a limit a minute, the most at once) is waited for. Choosing reads and
/// <see cref="TryBegin"/> takes, atomically: of two that saw the last place, one gets it.
/// </remarks>
internal sealed class Target
{
    private readonly TimeProvider _time;
    private readonly TargetHealth _health;
    private readonly ModelLimits? _vendor;
    private readonly Action<Target, CircuitState>? _circuitChanged;

    public Target(RouteTarget options, ILlmProvider provider, TargetHealth health, Bulkhead? bulkhead, TimeProvider time, Action<Target, CircuitState>? circuitChanged = null)
    {
        Options = options;
        Provider = provider;
        Name = options.ToString();
        Model = options.Model.Length > 0 ? options.Model : provider.DefaultModel;
        Capabilities = provider.GetCapabilities(Model);
        Bulkhead = bulkhead;
        _health = health;
        _time = time;
        _vendor = (provider as IReportsLimits)?.Limits.Of(Model);
        _circuitChanged = circuitChanged;
    }

    /// <summary>As it stands in the route.</summary>
    public string Name { get; }

    public ILlmProvider Provider { get; }

    /// <summary>The model, the provider's default in the place of none.</summary>
    public string Model { get; }

    public RouteTarget Options { get; }

    public ModelCapabilities Capabilities { get; }

    /// <summary>The most at once; null where there is no limit.</summary>
    public Bulkhead? Bulkhead { get; }

    /// <summary>Whether the size of a request matters to when it may be asked.</summary>
    public bool IsLimited => Options.RequestsPerMinute is not null || Options.TokensPerMinute is not null || _vendor is { IsKnown: true };

    public Circuit Circuit => _health.Circuit;

    public LatencyMeter Latency => _health.Latency;

    /// <summary>The attempts under way, over all routes.</summary>
    public int UnderWay => _health.UnderWay;

    /// <summary>Whether its model refused to go on with an answer that the request began (true), or did so (false); null where it was never asked to.</summary>
    public bool? PrefillRefused
    {
        get => _health.PrefillRefused;
        set => _health.PrefillRefused = value;
    }

    /// <summary>The time that <see cref="ObstacleTo"/> and others take; read once a choice.</summary>
    public TimeSpan Now => _time.Now();

    /// <summary>What the least latency goes by: see <see cref="LatencyMeter.Score"/>.</summary>
    public double LatencyScore(TimeSpan now) => _health.Latency.Score(now, _health.UnderWay > 0);

    /// <summary>Why it should not be asked now.</summary>
    public Obstacle ObstacleTo(in RequestNeeds needs, TimeSpan now)
    {
        if (!_health.Circuit.IsAvailable(now)) return Obstacle.Circuit;
        if (_health.CoolUntil > now) return Obstacle.CoolDown;
        if (Bulkhead is { IsFull: true }) return Obstacle.Full;
        if (_vendor is { IsKnown: true } && _vendor.WaitFor(needs.InputTokens, _time.GetUtcNow()) > TimeSpan.Zero) return Obstacle.VendorLimit;
        return _health.Rate.WaitFor(needs.Tokens, Options.RequestsPerMinute, Options.TokensPerMinute, now) > TimeSpan.Zero ? Obstacle.RateLimit : Obstacle.None;
    }

    /// <summary>How long it must not be asked yet, by what the vendor or the configuration forbids; zero where only a place at once, or nothing, is wanting.</summary>
    public TimeSpan MustWait(in RequestNeeds needs, TimeSpan now)
    {
        var wait = Longer(_health.CoolUntil - now, _health.Rate.WaitFor(needs.Tokens, Options.RequestsPerMinute, Options.TokensPerMinute, now));
        return _vendor is { IsKnown: true } ? Longer(wait, _vendor.WaitFor(needs.InputTokens, _time.GetUtcNow())) : wait;
    }

    /// <summary>How long until it should be asked, its circuit included: what the soonest of several is found by.</summary>
    public TimeSpan ShouldWait(in RequestNeeds needs, TimeSpan now) => Longer(MustWait(needs, now), _health.Circuit.NextProbeAt - now);

    /// <summary>Begins an attempt where nothing is in its way.</summary>
    /// <param name="needs">The request.</param>
    /// <param name="atMost">The attempt's time: so long a probe is waited for.</param>
    /// <param name="pass">What ends it.</param>
    /// <param name="isLastResort">Whether it is asked even though its circuit is open.</param>
    /// <returns>What was in its way; <see cref="Obstacle.None"/> where it has begun.</returns>
    public Obstacle TryBegin(in RequestNeeds needs, TimeSpan atMost, out TargetPass pass, bool isLastResort = false)
    {
        pass = default;
        var now = Now;
        if (!isLastResort && !_health.Circuit.IsAvailable(now)) return Obstacle.Circuit;
        if (_health.CoolUntil > now) return Obstacle.CoolDown;
        if (_vendor is { IsKnown: true } && _vendor.WaitFor(needs.InputTokens, _time.GetUtcNow()) > TimeSpan.Zero) return Obstacle.VendorLimit;
        if (Bulkhead is { } bulkhead && !bulkhead.TryEnter()) return Obstacle.Full;
        if (_health.Rate.TryTake(needs.Tokens, Options.RequestsPerMinute, Options.TokensPerMinute, now) > TimeSpan.Zero)
        {
            Bulkhead?.Exit();
            return Obstacle.RateLimit;
        }

        pass = Begin(needs, atMost, now);
        return Obstacle.None;
    }

    /// <summary>Begins an attempt as the last resort: waits for what must be waited for, and asks even though the circuit is open.</summary>
    /// <param name="needs">The request.</param>
    /// <param name="atMost">The attempt's time.</param>
    /// <param name="patience">How long it may wait before it begins; null for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What ends the attempt; null where it can't begin in that time, or too many wait. What was in its way is then <see cref="ObstacleTo"/>.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while it waited.</exception>
    public async ValueTask<TargetPass?> BeginAsync(RequestNeeds needs, TimeSpan atMost, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var until = patience is { } longest ? Now + longest : TimeSpan.MaxValue;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (TryBegin(needs, atMost, out var pass, isLastResort: true))
            {
                case Obstacle.None:
                    return pass;
                case Obstacle.Full:
                    if (!await Bulkhead!.EnterAsync(patience is null ? null : until - Now, cancellationToken).ConfigureAwait(false)) return null;
                    if (TryBeginInside(needs, atMost) is { } inside) return inside;
                    Bulkhead.Exit();
                    break;
                default:
                    break;
            }

            var now = Now;
            var wait = MustWait(needs, now);
            if (wait <= TimeSpan.Zero) continue;
            if (patience is not null && now + wait > until) return null;
            await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The attempt is over: it answered, or failed.</summary>
    /// <param name="pass">What it began with.</param>
    /// <param name="error">How it failed; null where it answered.</param>
    /// <param name="timeToFirst">The time to its first token, or to the whole answer; null for the time until now.</param>
    /// <param name="usage">What it used; null where it is not known, and then the estimate stands.</param>
    public void Ended(in TargetPass pass, ProviderException? error, TimeSpan? timeToFirst, TokenUsage? usage)
    {
        var now = Now;
        if (error is null) _health.Latency.Add(timeToFirst ?? now - pass.StartedAt, now);
        else if (timeToFirst is { } first) _health.Latency.Add(first, now);
        else if (error.Kind == ProviderErrorKind.Timeout) _health.Latency.AddAtLeast(now - pass.StartedAt, now);
        if (error?.RetryAfter is { } retryAfter && retryAfter > TimeSpan.Zero) _health.Cool(now, retryAfter);
        if (usage is { TotalTokens: > 0 }) _health.Rate.Correct(pass.StartedAt, pass.Tokens, usage.TotalTokens, now);
        Leave(pass, AttemptVerdicts.Of(error), now);
    }

    /// <summary>The attempt was given up, by the caller or because another answered first: it says nothing of the target but that it took so long.</summary>
    /// <param name="pass">What it began with.</param>
    /// <param name="timeToFirst">The time to its first token; null where none came.</param>
    public void Abandoned(in TargetPass pass, TimeSpan? timeToFirst = null)
    {
        var now = Now;
        if (timeToFirst is { } first) _health.Latency.Add(first, now);
        else _health.Latency.AddAtLeast(now - pass.StartedAt, now);
        Leave(pass, AttemptVerdict.Unclear, now);
    }

    public override string ToString() => Name;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b)
    {
        var longer = a > b ? a : b;
        return longer > TimeSpan.Zero ? longer : TimeSpan.Zero;
    }

    /// <summary>With a place of the bulkhead taken already.</summary>
    private TargetPass? TryBeginInside(in RequestNeeds needs, TimeSpan atMost)
    {
        var now = Now;
        if (_health.CoolUntil > now) return null;
        if (_vendor is { IsKnown: true } && _vendor.WaitFor(needs.InputTokens, _time.GetUtcNow()) > TimeSpan.Zero) return null;
        return _health.Rate.TryTake(needs.Tokens, Options.RequestsPerMinute, Options.TokensPerMinute, now) > TimeSpan.Zero ? null : Begin(needs, atMost, now);
    }

    private TargetPass Begin(in RequestNeeds needs, TimeSpan atMost, TimeSpan now)
    {
        _vendor?.Take(needs.InputTokens);
        _health.Enter();
        var pass = new TargetPass(now, needs.Tokens, _health.Circuit.Begin(now, atMost, out var halfOpened));
        if (halfOpened) _circuitChanged?.Invoke(this, CircuitState.HalfOpen);
        return pass;
    }

    private void Leave(in TargetPass pass, AttemptVerdict verdict, TimeSpan now)
    {
        _health.Leave();
        Bulkhead?.Exit();
        if (_health.Circuit.End(pass.Circuit, verdict, now)) _circuitChanged?.Invoke(this, _health.Circuit.State);
    }
}
