using LlmGateway.Budgets;
using LlmGateway.Client;
using LlmGateway.Routing;
using Microsoft.Extensions.Logging;

namespace LlmGateway.StructuredOutput;

/// <summary>Asks for an answer of a given shape, reads it, and asks again where it does not fit, within the bounds of a policy.</summary>
internal sealed partial class StructuredAnswer(Router router, BudgetGate budget, ILogger logger)
{
    /// <exception cref="ResponseValidationException">The last answer allowed was still invalid.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off.</exception>
    public async Task<T> AskAsync<T>(AnswerLoop<T> loop, CancellationToken cancellationToken)
    {
        do
        {
            var reply = await router.AskAsync(loop.Route, loop.Call, loop.Ask, cancellationToken).ConfigureAwait(false);
            await loop.TakeAsync(reply).ConfigureAwait(false);
        }
        while (!loop.IsDone);
        return loop.Answer;
    }

    public AnswerLoop<T> Begin<T>(Call call, Route route, TypedAsk ask, OutputContract<T> contract, AnswerPolicy policy, Func<T, ValueTask<IEnumerable<ValidationError>>>? check)
    {
        ask.Answers = target =>
        {
            var plan = ask.PlanOf(target);
            (call.OutputMode, call.SchemaNotes) = (plan.Mode, plan.Notes);
        };
        return new(call, route, ask, contract, policy, check, budget, logger);
    }
}
