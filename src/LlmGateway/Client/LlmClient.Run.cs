using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using LlmGateway.Client;
using LlmGateway.Routing;
using LlmGateway.StructuredOutput;
using LlmGateway.Telemetry;

namespace LlmGateway;

public sealed partial class LlmClient
{
    /// <summary>For an answer that is not typed, which no check of a type can be run on.</summary>
    private LlmRequest ComposeUntyped(IEnumerable<LlmMessage> messages, LlmCallOptions? options)
        => options is null || options.GetType() == typeof(LlmCallOptions)
            ? Compose(messages, options)
            : throw new ArgumentException("The options are LlmCallOptions<T>, whose Check is for typed answers: ask with CompleteAsync<T> or StreamAsync<T>, or give LlmCallOptions.", nameof(options));

    private LlmRequest Compose(IEnumerable<LlmMessage> messages, LlmCallOptions? options)
    {
        ArgumentNullException.ThrowIfNull(messages);
        options?.Validate();
        IReadOnlyList<LlmMessage> conversation = [.. messages];
        if (conversation.Count == 0) throw new ArgumentException("The conversation is empty: give at least one message.", nameof(messages));
        return Complete(new LlmRequest
        {
            Model = options?.Model ?? "",
            Messages = conversation,
            MaxTokens = options?.MaxTokens,
            Temperature = options?.Temperature,
            TopP = options?.TopP,
            Seed = options?.Seed,
            StopSequences = options?.StopSequences ?? [],
            Reasoning = options?.Reasoning,
            Tools = options?.Tools ?? [],
            ToolChoice = options?.ToolChoice,
            ParallelToolCalls = options?.ParallelToolCalls,
            Tags = options?.Tags ?? ReadOnlyDictionary<string, string>.Empty,
        });
    }

    /// <summary>Fills in from the configuration what the request leaves open.</summary>
    private LlmRequest Complete(LlmRequest request)
    {
        ObjectDisposedException.ThrowIf(_isDisposed == 1, this);
        if (request.Messages is not { Count: > 0 }) throw new ArgumentException("The conversation is empty: give at least one message.", nameof(request));
        var model = request.Model.Length > 0 ? request.Model : Model;
        if (model.Length == 0) throw new ProviderInitException($"Provider '{Provider}' has no model of its own choice: set LLM_MODEL, or name a model with the call.", Provider, "LLM_MODEL");

        // What came over the wire says all that its caller wants said.
        if (request.Wire is not null) return request.Model == model ? request : request with { Model = model };
        return request with
        {
            Model = model,
            MaxTokens = request.MaxTokens ?? _config.MaxTokens,
            MaxTokensIsDefault = request.MaxTokens is null && !_config.IsMaxTokensSet,
            Temperature = request.Temperature ?? _config.Temperature,
        };
    }

