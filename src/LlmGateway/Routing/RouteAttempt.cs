using System.Diagnostics;
using LlmGateway.Budgets;
using LlmGateway.Client;
using LlmGateway.Telemetry;

namespace LlmGateway.Routing;

/// <summary>One admitted attempt while it is under way. However it ends, it is priced and recorded once, and what was set aside for it is settled when it is disposed.</summary>
internal sealed class RouteAttempt(ILlmProvider provider, BudgetGate budget, Admission admission, Call call, LlmRequest request, TimeProvider time) : IAsyncDisposable
{
    private readonly Activity? _span = CallTelemetry.StartAttempt(provider, request, call.Operation);
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private TimeSpan? _timeToFirstToken;
    private PricedReply? _priced;
    private bool _isRecorded;
    private bool _isSettled;

    /// <summary>Until it is known how the attempt ended: it may have been billed.</summary>
    private (decimal? Usd, CostBasis Basis) _cost = (admission.Amount.Usd, CostBasis.Unknown);

    public void SetFirstToken()
    {
        _timeToFirstToken ??= time.GetElapsedTime(_started);
        call.SetFirstToken();
    }

    public void Succeeded(LlmReply reply)
    {
        Record(CallOutcome.Succeeded, Price(reply, reply.Usage ?? UsageEstimate.Of(request, reply)), null, reply);
        call.SetReply(reply);
    }

    /// <param name="error">What went wrong.</param>
    /// <param name="partial">What was received before; null for nothing. It is billed by its own count.</param>
    public void Failed(ProviderException error, LlmReply? partial)
        => Record(CallOutcome.Failed, partial?.Usage is { } used ? Price(partial, used) : error.IsOutcomeUnknown ? Unknown() : NotBilled(), error, partial);

    /// <param name="partial">What was received before; null for nothing, and then the vendor may yet have billed an answer. What was received is billed by its own count.</param>
    public void Cancelled(LlmReply? partial)
        => Record(CallOutcome.Cancelled, partial?.Usage is { } used ? Price(partial, used) : Unknown(), null, partial);

    /// <summary>The received part of a stream, with a count of what it used: the vendor's so far, and an estimate of what it had not counted yet.</summary>
    public LlmReply Counted(LlmReply received, bool isCut) => received with { Usage = UsageEstimate.AtLeast(received.Usage, request, received, isCut) };

    public async ValueTask DisposeAsync()
    {
        _span?.Dispose();
        if (_isSettled) return;
        _isSettled = true;
        // What is not priced is counted against a limit as what was set aside for it.
        var (cost, basis) = _cost.Usd is null ? (admission.Amount.Usd, CostBasis.Unknown) : _cost;
        await budget.SettleAsync(admission, cost, basis).ConfigureAwait(false);
    }

    private TokenUsage Price(LlmReply reply, TokenUsage usage)
    {
        _priced = budget.Price(provider, request, reply, usage, _startedAt);
        _cost = (_priced.Usage.TotalCostUsd, usage.IsEstimated ? CostBasis.Estimated : CostBasis.Counted);
        return _priced.Usage;
    }

    private TokenUsage Unknown()
    {
        var usage = budget.PriceUnknown(provider, request, call.Operation, _startedAt, admission);
        _cost = (usage.TotalCostUsd, CostBasis.Unknown);
        return usage;
    }

    private TokenUsage NotBilled()
    {
        _cost = (0m, CostBasis.Counted);
        return TokenUsage.Zero;
    }

    private void Record(CallOutcome outcome, TokenUsage usage, ProviderException? error, LlmReply? reply)
    {
        if (_isRecorded) return;
        _isRecorded = true;
        var record = call.AddAttempt(new AttemptRecord
        {
            Number = call.Attempts.Count + 1,
            Ask = call.Asks,
            Provider = provider.Name,
            Model = request.Model,
            AnsweredModel = reply?.Model,
            StartedAt = _startedAt,
            Latency = time.GetElapsedTime(_started),
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
        });
        CallTelemetry.EndAttempt(_span, provider.Endpoint, record, reply, call.Operation);
    }
}
