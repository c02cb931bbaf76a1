using System.Diagnostics;
using LlmGateway.Budgets;
using LlmGateway.Client;
using LlmGateway.Routing.Targets;
using LlmGateway.Telemetry;

namespace LlmGateway.Routing;

/// <summary>One admitted attempt while it is under way. However it ends, it is priced and recorded once, and what was set aside for it is settled when it is disposed.</summary>
internal sealed class RouteAttempt(Target target, BudgetGate budget, Admission admission, Call call, LlmRequest request, TimeProvider time) : IAsyncDisposable
{
    private readonly ILlmProvider _provider = target.Provider;
    private readonly Activity? _span = CallTelemetry.StartAttempt(target.Provider, request, call.Operation);
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private readonly int _ask = call.Asks;
    private TimeSpan? _timeToFirstToken;
    private PricedReply? _priced;
    private bool _isRecorded;
    private bool _isSettled;

    /// <summary>Until it is known how the attempt ended: it may have been billed.</summary>
    private (decimal? Usd, CostBasis Basis) _cost = (admission.Amount.Usd, CostBasis.Unknown);

    /// <summary>Its number in the call, from 1.</summary>
    public int Number { get; } = call.BeginAttempt();

    public bool IsHedge { get; init; }

    public StreamRescue? Rescue { get; init; }

    /// <summary>Whether it says nothing of its target; so too where it was never recorded.</summary>
    public bool IsCancelled { get; private set; } = true;

    /// <summary>Why it failed; null where it did not.</summary>
    public ProviderException? Error { get; private set; }

    /// <summary>The tokens used, where they were counted.</summary>
    public TokenUsage? Usage { get; private set; }

    public TimeSpan? TimeToFirstToken => _timeToFirstToken;

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public void SetFirstToken() => _timeToFirstToken ??= Elapsed;

    public void Succeeded(LlmReply reply)
        => Record(CallOutcome.Succeeded, Price(reply, reply.Usage ?? UsageEstimate.Of(request, reply)), null, reply, null);

    /// <param name="error">What went wrong.</param>
    /// <param name="partial">What was received before; null for nothing. It is billed by its own count.</param>
    public void Failed(ProviderException error, LlmReply? partial)
        => Record(CallOutcome.Failed, partial?.Usage is { } used ? Price(partial, used) : error.IsOutcomeUnknown ? Unknown() : NotBilled(), error, partial, error.Message);

    /// <param name="partial">What was received before; null for nothing, and then the vendor may yet have billed an answer. What was received is billed by its own count.</param>
    /// <param name="because">Why.</param>
    public void Cancelled(LlmReply? partial, string because)
        => Record(CallOutcome.Cancelled, partial?.Usage is { } used ? Price(partial, used) : Unknown(), null, partial, because);

    /// <summary>The received part of a stream, with a count of what it used: the vendor's so far, and an estimate of what it had not counted yet.</summary>
    public LlmReply Counted(LlmReply received, bool isCut) => received with { Usage = UsageEstimate.AtLeast(received.Usage, request, received, isCut) };

    public async ValueTask DisposeAsync()
    {
        _span?.Dispose();
        if (_isSettled) return;
        _isSettled = true;
        // What is not priced is counted against a limit as what was set aside for it.
        var (cost, basis) = _cost.Usd is null ? (admission.Amount.Usd, CostBasis.Unknown) : _cost;
        await budget.SettleAsync(call, admission, cost, basis).ConfigureAwait(false);
    }

    private TokenUsage Price(LlmReply reply, TokenUsage usage)
    {
        _priced = budget.Price(_provider, request, reply, usage, _startedAt);
        _cost = (_priced.Usage.TotalCostUsd, usage.IsEstimated ? CostBasis.Estimated : CostBasis.Counted);
        return _priced.Usage;
    }

    private TokenUsage Unknown()
    {
        var usage = budget.PriceUnknown(_provider, request, call.Operation, _startedAt, admission);
        _cost = (usage.TotalCostUsd, CostBasis.Unknown);
        return usage;
    }

    private TokenUsage NotBilled()
    {
        _cost = (0m, CostBasis.Counted);
        return TokenUsage.Zero;
    }

    private void Record(CallOutcome outcome, TokenUsage usage, ProviderException? error, LlmReply? reply, string? because)
    {
        if (_isRecorded) return;
        _isRecorded = true;
        (IsCancelled, Error, Usage) = (outcome == CallOutcome.Cancelled, error, usage.IsEstimated ? null : usage);
        var record = call.AddAttempt(new AttemptRecord
        {
            Number = Number,
            Ask = _ask,
            Provider = _provider.Name,
            Model = request.Model,
            Target = target.Name,
            AnsweredModel = reply?.Model,
            StartedAt = _startedAt,
            Latency = Elapsed,
            TimeToFirstToken = _timeToFirstToken,
            Outcome = outcome,
            ErrorKind = error?.Kind,
            HttpStatus = error?.HttpStatus,
            RequestId = error?.RequestId ?? reply?.RequestId,
            Usage = usage,
            ReservedUsd = admission.ReservedUsd,
            CostBasis = _cost.Basis,
            CostParts = _priced?.Parts ?? [],
            PriceMatch = _priced?.Match,
            ServiceTier = _priced?.ServiceTier,
            BillingRegion = _priced?.Region,
            UnpricedBecause = _priced?.UnpricedBecause,
            IsHedge = IsHedge,
            Rescue = Rescue,
            EndedBecause = because,
        });
        CallTelemetry.EndAttempt(_span, _provider.Endpoint, record, reply, call.Operation);
    }
}
