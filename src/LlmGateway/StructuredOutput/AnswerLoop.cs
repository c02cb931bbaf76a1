using LlmGateway.Budgets;
using LlmGateway.Client;
using LlmGateway.Routing;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// The asks of one typed call: takes each reply, and has either the valid answer or what to ask next. How the replies come,
/// whole or streamed, is not its matter.
/// </summary>
internal sealed class AnswerLoop<T>(
    Call call,
    Route route,
    TypedAsk ask,
    OutputContract<T> contract,
    AnswerPolicy policy,
    Func<T, ValueTask<IEnumerable<ValidationError>>>? check,
    BudgetGate budget,
    ILogger logger)
{
    private bool _hasEnlarged;

    public Call Call => call;

    public OutputContract<T> Contract => contract;

    public Route Route => route;

    /// <summary>What to ask now.</summary>
    public TypedAsk Ask => ask;

    /// <summary>By which way the answer was asked for, of the target that gave it.</summary>
    public OutputPlan Plan => ask.Plan;

    public bool IsDone { get; private set; }

    /// <summary>The valid answer, once done.</summary>
    public T Answer { get; private set; } = default!;

    /// <exception cref="ResponseValidationException">The answer is invalid, and the model is not asked again.</exception>
    /// <exception cref="ProviderException">The reply was refused, filtered or cut.</exception>
    public async ValueTask TakeAsync(LlmReply reply)
    {
        if (await TryEnlargeAsync(reply).ConfigureAwait(false)) return;
        var target = ask.Target;
        FinishReasonGuard.Check(reply, ask.Request, target.Provider.Name, mustBeWhole: true);

        var text = Plan.AnswerOf(reply, ask.Request);
        var reading = await ReadAsync(text).ConfigureAwait(false);
        if (reading.IsValid)
        {
            (Answer, IsDone) = (reading.Value, true);
            return;
        }

        call.MarkInvalid();
        if (WhyNoMore() is { } why) throw Failure(text, reading.Errors, why);
        ask.Correct(reply, reading.Errors);
        // The answer is here: a limit that has no room for another ask makes it an invalid answer, not a refused call.
        if (await budget.WouldRefuseAsync(call, target.Provider, ask.For(target), CancellationToken.None).ConfigureAwait(false) is { } refused) throw Failure(text, reading.Errors, $" It was not asked again: {refused.Message}");
        call.BeginReask();
        logger.Reasking(target.Provider.Name, target.Model, reading.Errors.Count, call.Reasks, policy.MaxReasks);
    }

    /// <summary>A cut answer is not re-asked: the model did nothing wrong. It is asked the same once more, with more room, where the policy names how much, the model has it and it can be paid for.</summary>
    /// <returns>Whether it is to be asked; false also where the answer was not cut.</returns>
    public async ValueTask<bool> TryEnlargeAsync(LlmReply reply)
    {
        if (reply.FinishReason != FinishReason.Length || _hasEnlarged || policy.RetryMaxTokens is not { } larger) return false;
        var target = ask.Target;
        larger = Math.Min(larger, target.Capabilities.MaxOutputTokens ?? larger);
        if (!ask.CanHave(larger, reply)) return false;

        // What came is paid for, and is not given up for an ask that is refused.
        if (await budget.WouldRefuseAsync(call, target.Provider, ask.For(target) with { MaxTokens = larger }, CancellationToken.None).ConfigureAwait(false) is not null) return false;
        _hasEnlarged = true;
        call.MarkCut();
        call.BeginLargerAsk();
        logger.AskingWithMoreTokens(target.Provider.Name, target.Model, ask.For(target).MaxTokens, larger);
        ask.Enlarge(larger);
        return true;
    }

    private async ValueTask<Reading<T>> ReadAsync(string text)
    {
        var answer = contract.Read(text, policy.Coercion, Plan);
        call.SetRepairs(answer.Repairs);
        call.SetCoercions(answer.Coercions);
        if (!answer.Reading.IsValid || check is null) return answer.Reading;
        List<ValidationError> errors = [.. await check(answer.Reading.Value).ConfigureAwait(false) ?? []];
        if (errors.Count == 0) return answer.Reading;
        return Reading<T>.Invalid(contract.IsWrapped ? [.. errors.Select(OutputContract.Wrap)] : errors);
    }

    /// <summary>Why the model is not asked again; null where it may be.</summary>
    private string? WhyNoMore()
    {
        if (call.Reasks >= policy.MaxReasks) return policy.MaxReasks == 0 ? "" : $" It was asked again {policy.MaxReasks} time(s) (LLM_MAX_REASKS).";
        if (call.Remaining <= TimeSpan.Zero) return $" It was not asked again, since the time for the whole call is over (LLM_DEADLINE_SECONDS).";
        if (call.Elapsed >= policy.ReaskWithin) return $" It was not asked again, since {policy.ReaskWithin.TotalSeconds} s had passed (LLM_REASK_WITHIN_SECONDS).";

        return null;
    }

    private ResponseValidationException Failure(string answer, IReadOnlyList<ValidationError> errors, string why)
    {
        var shown = contract.IsWrapped ? [.. errors.Select(OutputContract.Unwrap)] : errors;
        var asked = call.Attempts.Count == 1 ? "1 request" : $"{call.Attempts.Count} requests";
        return new ResponseValidationException(
            $"The answer is not a valid {contract.Name} after {asked}: {string.Join("; ", shown.Take(5).Select(error => error.ToString().TrimEnd('.')))}{(shown.Count > 5 ? $"; and {shown.Count - 5} more" : "")}.{why} RawText holds the answer.",
            answer, shown);
    }
}
