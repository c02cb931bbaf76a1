using System.Text.Json;

namespace LlmGateway.Cli;

/// <summary>An error as a shell and a script see it.</summary>
/// <param name="ExitCode">The process's exit code.</param>
/// <param name="Kind">The error's kind, in snake case.</param>
/// <param name="Message">What went wrong and what to do.</param>
internal sealed record Failure(int ExitCode, string Kind, string Message)
{
    public static Failure Of(Exception error) => error switch
    {
        UsageException => new(ExitCodes.Usage, "usage", error.Message),
        ProviderNotFoundException => new(ExitCodes.Usage, "provider_not_found", error.Message),
        ProviderInitException => new(ExitCodes.Usage, "configuration", error.Message),
        JsonSchemaException => new(ExitCodes.Usage, "invalid_schema", error.Message),
        ResponseValidationException => new(ExitCodes.Validation, "validation", error.Message),
        CostLimitExceededException => new(ExitCodes.CostLimit, "cost_limit", error.Message),
        UnknownPriceException => new(ExitCodes.CostLimit, "unknown_price", error.Message),
        LedgerException => new(ExitCodes.CostLimit, "ledger", error.Message),
        ProviderException provider => new(ExitCodes.Provider, JsonNamingPolicy.SnakeCaseLower.ConvertName(provider.Kind.ToString()), error.Message),
        OperationCanceledException => new(ExitCodes.Cancelled, "cancelled", "Cancelled."),
        _ => new(ExitCodes.Other, "unexpected", $"{error.GetType().Name}: {error.Message}"),
    };
}

/// <summary>The command line, or something it names, is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);
