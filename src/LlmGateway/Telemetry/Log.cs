using Microsoft.Extensions.Logging;

namespace LlmGateway.Telemetry;

/// <summary>Every log message of the core. Event ids are stable: a message that goes takes its id with it.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Configuration: {Warning}")]
    public static partial void ConfigWarning(this ILogger logger, string warning);

    [LoggerMessage(2, LogLevel.Information, "Call {CallId} to {Provider}/{Model}: {Outcome} in {LatencyMs} ms, {Attempts} attempt(s), {Reasks} re-ask(s), {InputTokens} tokens in, {OutputTokens} out, ${CostUsd}")]
    public static partial void CallSucceeded(this ILogger logger, string callId, string provider, string model, CallOutcome outcome, long latencyMs, int attempts, int reasks, long inputTokens, long outputTokens, decimal? costUsd);

    [LoggerMessage(3, LogLevel.Warning, "Call {CallId} to {Provider}/{Model}: {Outcome} ({ErrorType}) in {LatencyMs} ms, {Attempts} attempt(s), {Reasks} re-ask(s), {InputTokens} tokens in, {OutputTokens} out, ${CostUsd}")]
    public static partial void CallFailed(this ILogger logger, string callId, string provider, string model, CallOutcome outcome, string? errorType, long latencyMs, int attempts, int reasks, long inputTokens, long outputTokens, decimal? costUsd);

    [LoggerMessage(4, LogLevel.Warning, "Attempt {Attempt} to {Provider}/{Model} failed ({ErrorKind}); the next one is in {DelayMs} ms")]
    public static partial void Retrying(this ILogger logger, int attempt, string provider, string model, ProviderErrorKind errorKind, long delayMs);

    [LoggerMessage(5, LogLevel.Information, "The answer of {Provider}/{Model} has {Errors} error(s); asking again ({Reask} of {MaxReasks})")]
    public static partial void Reasking(this ILogger logger, string provider, string model, int errors, int reask, int maxReasks);

    [LoggerMessage(6, LogLevel.Warning, "The price of {Provider}/{Model} is unknown, so the cost of its calls is too. Give it with Pricing.Register or LLM_PRICES_FILE")]
    public static partial void UnknownPrice(this ILogger logger, string provider, string model);

    [LoggerMessage(7, LogLevel.Warning, "${SpentUsd} is spent, which passes LLM_COST_WARN_USD = {ThresholdUsd}")]
    public static partial void CostWarning(this ILogger logger, decimal spentUsd, decimal thresholdUsd);

    [LoggerMessage(8, LogLevel.Warning, "Budget {Budget}: ${SpentUsd} is spent, which reaches {Percent} % of its limit of ${LimitUsd}")]
    public static partial void BudgetThreshold(this ILogger logger, string budget, decimal spentUsd, decimal percent, decimal limitUsd);

    [LoggerMessage(9, LogLevel.Warning, "{Provider}/{Model}: {Loss}")]
    public static partial void RequestLoss(this ILogger logger, string provider, string model, string loss);

    [LoggerMessage(10, LogLevel.Warning, "The answer of {Provider}/{Model} was cut at its limit of {MaxTokens} tokens (LLM_MAX_TOKENS)")]
    public static partial void TextCut(this ILogger logger, string provider, string model, int? maxTokens);

    [LoggerMessage(11, LogLevel.Information, "The answer of {Provider}/{Model} was cut at its limit of {MaxTokens} tokens; asking once more with {LargerMaxTokens} (LLM_RETRY_MAX_TOKENS)")]
    public static partial void AskingWithMoreTokens(this ILogger logger, string provider, string model, int? maxTokens, int largerMaxTokens);

    [LoggerMessage(12, LogLevel.Error, "The reservation {ReservationId} could not be settled at ${CostUsd}; it stays reserved, so that the limit holds")]
    public static partial void SettlementFailed(this ILogger logger, Exception error, string reservationId, decimal? costUsd);

    [LoggerMessage(13, LogLevel.Error, "OnBudgetAlert threw for budget {Budget}")]
    public static partial void BudgetCallbackFailed(this ILogger logger, Exception error, string budget);

    [LoggerMessage(14, LogLevel.Error, "A request cost ${CostUsd}, more than the ${ReservedUsd} that were taken for the most it can cost. Please report it: a limit may have been passed by the difference")]
    public static partial void CostAboveReserved(this ILogger logger, decimal costUsd, decimal reservedUsd);

    [LoggerMessage(15, LogLevel.Information, "The configuration file {Path} was read again: {Routes} route(s), {Vendors} vendor(s)")]
    public static partial void ConfigFileRead(this ILogger logger, string path, int routes, int vendors);

    [LoggerMessage(16, LogLevel.Error, "The configuration file is invalid; what was read before stays in force. {Reason}")]
    public static partial void ConfigFileInvalid(this ILogger logger, string reason);

    [LoggerMessage(17, LogLevel.Warning, "Attempt {Attempt} to {Target} failed ({ErrorKind}); another target is asked: {Because}")]
    public static partial void MovingOn(this ILogger logger, int attempt, string target, ProviderErrorKind errorKind, string because);

    [LoggerMessage(18, LogLevel.Warning, "The stream of {Died} died; {Target} goes on with it ({Kind})")]
    public static partial void Rescuing(this ILogger logger, string died, string target, StreamRescue kind);

    [LoggerMessage(19, LogLevel.Warning, "The circuit of {Target} is {State}")]
    public static partial void CircuitChanged(this ILogger logger, string target, string state);

    [LoggerMessage(20, LogLevel.Warning, "The stream of {Target} could not be closed")]
    public static partial void CloseFailed(this ILogger logger, Exception e, string target);
}
