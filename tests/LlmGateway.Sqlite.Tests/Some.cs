namespace LlmGateway.Sqlite.Tests;

/// <summary>Things to reserve and to record.</summary>
internal static class Some
{
    public static BudgetAccount Account(string key, decimal? limit = null, DateTimeOffset? windowEnd = null) => new(key, $"budget-{key}", limit, null, windowEnd);

    public static BudgetReservation Reservation(string call, decimal? amount, params BudgetAccount[] accounts) => Reservation(call, 1, amount, accounts);

    public static BudgetReservation Reservation(string call, int attempt, decimal? amount, params BudgetAccount[] accounts) => new()
    {
        Id = $"{call}-{attempt}",
        CallId = call,
        Attempt = attempt,
        At = LedgerFile.Start.AddSeconds(attempt),
        Provider = "openai",
        Model = "gpt-x",
        AmountUsd = amount,
        Accounts = accounts,
        Tags = new Dictionary<string, string> { ["user"] = "alice" },
    };

    public static BudgetSettlement Cost(decimal? cost, CostBasis basis = CostBasis.Counted) => new(cost, basis);

    public static AttemptRecord Attempt(int number, decimal? cost, string provider = "openai", string model = "gpt-x", string? answered = null) => new()
    {
        Number = number,
        Ask = 0,
        Provider = provider,
        Model = model,
        AnsweredModel = answered,
        StartedAt = LedgerFile.Start.AddSeconds(number),
        Latency = TimeSpan.FromMilliseconds(250),
        Outcome = CallOutcome.Succeeded,
        Usage = new TokenUsage { InputTokens = 100, CacheReadTokens = 10, OutputTokens = 20, TotalCostUsd = cost },
    };

    public static CallRecord Record(string call, params AttemptRecord[] attempts) => new()
    {
        CallId = call,
        StartedAt = LedgerFile.Start,
        Latency = TimeSpan.FromMilliseconds(300),
        Provider = "openai",
        RequestedModel = "gpt-x",
        Model = "gpt-x",
        Outcome = CallOutcome.Succeeded,
        Attempts = attempts,
        Usage = attempts.Aggregate(TokenUsage.Zero, (sum, a) => sum + a.Usage),
        FinishReason = FinishReason.Stop,
    };
}
