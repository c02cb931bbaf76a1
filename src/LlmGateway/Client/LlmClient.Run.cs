using LlmGateway.Client;
using LlmGateway.StructuredOutput;
using LlmGateway.Telemetry;

namespace LlmGateway;

public sealed partial class LlmClient
{
    private LlmRequest Compose(IEnumerable<LlmMessage> messages, LlmCallOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ObjectDisposedException.ThrowIf(_isDisposed == 1, this);
        options?.Validate();
        IReadOnlyList<LlmMessage> conversation = [.. messages];
        if (conversation.Count == 0) throw new ArgumentException("The conversation is empty: give at least one message.", nameof(messages));
        return new LlmRequest
        {
            Model = options?.Model ?? Model,
            Messages = conversation,
            MaxTokens = options?.MaxTokens ?? _config.MaxTokens,
            MaxTokensIsDefault = options?.MaxTokens is null && !_config.IsMaxTokensSet,
            Temperature = options?.Temperature ?? _config.Temperature,
        };
    }

    /// <summary>The frame of every call: whatever happens inside, one record comes of it, and everything told of the call is told from that.</summary>
    private async Task<LlmResponse<T>> RunAsync<T>(LlmRequest request, Func<Call, LlmRequest, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var call = new Call(_provider.Name, request.Model, _time.GetUtcNow(), _time.GetTimestamp(), _time);
        using var span = CallTelemetry.StartCall(_provider, request, call.Id);
        if (_config.CaptureMessageContent) MessageCapture.Prompt(span, request);
        try
        {
            var content = await ask(call, request, cancellationToken).ConfigureAwait(false);
            return new LlmResponse<T>(content, End(CallOutcome.Succeeded, null));
        }
        catch (GatewayException e)
        {
            e.Record = e switch
            {
                CostLimitExceededException => End(CallOutcome.Refused, ErrorTypes.CostLimit),
                ResponseValidationException => End(CallOutcome.Invalid, ErrorTypes.Validation),
                ProviderException provider => End(CallOutcome.Failed, ErrorTypes.Of(provider.Kind)),
                _ => End(CallOutcome.Failed, ErrorTypes.Of(ProviderErrorKind.Unknown)),
            };
            throw;
        }
        catch (OperationCanceledException)
        {
            End(CallOutcome.Cancelled, ErrorTypes.Cancelled);
            throw;
        }
        catch (Exception e)
        {
            End(CallOutcome.Failed, e.GetType().FullName);
            throw;
        }

        CallRecord End(CallOutcome outcome, string? errorType)
        {
            var record = call.ToRecord(outcome, errorType);
            if (record.Attempts.Count > 0) _costs.AddCall();
            if (_config.CaptureMessageContent) MessageCapture.Answer(span, call.Reply);
            CallTelemetry.EndCall(span, _provider.Endpoint, record, _logger);
            return record;
        }
    }

    private async Task<string> AskTextAsync(Call call, LlmRequest request, CancellationToken cancellationToken)
    {
        var reply = await _route.AskAsync(call, request, cancellationToken).ConfigureAwait(false);
        FinishReasonGuard.Check(reply, request, _provider.Name, mustBeWhole: false);
        if (reply.FinishReason == FinishReason.Length) _logger.TextCut(_provider.Name, request.Model, request.MaxTokens);
        return reply.Text;
    }
}
