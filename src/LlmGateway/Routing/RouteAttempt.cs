using System.Diagnostics;
using LlmGateway.Budgets;
using LlmGateway.Client;
using LlmGateway.Telemetry;

namespace LlmGateway.Routing;

/// <summary>One attempt while it is under way. However it ends, it is settled and recorded, once.</summary>
internal sealed class RouteAttempt(ILlmProvider provider, BudgetGate budget, Call call, LlmRequest request, TimeProvider time) : IDisposable
{
    private readonly Activity? _span = CallTelemetry.StartAttempt(provider, request, call.Operation);
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private TimeSpan? _timeToFirstToken;
    private bool _isRecorded;

    public void SetFirstToken()
    {
        _timeToFirstToken ??= time.GetElapsedTime(_started);
        call.SetFirstToken();
    }

    public void Succeeded(LlmReply reply)
    {
        var usage = Settle(reply, reply.Usage ?? UsageEstimate.Of(request, reply));
        Record(CallOutcome.Succeeded, usage, null, reply);
        call.SetReply(reply);
    }

    /// <param name="error">What went wrong.</param>
    /// <param name="partial">What was received before; null for nothing. It is billed by its own count.</param>
    public void Failed(ProviderException error, LlmReply? partial)
        => Record(CallOutcome.Failed, partial?.Usage is { } used ? Settle(partial, used) : TokenUsage.Zero, error, partial);

    /// <param name="partial">What was received before; null for nothing. It is billed by its own count.</param>
    public void Cancelled(LlmReply? partial)
        => Record(CallOutcome.Cancelled, partial?.Usage is { } used ? Settle(partial, used) : TokenUsage.Zero, null, partial);

    /// <summary>The received part of a stream, with a count of what it used: the vendor's so far, and an estimate of what it had not counted yet.</summary>
    public LlmReply Counted(LlmReply received) => received with { Usage = UsageEstimate.AtLeast(received.Usage, request, received) };

    public void Dispose() => _span?.Dispose();

    private TokenUsage Settle(LlmReply reply, TokenUsage usage) => budget.Settle(provider, request.Model, reply, usage, _startedAt);

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
            StartedAt = _startedAt,
            Latency = time.GetElapsedTime(_started),
            TimeToFirstToken = _timeToFirstToken,
            Outcome = outcome,
            ErrorKind = error?.Kind,
            HttpStatus = error?.HttpStatus,
            RequestId = error?.RequestId ?? reply?.RequestId,
            Usage = usage,
        });
        CallTelemetry.EndAttempt(_span, provider.Endpoint, record, reply, call.Operation);
    }
}
