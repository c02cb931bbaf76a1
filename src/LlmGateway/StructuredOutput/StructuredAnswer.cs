using LlmGateway.Budgets;
using LlmGateway.Client;
using LlmGateway.Routing;
using Microsoft.Extensions.Logging;

namespace LlmGateway.StructuredOutput;

/// <summary>Asks for an answer of a given shape, reads it, and asks again where it does not fit, within the bounds of a policy.</summary>
internal sealed partial class StructuredAnswer(ILlmProvider provider, Route route, BudgetGate budget, ILogger logger)
{
    /// <exception cref="ResponseValidationException">The last answer allowed was still invalid.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off.</exception>
    public async Task<T> AskAsync<T>(AnswerLoop<T> loop, CancellationToken cancellationToken)
    {
        do
        {
            var reply = await route.AskAsync(loop.Call, loop.Next, cancellationToken).ConfigureAwait(false);
            await loop.TakeAsync(reply).ConfigureAwait(false);
        }
        while (!loop.IsDone);
        return loop.Answer;
    }

    public AnswerLoop<T> Begin<T>(Call call, LlmRequest request, OutputContract<T> contract, OutputPlan plan, AnswerPolicy policy, Func<T, ValueTask<IEnumerable<ValidationError>>>? check)
        => new(call, request, contract, plan, policy, check, provider, budget, logger);
}
