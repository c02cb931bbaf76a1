namespace LlmGateway;

/// <summary>What a client, or several that share it, has used and spent. Safe for concurrent use.</summary>
public sealed class CostTracker
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, ModelCost> _byModel = new(StringComparer.Ordinal);
    private TokenUsage _total = TokenUsage.Zero;
    private decimal _knownCost;
    private int _unpricedAttempts;
    private int _calls;

    /// <summary>What was spent in US dollars; null where the price of any of it is unknown. <see cref="KnownCostUsd"/> is then the part that is known.</summary>
    public decimal? TotalCostUsd => Read(() => _total.TotalCostUsd);

    /// <summary>What is known to have been spent in US dollars: the sum of all that has a price.</summary>
    public decimal KnownCostUsd => Read(() => _knownCost);

    /// <summary>All tokens, input and output.</summary>
    public long TotalTokens => Read(() => _total.TotalTokens);

    /// <summary>Calls that sent at least one request, however they ended; retries and re-asks are not calls of their own.</summary>
    public int CallCount => Read(() => _calls);

    /// <summary>Everything at one moment.</summary>
    /// <returns>An immutable summary.</returns>
    public CostSummary Summary() => Read(() => new CostSummary(_calls, _total, _knownCost, _unpricedAttempts, [.. _byModel.Values]));

    /// <summary>Adds one attempt's usage, and returns what is known to have been spent before and after.</summary>
    internal (decimal Before, decimal After) AddAttempt(string provider, string model, TokenUsage usage)
    {
        lock (_lock)
        {
            var before = _knownCost;
            _total += usage;
            _knownCost += usage.TotalCostUsd ?? 0m;
            if (usage.TotalCostUsd is null) _unpricedAttempts++;
            var key = $"{provider}/{model}";
            var row = _byModel.TryGetValue(key, out var known) ? known : new ModelCost(provider, model, 0, TokenUsage.Zero);
            _byModel[key] = row with { Attempts = row.Attempts + 1, Usage = row.Usage + usage };
            return (before, _knownCost);
        }
    }

    /// <summary>Where the limit of the client is, or of those that share this; and their budgets, where they have no other store.</summary>
    internal InProcessBudgetStore Store { get; } = new();

    /// <summary>What a request to the model has cost on average, in US dollars; null where none is known.</summary>
    internal decimal? AverageCostOf(string provider, string model)
        => Read(() => _byModel.TryGetValue($"{provider}/{model}", out var row) && row.Usage.TotalCostUsd is { } cost ? Math.Round(cost / row.Attempts, 12) : (decimal?)null);

    internal void AddCall() => Read(() => _calls++);

    private T Read<T>(Func<T> read)
    {
        lock (_lock) return read();
    }
}