    /// <summary>The frame of every call: whatever happens inside, one record comes of it, and everything told of the call is told from that.</summary>
    private async Task<LlmResponse<T>> RunAsync<T>(LlmRequest request, Func<Call, Route, LlmRequest, CancellationToken, Task<T>> ask, CancellationToken cancellationToken, string operation = TelemetryNames.OperationChat)
    {
        var route = _routes.Of(request, operation);
        var (call, span) = Open(route, request, isStreamed: false, operation);
        using (span)
        {
            try
            {
                var content = await ask(call, route, request, cancellationToken).ConfigureAwait(false);
                return new LlmResponse<T>(content, await CloseAsync(call, span, CallOutcome.Succeeded, null).ConfigureAwait(false));
            }
            catch (Exception e)
            {
                await CloseAsync(call, span, e).ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>The same frame around a call whose answer comes in pieces.</summary>
    private async IAsyncEnumerable<TDelta> RunStreamAsync<TDelta>(LlmRequest request, Func<Call, Route, LlmRequest, CancellationToken, CallStream<TDelta>> begin, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!request.Stream) request = request with { Stream = true };
        var route = _routes.Of(request);
        var (call, span) = Open(route, request, isStreamed: true, TelemetryNames.OperationChat);
        using (span)
        {
            var stream = begin(call, route, request, cancellationToken);
            var deltas = stream.Deltas.GetAsyncEnumerator(cancellationToken);
            var isClosed = false;
            try
            {
                while (true)
                {
                    try
                    {
                        if (!await deltas.MoveNextAsync().ConfigureAwait(false)) break;
                    }
                    catch (Exception e)
                    {
                        isClosed = true;
                        var failed = await CloseAsync(call, span, e).ConfigureAwait(false);
                        stream.Closed?.Invoke(failed);
                        throw;
                    }

                    yield return deltas.Current;
                }

                isClosed = true;
                var record = await CloseAsync(call, span, CallOutcome.Succeeded, null).ConfigureAwait(false);
                stream.Closed?.Invoke(record);
                if (stream.Last is { } last) yield return last(record);
            }
            finally
            {
                try
                {
                    await deltas.DisposeAsync().ConfigureAwait(false);
                }
                finally
                {
                    if (!isClosed)
                    {
                        var left = await CloseAsync(call, span, CallOutcome.Cancelled, ErrorTypes.Cancelled).ConfigureAwait(false);
                        stream.Closed?.Invoke(left);
                    }
                }
            }
        }
    }

    private (Call Call, Activity? Span) Open(Route route, LlmRequest request, bool isStreamed, string operation)
    {
        var call = new Call(route.First.Provider.Name, request.Model, _time.GetUtcNow(), _time.GetTimestamp(), _time)
        {
            IsStreamed = isStreamed,
            Operation = operation,
            Tags = TagsOf(request),
            RouteName = route.Name,
            CallerBudgets = request.Scope?.Budgets ?? [],
            Deadline = _config.DeadlineSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        if (request.Scope is { } scope) scope.Call = call;
        var span = CallTelemetry.StartCall(route.First.Provider, request, call.Id, operation);
        call.TraceId = (span ?? Activity.Current)?.TraceId.ToHexString();
        if (_config.CaptureMessageContent) MessageCapture.Prompt(span, request);
        return (call, span);
    }

    private IReadOnlyDictionary<string, string> TagsOf(LlmRequest request)
    {
        if (request.Tags.Count == 0) return _config.Tags;
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (tag, value) in _config.Tags) tags[tag] = value;
        foreach (var (tag, value) in request.Tags) tags[tag] = value;
        return tags;
    }

    private async ValueTask<CallRecord> CloseAsync(Call call, Activity? span, Exception e)
    {
        var (outcome, errorType) = e switch
        {
            CostLimitExceededException => (CallOutcome.Refused, ErrorTypes.CostLimit),
            UnknownPriceException => (CallOutcome.Refused, ErrorTypes.UnknownPrice),
            LedgerException => (CallOutcome.Refused, ErrorTypes.Ledger),
            ResponseValidationException => (CallOutcome.Invalid, ErrorTypes.Validation),
            ProviderException provider => (CallOutcome.Failed, ErrorTypes.Of(provider.Kind)),
            ToolCallsRequestedException => (CallOutcome.Failed, ErrorTypes.ToolCalls),
            GatewayException => (CallOutcome.Failed, ErrorTypes.Of(ProviderErrorKind.Unknown)),
            OperationCanceledException => (CallOutcome.Cancelled, ErrorTypes.Cancelled),
            _ => (CallOutcome.Failed, e.GetType().FullName),
        };
        var record = await CloseAsync(call, span, outcome, errorType).ConfigureAwait(false);
        if (e is CostLimitExceededException refused) CallTelemetry.CountRefusal(refused.Budget);
        if (e is GatewayException known) known.Record = record;
        return record;
    }

    private async ValueTask<CallRecord> CloseAsync(Call call, Activity? span, CallOutcome outcome, string? errorType)
    {
        var record = call.ToRecord(outcome, errorType);
        if (_config.CaptureMessageContent) MessageCapture.Answer(span, call.Reply);
        CallTelemetry.EndCall(span, (call.AnsweredBy ?? call.LastAsked)?.Provider.Endpoint ?? Endpoint, record, _logger);
        await _budget.WriteAsync(call, record).ConfigureAwait(false);
        return record;
    }

    private Task<LlmReply> AskAsync(Call call, Route route, LlmRequest request, CancellationToken cancellationToken)
        => _router.AskAsync(route, call, new Ask(request), cancellationToken);

    private async Task<string> AskTextAsync(Call call, Route route, LlmRequest request, CancellationToken cancellationToken)
    {
        var reply = await AskAsync(call, route, request, cancellationToken).ConfigureAwait(false);
        var target = call.AnsweredBy!;
        FinishReasonGuard.Check(reply, request, target.Provider.Name, mustBeWhole: false);
        if (reply.FinishReason == FinishReason.Length) _logger.TextCut(target.Provider.Name, target.Model, request.MaxTokens);
        return reply.Text;
    }
}
