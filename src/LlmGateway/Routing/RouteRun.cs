using System.Runtime.InteropServices;
using LlmGateway.Client;
using LlmGateway.Routing.Policies;
using LlmGateway.Routing.Targets;
using LlmGateway.StructuredOutput;
using LlmGateway.Telemetry;

namespace LlmGateway.Routing;

/// <summary>One ask on its way over the targets of a route: which were asked, which are left, and what is done next.</summary>
internal sealed class RouteRun(Router router, Route route, Call call, Ask ask, bool isStreamed, CancellationToken cancellationToken)
{
    private readonly List<(Target Target, ProviderException Error)> _done = [];
    private readonly List<Target> _asked = [];
    private readonly List<Target> _excluded = [];
    private readonly List<PassedOver> _passedOver = [];
    private RequestNeeds? _needs;
    private Target? _again;

    public Router Router => router;

    public Route Route => route;

    public Call Call => call;

    public Ask Ask => ask;

    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>Whether nothing is handed out before the answer is whole.</summary>
    public bool IsBuffered => isStreamed && Rescue.HasFlag(StreamRescue.Buffer);

    public StreamRescue Rescue => route.Rescue ?? router.Config.StreamRescue;

    /// <summary>Whether a retry is left, for a second attempt beside the first or another target.</summary>
    public bool HasRetry => call.Retries < router.Retries.MaxRetries;

    public TimeSpan Remaining() => call.Remaining;

    public TimeSpan AttemptTimeoutOf(Target target) => target.Options.Timeout ?? router.AttemptTimeout;

    /// <summary>The limits of a stream. A model that thinks has none but the attempt's, unless they are set: a long thought is healthy.</summary>
    public StreamWatch WatchOf(Target target, LlmRequest request)
    {
        var isThinking = Thinks(target, request);
        var config = router.Config;
        var firstToken = config.FirstTokenTimeoutSeconds ?? (isThinking || !HasOthers(target) ? null : Router.FirstTokenSeconds);
        var idle = config.IdleTimeoutSeconds ?? (isThinking ? null : Router.IdleSeconds);
        var attempt = AttemptTimeoutOf(target);
        return new StreamWatch(router.Time, Seconds(firstToken), Seconds(idle), attempt, isThinking);

        TimeSpan? Seconds(int? seconds) => seconds is not { } s ? null : TimeSpan.FromSeconds(s) < attempt ? TimeSpan.FromSeconds(s) : attempt;
    }

    /// <summary>What the request needs of a target.</summary>
    public RequestNeeds Needs => _needs ??= new RequestNeeds(ask.Request, call.Tags);

    /// <summary>The targets that are out of the question in this ask.</summary>
    public ReadOnlySpan<Target> Excluded => CollectionsMarshal.AsSpan(_excluded);

