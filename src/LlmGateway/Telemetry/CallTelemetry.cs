using System.Diagnostics;
using System.Diagnostics.Metrics;
using LlmGateway.Routing.Targets;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Telemetry;

/// <summary>
/// Projects the record of a call onto a span, metrics and a log line, and the record of an attempt onto its child span.
/// Nothing here is counted or measured anew.
/// </summary>
internal static class CallTelemetry
{
    private static readonly ActivitySource Source = new(TelemetryNames.Source);
    private static readonly Meter Meter = new(TelemetryNames.Source);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram(
        TelemetryNames.OperationDuration, "s", "How long a call took.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] });

    private static readonly Histogram<double> FirstChunk = Meter.CreateHistogram(
        TelemetryNames.OperationTimeToFirstChunk, "s", "How long until the first piece of a streamed answer came.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] });

    private static readonly Histogram<long> Tokens = Meter.CreateHistogram(
        TelemetryNames.TokenUsage, "{token}", "Tokens used by a call, over all its attempts.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] });

    private static readonly Histogram<double> Cost = Meter.CreateHistogram(
        TelemetryNames.CallCost, "USD", "What a call cost, where its price is known.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5] });

    private static readonly Counter<long> Attempts = Meter.CreateCounter<long>(TelemetryNames.Attempts, "{attempt}", "Requests made to providers.");

    private static readonly Counter<long> Failovers = Meter.CreateCounter<long>(TelemetryNames.Failovers, "{failover}", "Asks that moved on to another target.");

    private static readonly Counter<long> Rescues = Meter.CreateCounter<long>(TelemetryNames.Rescues, "{rescue}", "Streams that had died and that another target went on with.");

    private static readonly Counter<long> CircuitChanges = Meter.CreateCounter<long>(TelemetryNames.CircuitChanges, "{change}", "Changes of a target's circuit.");

    private static readonly Counter<long> Alerts = Meter.CreateCounter<long>(TelemetryNames.BudgetAlerts, "{alert}", "Thresholds of budgets that were passed.");

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(TelemetryNames.BudgetRefusals, "{request}", "Requests that a budget had no room for, and that were not sent.");

    /// <summary>By the budget alone, not by the value of its tag, which may be any number.</summary>
    public static void CountAlert(BudgetAlert alert)
        => Alerts.Add(1, new TagList { { TelemetryNames.Budget, alert.Budget.Split('/')[0] }, { TelemetryNames.BudgetThreshold, (double)alert.Threshold } });

    public static void CountRefusal(string budget) => Refusals.Add(1, new TagList { { TelemetryNames.Budget, budget.Split('/')[0] } });

    public static void CountFailover(Target from, ProviderErrorKind kind)
        => Failovers.Add(1, new TagList { { TelemetryNames.Target, from.Name }, { TelemetryNames.ErrorType, ErrorTypes.Of(kind) } });

    public static void CountRescue(Target died, Target by, StreamRescue kind)
        => Rescues.Add(1, new TagList { { TelemetryNames.Target, by.Name }, { TelemetryNames.DiedTarget, died.Name }, { TelemetryNames.RescueKind, kind.ToString().ToLowerInvariant() } });

    public static void CountCircuit(string target, string state)
        => CircuitChanges.Add(1, new TagList { { TelemetryNames.Target, target }, { TelemetryNames.CircuitState, state } });

    public static Activity? StartCall(ILlmProvider provider, LlmRequest request, string callId, string operation)
    {
        var span = Start(provider, request, ActivityKind.Internal, operation);
        if (span is { IsAllDataRequested: true }) span.SetTag(TelemetryNames.CallId, callId);
        return span;
    }

    public static Activity? StartAttempt(ILlmProvider provider, LlmRequest request, string operation) => Start(provider, request, ActivityKind.Client, operation);

    public static void EndAttempt(Activity? span, Uri? endpoint, AttemptRecord attempt, LlmReply? reply, string operation)
    {
        if (Attempts.Enabled)
        {
            var tags = MetricTags(attempt.Provider, endpoint, attempt.Model, reply?.Model, operation);
            if (attempt.ErrorKind is { } kind) tags.Add(TelemetryNames.ErrorType, ErrorTypes.Of(kind));
            else if (attempt.Outcome == CallOutcome.Cancelled) tags.Add(TelemetryNames.ErrorType, ErrorTypes.Cancelled);
            Attempts.Add(1, tags);
        }

        if (span is not { IsAllDataRequested: true }) return;
        span.SetTag(TelemetryNames.AttemptNumber, attempt.Number);
        span.SetTag(TelemetryNames.Ask, attempt.Ask);
        span.SetTag(TelemetryNames.Target, attempt.Target);
        if (attempt.IsHedge) span.SetTag(TelemetryNames.IsHedge, true);
        if (attempt.Rescue is { } rescue) span.SetTag(TelemetryNames.RescueKind, rescue.ToString().ToLowerInvariant());
        if (attempt.HttpStatus is { } status) span.SetTag(TelemetryNames.HttpStatus, status);
        if (attempt.RequestId is { } requestId) span.SetTag(TelemetryNames.RequestId, requestId);
        if (attempt.TimeToFirstToken is { } first) span.SetTag(TelemetryNames.TimeToFirstChunk, first.TotalSeconds);
        SetReply(span, reply?.Model, reply?.Id, reply is null ? null : reply.VendorFinishReason ?? Word(reply.FinishReason));
        SetUsage(span, attempt.Usage);
        if (attempt.ReservedUsd is { } reserved) span.SetTag(TelemetryNames.ReservedUsd, (double)reserved);
        if (attempt.CostBasis != CostBasis.Counted) span.SetTag(TelemetryNames.CostBasis, attempt.CostBasis.ToString().ToLowerInvariant());
        SetError(span, attempt.ErrorKind is { } kindOfError ? ErrorTypes.Of(kindOfError) : attempt.Outcome == CallOutcome.Cancelled ? ErrorTypes.Cancelled : null);
    }

    public static void EndCall(Activity? span, Uri? endpoint, CallRecord record, ILogger logger)
    {
        if (span is { IsAllDataRequested: true }) Project(span, record);
        Measure(record, endpoint);
        Write(logger, record);
    }

    private static Activity? Start(ILlmProvider provider, LlmRequest request, ActivityKind kind, string operation)
    {
        if (!Source.HasListeners()) return null;
        var tags = new ActivityTagsCollection
        {
            { TelemetryNames.OperationName, operation },
            { TelemetryNames.ProviderName, TelemetryNames.ProviderNameOf(provider.Name) },
            { TelemetryNames.RequestModel, request.Model },
            { TelemetryNames.Provider, provider.Name },
        };
        if (request.OutputSchema is not null || request.OutputType is not null) tags.Add(TelemetryNames.OutputType, "json");
        if (request.MaxTokens is { } maxTokens) tags.Add(TelemetryNames.RequestMaxTokens, maxTokens);
        if (request.Temperature is { } temperature) tags.Add(TelemetryNames.RequestTemperature, temperature);
        if (request.Stream) tags.Add(TelemetryNames.RequestStream, true);
        if (request.TopP is { } topP) tags.Add(TelemetryNames.RequestTopP, topP);
        if (request.TopK is { } topK) tags.Add(TelemetryNames.RequestTopK, topK);
        if (request.Seed is { } seed) tags.Add(TelemetryNames.RequestSeed, seed);
        if (request.FrequencyPenalty is { } frequency) tags.Add(TelemetryNames.RequestFrequencyPenalty, frequency);
        if (request.PresencePenalty is { } presence) tags.Add(TelemetryNames.RequestPresencePenalty, presence);
        if (request.StopSequences.Count > 0) tags.Add(TelemetryNames.RequestStopSequences, request.StopSequences.ToArray());
        if (provider.Endpoint is { Host.Length: > 0 } endpoint)
        {
            tags.Add(TelemetryNames.ServerAddress, endpoint.Host);
            if (endpoint.Port >= 0) tags.Add(TelemetryNames.ServerPort, endpoint.Port);
        }

        return Source.StartActivity(kind, tags: tags, name: $"{operation} {request.Model}");
    }

    private static void Project(Activity span, CallRecord record)
    {
        span.SetTag(TelemetryNames.Outcome, Word(record.Outcome));
        span.SetTag(TelemetryNames.ProviderName, TelemetryNames.ProviderNameOf(record.Provider));
        span.SetTag(TelemetryNames.Provider, record.Provider);
        if (record.Route is { } route) span.SetTag(TelemetryNames.Route, route);
        if (record.Rescues > 0) span.SetTag(TelemetryNames.RescueCount, record.Rescues);
        span.SetTag(TelemetryNames.AttemptCount, record.Attempts.Count);
        span.SetTag(TelemetryNames.ReaskCount, record.Reasks);
        span.SetTag(TelemetryNames.RepairCount, record.Repairs.Count);
        span.SetTag(TelemetryNames.LossCount, record.Losses.Count);
        if (record.TimeToFirstToken is { } first) span.SetTag(TelemetryNames.TimeToFirstChunk, first.TotalSeconds);
        if (record.OutputMode is { } mode) span.SetTag(TelemetryNames.OutputMode, Word(mode));
        SetReply(span, record.FinishReason is null ? null : record.Model, record.ResponseId, record.FinishReason is { } reason ? record.VendorFinishReason ?? Word(reason) : null);
        SetUsage(span, record.Usage);
        SetError(span, record.ErrorType);
    }

    private static void SetReply(Activity span, string? model, string? id, string? finishReason)
    {
        if (model is not null) span.SetTag(TelemetryNames.ResponseModel, model);
        if (id is not null) span.SetTag(TelemetryNames.ResponseId, id);
        if (finishReason is not null) span.SetTag(TelemetryNames.ResponseFinishReasons, new[] { finishReason });
    }

    private static void SetUsage(Activity span, TokenUsage usage)
    {
        if (usage.TotalTokens > 0)
        {
            span.SetTag(TelemetryNames.InputTokens, usage.InputTokens);
            span.SetTag(TelemetryNames.OutputTokens, usage.OutputTokens);
        }

        if (usage.CacheReadTokens > 0) span.SetTag(TelemetryNames.CacheReadTokens, usage.CacheReadTokens);
        if (usage.CacheWriteTokens > 0) span.SetTag(TelemetryNames.CacheCreationTokens, usage.CacheWriteTokens);
        if (usage.ReasoningTokens > 0) span.SetTag(TelemetryNames.ReasoningTokens, usage.ReasoningTokens);
        if (usage.IsEstimated) span.SetTag(TelemetryNames.UsageEstimated, true);
        if (usage.TotalCostUsd is { } total) span.SetTag(TelemetryNames.CostUsd, (double)total);
        if (usage.InputCostUsd is { } input) span.SetTag(TelemetryNames.InputCostUsd, (double)input);
        if (usage.OutputCostUsd is { } output) span.SetTag(TelemetryNames.OutputCostUsd, (double)output);
    }

    private static void SetError(Activity span, string? errorType)
    {
        if (errorType is null) return;
        span.SetTag(TelemetryNames.ErrorType, errorType);
        span.SetStatus(ActivityStatusCode.Error, errorType);
    }

    private static void Measure(CallRecord record, Uri? endpoint)
    {
        if (!Duration.Enabled && !Tokens.Enabled && !Cost.Enabled && !FirstChunk.Enabled) return;
        var tags = MetricTags(record.Provider, endpoint, record.RequestedModel, record.FinishReason is null ? null : record.Model, record.Operation);
        if (Tokens.Enabled && record.Usage is { TotalTokens: > 0, IsEstimated: false })
        {
            Tokens.Record(record.Usage.InputTokens, With(tags, TelemetryNames.TokenType, TelemetryNames.TokenTypeInput));
            Tokens.Record(record.Usage.OutputTokens, With(tags, TelemetryNames.TokenType, TelemetryNames.TokenTypeOutput));
        }

        if (Cost.Enabled && record.Attempts.Count > 0 && record.Usage.TotalCostUsd is { } cost) Cost.Record((double)cost, tags);
        if (FirstChunk.Enabled && record.TimeToFirstToken is { } first) FirstChunk.Record(first.TotalSeconds, tags);
        Duration.Record(record.Latency.TotalSeconds, record.ErrorType is { } error ? With(tags, TelemetryNames.ErrorType, error) : tags);
    }

    private static TagList MetricTags(string provider, Uri? endpoint, string requestedModel, string? model, string operation)
    {
        var tags = new TagList
        {
            { TelemetryNames.OperationName, operation },
            { TelemetryNames.ProviderName, TelemetryNames.ProviderNameOf(provider) },
            { TelemetryNames.RequestModel, requestedModel },
        };
        if (model is not null) tags.Add(TelemetryNames.ResponseModel, model);
        if (endpoint is { Host.Length: > 0 })
        {
            tags.Add(TelemetryNames.ServerAddress, endpoint.Host);
            if (endpoint.Port >= 0) tags.Add(TelemetryNames.ServerPort, endpoint.Port);
        }

        return tags;
    }

    private static TagList With(TagList tags, string name, string value)
    {
        tags.Add(name, value);
        return tags;
    }

    private static void Write(ILogger logger, CallRecord record)
    {
        var latency = (long)record.Latency.TotalMilliseconds;
        var usage = record.Usage;
        if (record.Outcome == CallOutcome.Succeeded)
        {
            logger.CallSucceeded(record.CallId, record.Provider, record.Model, record.Outcome, latency, record.Attempts.Count, record.Reasks, usage.InputTokens, usage.OutputTokens, usage.TotalCostUsd);
        }
        else
        {
            logger.CallFailed(record.CallId, record.Provider, record.Model, record.Outcome, record.ErrorType, latency, record.Attempts.Count, record.Reasks, usage.InputTokens, usage.OutputTokens, usage.TotalCostUsd);
        }

        foreach (var loss in record.Losses) logger.RequestLoss(record.Provider, record.Model, loss);
    }

    private static string Word(CallOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private static string Word(OutputMode mode) => mode.ToString().ToLowerInvariant();

    internal static string Word(CircuitState state) => state == CircuitState.HalfOpen ? "half_open" : state.ToString().ToLowerInvariant();

    internal static string Word(FinishReason reason) => reason switch
    {
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.ContentFilter => "content_filter",
        _ => reason.ToString().ToLowerInvariant(),
    };
}
