using LlmGateway.Client;
using LlmGateway.Routing;
using LlmGateway.StructuredOutput.Extraction;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.StructuredOutput;

/// <summary>Asks for an answer of a given shape, reads it, and asks again where it does not fit, up to a bound.</summary>
internal sealed class StructuredAnswer(ILlmProvider provider, Route route, ILogger logger)
{
    /// <exception cref="ResponseValidationException">The last answer allowed was still invalid.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off.</exception>
    public async Task<T> AskAsync<T>(Call call, LlmRequest request, OutputContract<T> contract, OutputPlan plan, int maxReasks, CancellationToken cancellationToken)
    {
        var ask = request;
        while (true)
        {
            var reply = await route.AskAsync(call, ask, cancellationToken).ConfigureAwait(false);
            FinishReasonGuard.Check(reply, request, provider.Name, mustBeWhole: true);

            var answer = plan.AnswerOf(reply);
            var reading = Read(call, answer, contract);
            if (reading.IsValid) return reading.Value;

            call.MarkInvalid();
            if (call.Asks >= maxReasks) throw Failure(contract, answer, reading.Errors, call);
            call.BeginReask();
            logger.Reasking(provider.Name, request.Model, reading.Errors.Count, call.Asks, maxReasks);
            ask = Reask.Compose(request, reply, reading.Errors);
        }
    }

    private static Reading<T> Read<T>(Call call, string answer, OutputContract<T> contract)
    {
        using var reading = AnswerReader.Read(answer, contract.Checks);
        if (reading.Document is null) return Reading<T>.Invalid(reading.Errors);
        call.SetRepairs(reading.Repairs);
        return contract.Read(reading.Document.RootElement);
    }

    private static ResponseValidationException Failure(OutputContract contract, string answer, IReadOnlyList<ValidationError> errors, Call call)
    {
        var shown = contract.IsWrapped ? [.. errors.Select(OutputContract.Unwrap)] : errors;
        var asked = call.Attempts.Count == 1 ? "1 request" : $"{call.Attempts.Count} requests";
        return new ResponseValidationException(
            $"The answer is not a valid {contract.Name} after {asked}: {string.Join("; ", shown.Take(5))}{(shown.Count > 5 ? $"; and {shown.Count - 5} more" : "")}. RawText holds the answer.",
            answer, shown);
    }
}
