using LlmGateway.Budget;
using LlmGateway.Client;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Routing;

/// <summary>
/// Carries one ask to a target and tries again where that can help: the only layer that retries. Each attempt is
/// admitted by the budget, timed, settled and recorded, whatever comes of it.
/// </summary>
internal sealed class Route(ILlmProvider provider, BudgetGate budget, RetryPolicy retries, TimeSpan attemptTimeout, TimeProvider time, ILogger logger)
{
    /// <exception cref="CostLimitExceededException">The budget refused an attempt.</exception>
    /// <exception cref="ProviderException">No attempt succeeded.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<LlmReply> AskAsync(Call call, LlmRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            budget.Admit(provider, request.Model, time.GetUtcNow());
            var (reply, error) = await AttemptAsync(call, request, cancellationToken).ConfigureAwait(false);
            if (reply is not null) return reply;

            if (retries.DelayAfter(error!, attempt) is not { } delay)
            {
                if (error!.IsTransient && RetryPolicy.IsTooLong(error)) throw TooLong(error);
                throw error;
            }

            logger.Retrying(call.Attempts.Count, provider.Name, request.Model, error!.Kind, (long)delay.TotalMilliseconds);
            call.SetRetryDelay(delay);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(LlmReply? Reply, ProviderException? Error)> AttemptAsync(Call call, LlmRequest request, CancellationToken cancellationToken)
    {
        using var attempt = new CancellationTokenSource(attemptTimeout, time);
        using var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), attempt);
        using var span = CallTelemetry.StartAttempt(provider, request);
        var startedAt = time.GetUtcNow();
        var started = time.GetTimestamp();
        try
        {
            var reply = await provider.CompleteAsync(request, attempt.Token).ConfigureAwait(false)
                ?? throw new ProviderException(provider.Name, ProviderErrorKind.MalformedReply, $"{provider.Name} returned null in place of a reply.");
            var usage = budget.Settle(provider, request.Model, reply, reply.Usage ?? UsageEstimate.Of(request, reply), startedAt);
            Record(CallOutcome.Succeeded, usage, reply.RequestId, null, reply);
            call.SetReply(reply);
            return (reply, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Record(CallOutcome.Cancelled, TokenUsage.Zero, null, null, null);
            throw;
        }
        catch (Exception e) when (e is not GatewayException or ProviderException)
        {
            var error = Classify(e);
            var partial = error.PartialReply;
            var usage = partial?.Usage is { } used ? budget.Settle(provider, request.Model, partial, used, startedAt) : TokenUsage.Zero;
            Record(CallOutcome.Failed, usage, error.RequestId, error, partial);
            return (null, error);
        }

        void Record(CallOutcome outcome, TokenUsage usage, string? requestId, ProviderException? error, LlmReply? reply)
        {
            var record = call.AddAttempt(new AttemptRecord
            {
                Number = call.Attempts.Count + 1,
                Ask = call.Asks,
                Provider = provider.Name,
                Model = request.Model,
                StartedAt = startedAt,
                Latency = time.GetElapsedTime(started),
                Outcome = outcome,
                ErrorKind = error?.Kind,
                HttpStatus = error?.HttpStatus,
                RequestId = requestId,
                Usage = usage,
            });
            CallTelemetry.EndAttempt(span, provider.Endpoint, record, reply);
        }
    }

    /// <summary>A cancellation that is not the caller's is a time limit: the attempt's, or one of the provider's own.</summary>
    private ProviderException Classify(Exception e) => e switch
    {
        ProviderException known => known,
        OperationCanceledException or TimeoutException => new ProviderException(provider.Name, ProviderErrorKind.Timeout,
            $"{provider.Name} did not answer within {attemptTimeout.TotalSeconds} s (LLM_TIMEOUT_SECONDS).", e),
        _ => new ProviderException(provider.Name, ProviderErrorKind.Unknown, $"{provider.Name} failed: {e.GetType().Name}: {e.Message}", e),
    };

    private ProviderException TooLong(ProviderException error) => new(provider.Name, error.Kind,
        $"{error.Message} The vendor asks to wait {error.RetryAfter!.Value.TotalSeconds} s, longer than the {RetryPolicy.MaxRetryAfter.TotalSeconds} s that a call waits; try again after that.", error)
    {
        HttpStatus = error.HttpStatus,
        VendorCode = error.VendorCode,
        RequestId = error.RequestId,
        RetryAfter = error.RetryAfter,
        PartialReply = error.PartialReply,
    };
}