    /// <summary>The target to ask now; it has begun.</summary>
    /// <exception cref="ProviderException">None can be asked.</exception>
    public async ValueTask<Chosen> PickAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Remaining() <= TimeSpan.Zero && _done.Count == 0) throw new ProviderException(route.First.Provider.Name, ProviderErrorKind.Timeout, "The time for the whole call is over (LLM_DEADLINE_SECONDS). Nothing was sent.") { IsOutcomeUnknown = false };
        var again = _again;
        _again = null;
        return await Router.PickAsync(this, again).ConfigureAwait(false);
    }

    /// <summary>What the policy says now; null where nobody can be asked at once.</summary>
    public Target? Pick(Target? except = null)
    {
        if (except is not null) _excluded.Add(except);
        var picked = route.Targets.Pick(Needs, Excluded, _passedOver);
        if (except is not null) _excluded.Remove(except);
        foreach (var (target, why) in _passedOver) call.AddSkipped(new SkippedTarget(target.Name, why));
        _passedOver.Clear();
        return picked;
    }

    /// <summary>Whether another target can be asked at once when this one fails.</summary>
    public bool HasOthers(Target target)
    {
        if (route.HasOne) return false;
        var needs = Needs;
        foreach (var other in route.Targets.Targets)
        {
            if (ReferenceEquals(other, target) || _excluded.Contains(other) || !TargetFit.Fits(other, needs)) continue;
            if (other.ObstacleTo(needs, other.Now) is Obstacle.None or Obstacle.Circuit) return true;
        }

        return false;
    }

    /// <summary>Whether nothing has been asked yet.</summary>
    public bool IsFirst => _asked.Count == 0;

    public void Began(Target target)
    {
        _asked.Add(target);
        call.LastAsked = target;
    }

    /// <summary>An attempt has begun to answer: what comes now is its.</summary>
    public void Answers(Attempt attempt)
    {
        call.SetAnswering(attempt.Target, attempt.Book.Number);
        ask.AnsweredBy(attempt.Target);
    }

    public int RequestsTo(Target target)
    {
        var count = 0;
        foreach (var asked in _asked) if (ReferenceEquals(asked, target)) count++;
        return count;
    }

    /// <summary>A reply that the route would rather have from another target; null where it is good as it is.</summary>
    public ProviderException? IsToBeAskedElsewhere(LlmReply reply, Target target)
    {
        if (!route.MovesOnRefusal || reply.FinishReason is not (FinishReason.Refusal or FinishReason.ContentFilter)) return null;
        if (!route.FallbackOn.Contains(reply.FinishReason == FinishReason.Refusal ? ProviderErrorKind.Refusal : ProviderErrorKind.ContentFilter) || !HasRetry || !HasOthers(target)) return null;
        return FinishReasonGuard.Find(reply, ask.Request, target.Provider.Name, mustBeWhole: false);
    }

    /// <summary>Decides what follows a failed attempt, and waits for it.</summary>
    /// <exception cref="ProviderException">Nothing follows.</exception>
    public async Task AfterAsync(Attempt attempt, ProviderException error)
    {
        var target = attempt.Target;
        if (error.Kind == ProviderErrorKind.ContextLength) ExcludeSmaller(target);
        var verdict = Remaining() <= TimeSpan.Zero
            ? new Verdict(NextStep.GiveUp, TimeSpan.Zero, "the time for the whole call is over (LLM_DEADLINE_SECONDS)")
            : router.Retries.After(error, RequestsTo(target), router.Retries.MaxRetries - call.Retries, HasOthers(target), target.Circuit.State != CircuitState.Closed, route.FallbackOn, Remaining());
        if (verdict.Step == NextStep.MoveOn)
        {
            MoveOn(attempt, error, verdict.Because);
            return;
        }

        call.SetNext(attempt.Book.Number, verdict.Because, verdict.Delay > TimeSpan.Zero ? verdict.Delay : null);
        if (verdict.Step == NextStep.GiveUp) throw Final(error, verdict);
        router.Logger.Retrying(attempt.Book.Number, target.Provider.Name, attempt.Request.Model, error.Kind, (long)verdict.Delay.TotalMilliseconds);
        await Task.Delay(verdict.Delay, router.Time, cancellationToken).ConfigureAwait(false);
        _again = target;
    }

    /// <summary>Leaves the rest of the ask to other targets.</summary>
    public void MoveOn(Attempt attempt, ProviderException error, string because)
    {
        if (error.Kind == ProviderErrorKind.ContextLength) ExcludeSmaller(attempt.Target);
        call.SetNext(attempt.Book.Number, because);
        Exclude(attempt.Target, error);
        router.Logger.MovingOn(attempt.Book.Number, attempt.Target.Name, error.Kind, because);
        CallTelemetry.CountFailover(attempt.Target, error.Kind);
    }

    /// <summary>The target is not asked again in this ask.</summary>
    public void Exclude(Target target, ProviderException error)
    {
        _done.Add((target, error));
        _excluded.Add(target);
    }

    /// <summary>The target is passed over in this ask.</summary>
    public void PassOver(Target target, string because)
    {
        _excluded.Add(target);
        call.AddSkipped(new SkippedTarget(target.Name, because));
    }

    /// <summary>The same target again, at once.</summary>
    public void AskAgain(Target target) => _again = target;

    /// <summary>Whether another target may go on with a stream that died of this.</summary>
    public bool CanRescue(ProviderException error, Target died) => Rescue != StreamRescue.Off && IsDeath(error) && HasRetry && Remaining() > TimeSpan.Zero && HasOthers(died);

    public string WhyNoRescue(ProviderException error, Target died)
        => !IsDeath(error) ? $"{error.Kind} would come again"
        : Rescue == StreamRescue.Off ? "streams are not rescued (LLM_STREAM_RESCUE)"
        : Remaining() <= TimeSpan.Zero ? "the time for the whole call is over (LLM_DEADLINE_SECONDS)"
        : !HasOthers(died) ? "there is no other target to go on with the stream (LLM_FALLBACKS)"
        : $"no retry is left of {router.Retries.MaxRetries} (LLM_MAX_RETRIES)";

    /// <summary>The vendor broke off. What it decided (a refusal, a filter) is an answer.</summary>
    private static bool IsDeath(ProviderException error) => error.IsTransient || error.Kind is ProviderErrorKind.Truncated or ProviderErrorKind.MalformedReply;

    /// <summary>No target can take the request, or none that could is left.</summary>
    public ProviderException NobodyCan()
    {
        if (_done.Count > 0) return Final(_done[^1].Error);
        var needs = Needs;
        var reasons = route.Targets.Targets.Where(target => !_excluded.Contains(target)).Select(target => $"{target.Name}: {TargetFit.WhyNot(target, needs)}").Take(10);
        return new ProviderException(
            route.First.Provider.Name, ProviderErrorKind.InvalidRequest,
            $"No target of {(route.Name is { } name ? $"route '{name}'" : "the client")} can take this request: {string.Join("; ", reasons)}. Nothing was sent. Add a target that can, or change the request.")
        { IsOutcomeUnknown = false };
    }

    /// <summary>The error as the caller sees it: with what the vendor asks, and with what the other targets said.</summary>
    public ProviderException Final(ProviderException error, Verdict verdict = default)
    {
        var words = error.Text;
        if (error.IsTransient && RetryPolicy.IsTooLong(error) && verdict.Step == NextStep.GiveUp)
            words += $" The vendor asks to wait {error.RetryAfter!.Value.TotalSeconds} s, longer than the {RetryPolicy.MaxRetryAfter.TotalSeconds} s that a call waits; try again after that.";
        else if (error.IsTransient && error.RetryAfter is { } asked && asked >= Remaining())
            words += $" The vendor asks to wait {asked.TotalSeconds} s, which does not fit the time for the whole call (LLM_DEADLINE_SECONDS).";
        var before = _done.Where(done => !ReferenceEquals(done.Error, error) && !ReferenceEquals(done.Error, error.InnerException)).ToList();
        if (before.Count > 0) words += $" Before it: {string.Join("; ", before.Select(done => $"{done.Target.Name}: {done.Error.Text.TrimEnd('.')}"))}.";
        return words == error.Text ? error : error.With(words);
    }

    /// <summary>Only a target whose window is known to be larger can do better.</summary>
    private void ExcludeSmaller(Target target)
    {
        var least = target.Capabilities.ContextWindow ?? Needs.InputTokens;
        foreach (var other in route.Targets.Targets)
        {
            if (!_asked.Contains(other) && !_excluded.Contains(other) && !(other.Capabilities.ContextWindow > least)) PassOver(other, "its context window is not known to be larger");
        }
    }

    private static bool Thinks(Target target, LlmRequest request) => request.Reasoning switch
    {
        { Enabled: false } => false,
        { Enabled: true } or { BudgetTokens: not (null or 0) } or { Effort: not (null or "none") } => true,
        _ => target.Capabilities.ThinksUnasked == true,
    };
}
