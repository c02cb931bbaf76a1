using LlmGateway.Budgets;
using LlmGateway.Client;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Routing;

/// <summary>
/// Carries one ask to a target and tries again where that can help: the only layer that retries. Each attempt is
/// admitted by the budget, timed, settled and recorded, whatever comes of it.
/// </summary>
internal sealed partial class Route(ILlmProvider provider, BudgetGate budget, RetryPolicy retries, TimeSpan attemptTimeout, TimeProvider time, ILogger logger)
{
    private readonly ILlmProvider _provider = provider;
    private readonly TimeSpan _attemptTimeout = attemptTimeout;
    private readonly TimeProvider _time = time;

    /// <exception cref="CostLimitExceededException">The budget refused an attempt.</exception>
    /// <exception cref="ProviderException">No attempt succeeded.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public Task<LlmReply> AskAsync(Call call, LlmRequest request, CancellationToken cancellationToken)
        => AskAsync(call, request, _provider.CompleteAsync, cancellationToken);

    /// <summary>The same for another way of asking the provider.</summary>
    /// <exception cref="CostLimitExceededException">The budget refused an attempt.</exception>
    /// <exception cref="ProviderException">No attempt succeeded.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<LlmReply> AskAsync(Call call, LlmRequest request, Func<LlmRequest, CancellationToken, Task<LlmReply>> ask, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var admission = await budget.AdmitAsync(call, _provider, request, cancellationToken).ConfigureAwait(false);
            var (reply, error) = await AttemptAsync(call, request, admission, ask, cancellationToken).ConfigureAwait(false);
            if (reply is not null) return reply;

            await WaitOrThrowAsync(call, request, error!, attempt, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the next attempt; throws the error where there is to be none.</summary>
    private async Task WaitOrThrowAsync(Call call, LlmRequest request, ProviderException error, int attempt, CancellationToken cancellationToken)
    {
        if (retries.DelayAfter(error, attempt, call.Retries) is not { } delay) throw error.IsTransient && RetryPolicy.IsTooLong(error) ? TooLong(error) : error;
        logger.Retrying(call.Attempts.Count, _provider.Name, request.Model, error.Kind, (long)delay.TotalMilliseconds);
        call.SetRetryDelay(delay);
        await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(LlmReply? Reply, ProviderException? Error)> AttemptAsync(Call call, LlmRequest request, Admission admission, Func<LlmRequest, CancellationToken, Task<LlmReply>> ask, CancellationToken cancellationToken)
    {
        var attempt = Begin(call, request, admission);
        await using var settled = attempt.ConfigureAwait(false);
        using var limit = new CancellationTokenSource(_attemptTimeout, _time);
        using var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), limit);
        try
        {
            var reply = await ask(request, limit.Token).ConfigureAwait(false)
                ?? throw new ProviderException(_provider.Name, ProviderErrorKind.MalformedReply, $"{_provider.Name} returned null in place of a reply.");
            attempt.Succeeded(reply);
            return (reply, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            attempt.Cancelled(null);
            throw;
        }
        catch (GatewayException e) when (e is not ProviderException)
        {
            // Not the vendor's failure: something that the provider lacks. It is recorded, and goes out as it is.
            attempt.Failed(Classify(e), null);
            throw;
        }
        catch (Exception e)
        {
            var error = Classify(e);
            attempt.Failed(error, error.PartialReply);
            return (null, error);
        }
    }

    private RouteAttempt Begin(Call call, LlmRequest request, Admission admission) => new(_provider, budget, admission, call, request, _time);

    /// <summary>A cancellation that is not the caller's is a time limit: the attempt's, or one of the provider's own.</summary>
    private ProviderException Classify(Exception e) => e switch
    {
        ProviderException known => known,
        OperationCanceledException or TimeoutException => new ProviderException(_provider.Name, ProviderErrorKind.Timeout,
            $"{_provider.Name} did not answer within {_attemptTimeout.TotalSeconds} s (LLM_TIMEOUT_SECONDS).", e),
        // Something that the provider lacks, such as a key: nothing was sent.
        GatewayException => new ProviderException(_provider.Name, ProviderErrorKind.Unknown, e.Message, e) { IsOutcomeUnknown = false },
        _ => new ProviderException(_provider.Name, ProviderErrorKind.Unknown, $"{_provider.Name} failed: {e.GetType().Name}: {e.Message}", e),
    };

    private ProviderException TooLong(ProviderException error) => new(_provider.Name, error.Kind,
        $"{error.Message} The vendor asks to wait {error.RetryAfter!.Value.TotalSeconds} s, longer than the {RetryPolicy.MaxRetryAfter.TotalSeconds} s that a call waits; try again after that.", error)
    {
        HttpStatus = error.HttpStatus,
        VendorCode = error.VendorCode,
        RequestId = error.RequestId,
        RetryAfter = error.RetryAfter,
        PartialReply = error.PartialReply,
    };
}
