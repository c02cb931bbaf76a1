using System.Globalization;
using LlmGateway.Budgets;

namespace LlmGateway;

/// <summary>A request was refused before it was sent, to keep a limit on cost. Nothing was spent by it.</summary>
public sealed class CostLimitExceededException : GatewayException
{
    private CostLimitExceededException(string message, BudgetBalance balance, decimal? asked)
        : base(message)
    {
        Budget = balance.Account.Budget;
        LimitUsd = balance.Account.LimitUsd ?? 0m;
        SpentUsd = balance.SpentUsd;
        ReservedUsd = balance.ReservedUsd;
        AskedUsd = asked;
    }

    /// <summary>The budget whose limit it is, with the value of its tag where it has one; <c>client</c> for <c>LLM_COST_LIMIT_USD</c>.</summary>
    public string Budget { get; }

    /// <summary>The limit in US dollars.</summary>
    public decimal LimitUsd { get; }

    /// <summary>What had been spent against it in US dollars.</summary>
    public decimal SpentUsd { get; }

    /// <summary>What requests under way may cost, in US dollars.</summary>
    public decimal ReservedUsd { get; }

    /// <summary>What the request may cost, in US dollars; null where that is not known.</summary>
    public decimal? AskedUsd { get; }

    internal static CostLimitExceededException NoRoom(BudgetBalance balance, decimal asked)
    {
        var (account, spent, reserved) = balance;
        var limit = account.LimitUsd ?? 0m;
        var left = limit - spent - reserved;
        var what = left <= 0m
            ? $"is reached: {Usd(spent)} is spent, and {Usd(reserved)} is reserved for requests under way"
            : $"leaves {Usd(left)}: {Usd(spent)} is spent, and {Usd(reserved)} is reserved for requests under way";
        var way = left + reserved >= asked ? "Try again when they are over" : ClientBudget.Is(account) ? "Raise LLM_COST_LIMIT_USD, or use a new client" : "Raise the limit";
        if (account.WindowEnd is { } end) way += $", or wait until {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC";
        else if (left > 0m) way += ", or ask for fewer output tokens (LLM_MAX_TOKENS)";
        return new($"The cost limit of {Usd(limit)}{Of(account)} {what}. The request may cost {Usd(asked)}, and was not sent. {way}.", balance, asked);
    }

    internal static CostLimitExceededException Unpriced(BudgetBalance balance, string provider, string model) => new(
        $"A cost limit of {Usd(balance.Account.LimitUsd ?? 0m)}{Of(balance.Account)} is set, and the price of model '{model}' of provider '{provider}' is unknown, so the limit could not be kept. The request was not sent. Give the price with Pricing.Register or LLM_PRICES_FILE, set LLM_UNKNOWN_PRICE to warn, or remove the limit.",
        balance, null);

    internal static CostLimitExceededException Unbounded(BudgetBalance balance, string provider, string model, string why) => new(
        $"A cost limit of {Usd(balance.Account.LimitUsd ?? 0m)}{Of(balance.Account)} is set, and what this request to model '{model}' of provider '{provider}' may cost can't be bounded: {why}. The request was not sent. Set LLM_BUDGET_RESERVE to estimate to send it, which may pass the limit by what it costs, or remove the limit.",
        balance, null);

    private static string Usd(decimal amount) => $"${Money.ToExactString(amount)}";

    private static string Of(BudgetAccount account) => ClientBudget.Is(account) ? "" : $" of budget '{account.Budget}'{Window(account)}";

    private static string Window(BudgetAccount account) => account.WindowStart is { } start ? $" (since {start.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC)" : "";
}
