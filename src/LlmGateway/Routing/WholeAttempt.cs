using LlmGateway.Budgets;
using LlmGateway.Routing.Targets;

namespace LlmGateway.Routing;

/// <summary>An attempt at an answer in one piece.</summary>
internal sealed class WholeAttempt(RouteRun run, Chosen chosen, LlmRequest request, Admission admission, AttemptPurpose purpose) : Attempt(run, chosen, request, admission, purpose)
{
    /// <summary>The answer, once begun.</summary>
    public LlmReply? Reply { get; private set; }

    public override async Task<ProviderException?> BeginAsync()
    {
        Limit.Allow(Run.AttemptTimeoutOf(Target), TimeLimit.Attempt);
        try
        {
            var reply = await Run.Ask.AskAsync(Target, Request, Limit.Token).ConfigureAwait(false)
                ?? throw new ProviderException(Target.Provider.Name, ProviderErrorKind.MalformedReply, $"{Target.Provider.Name} returned null in place of a reply.");
            if (Run.IsToBeAskedElsewhere(reply, Target) is { } refusal)
            {
                Book.Failed(refusal, Book.Counted(reply, isCut: false));
                return refusal;
            }

            Book.Succeeded(reply);
            Reply = reply;
            return null;
        }
        catch (OperationCanceledException) when (Limit.IsCallerGone)
        {
            Book.Cancelled(null, "the caller cancelled");
            throw;
        }
        catch (OperationCanceledException e) when (Limit.IsAbandoned)
        {
            Book.Cancelled(null, "another target answered first");
            return Classify(e);
        }
        catch (GatewayException e) when (e is not ProviderException)
        {
            // Not the vendor's failure: something that the provider lacks. It is recorded, and goes out as it is.
            Book.Failed(Classify(e), null);
            throw;
        }
        catch (Exception e)
        {
            var error = Classify(e);
            Book.Failed(error, error.PartialReply);
            return error;
        }
        finally
        {
            Limit.Pause();
        }
    }

    protected override ValueTask CloseAsync() => ValueTask.CompletedTask;
}
