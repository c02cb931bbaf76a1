namespace LlmGateway.Sqlite;

/// <summary>The calls with all that belongs to them. Rows are only ever added. Used within a transaction.</summary>
internal sealed class CallBook(Database database)
{
    private readonly Statement _call = database.Prepare($"""
        INSERT INTO calls (id, started_at, latency, first_token, operation, streamed, provider, requested_model, model, outcome, error_type, attempts, reasks,
            repairs, coercions, losses, skipped_events, {UsageColumns.Names}, cost_nano, cost_middle, cost_low, unpriced, estimated, input_cost, output_cost, fees_cost,
            finish_reason, vendor_finish_reason, response_id, request_id, output_mode, trace_id, recovered)
        VALUES ({Parameters(42)}) ON CONFLICT (id) DO NOTHING
        """);

    private readonly Statement _attempt = database.Prepare($"""
        INSERT INTO attempts (call, number, ask, provider, model, answered_model, started_at, latency, first_token, outcome, error_kind, http_status, request_id,
            {UsageColumns.Names}, estimated, basis, reserved, retry_delay, cost_nano, cost_middle, cost_low, input_cost, output_cost, fees_cost,
            price_provider, price_row, price_name, price_source, service_tier, region, unpriced_because)
        VALUES ({Parameters(40)})
        """);

    private readonly Statement _cost = database.Prepare("INSERT INTO attempt_costs (call, number, position, kind, quantity, unit_price, cost) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    private readonly Statement _tag = database.Prepare("INSERT INTO call_tags (call, name, value) VALUES (?1, ?2, ?3)");
    private readonly Statement _budget = database.Prepare("INSERT INTO call_budgets (call, budget) VALUES (?1, ?2)");
    private readonly TotalsBook _totals = new(database);

    /// <summary>Writes the sums of what was added. Must come before the transaction's end.</summary>
    public void Flush() => _totals.Flush();

    /// <summary>Forgets them, as the transaction does.</summary>
    public void Forget() => _totals.Forget();

    /// <summary>Whether the call was added; not where it is there already.</summary>
    /// <param name="record">The record.</param>
    /// <param name="isRecovered">Whether it was put together from the intents of a process that died.</param>
    public bool Add(CallRecord record, bool isRecovered)
    {
        var sum = CallSum.Of(record);
        var parameter = 0;
        _call.Set(++parameter, record.CallId).Set(++parameter, Words.Microseconds(record.StartedAt))
            .Set(++parameter, isRecovered ? null : Words.Microseconds(record.Latency)).Set(++parameter, Microseconds(record.TimeToFirstToken))
            .Set(++parameter, record.Operation).Set(++parameter, record.IsStreamed)
            .Set(++parameter, record.Provider).Set(++parameter, record.RequestedModel).Set(++parameter, record.Model)
            .Set(++parameter, Outcome(record.Outcome, isRecovered)).Set(++parameter, record.ErrorType)
            .Set(++parameter, record.Attempts.Count).Set(++parameter, record.Reasks).Set(++parameter, record.Repairs.Count)
            .Set(++parameter, record.Coercions.Count).Set(++parameter, record.Losses.Count).Set(++parameter, record.SkippedEvents);
        parameter = UsageColumns.Set(_call, parameter, record.Usage);
        _call.Set(++parameter, sum.Cost.Nano).Set(++parameter, sum.Cost.Middle).Set(++parameter, sum.Cost.Low).Set(++parameter, sum.Unpriced).Set(++parameter, sum.Estimated)
            .Set(++parameter, Exact(record.Usage.InputCostUsd)).Set(++parameter, Exact(record.Usage.OutputCostUsd)).Set(++parameter, Exact(record.Usage.FeesCostUsd))
            .Set(++parameter, record.FinishReason is { } reason ? Words.Of(reason) : null).Set(++parameter, record.VendorFinishReason)
            .Set(++parameter, record.ResponseId).Set(++parameter, record.RequestId)
            .Set(++parameter, record.OutputMode is { } mode ? Words.Of(mode) : null).Set(++parameter, record.TraceId).Set(++parameter, isRecovered).Run();
        if (database.Changes == 0) return false;

        var call = database.LastId;
        foreach (var attempt in record.Attempts) Add(call, attempt, isRecovered);
        foreach (var (name, value) in record.Tags) _tag.Set(1, call).Set(2, name).Set(3, value).Run();
        foreach (var budget in record.Budgets.Distinct(StringComparer.Ordinal)) _budget.Set(1, call).Set(2, budget).Run();
        _totals.Add(record, sum);
        return true;
    }

    private void Add(long call, AttemptRecord attempt, bool isRecovered)
    {
        Usd? cost = attempt.Usage.TotalCostUsd is { } known ? Usd.Of(known) : null;
        var parameter = 0;
        _attempt.Set(++parameter, call).Set(++parameter, attempt.Number).Set(++parameter, attempt.Ask)
            .Set(++parameter, attempt.Provider).Set(++parameter, attempt.Model).Set(++parameter, attempt.AnsweredModel)
            .Set(++parameter, Words.Microseconds(attempt.StartedAt)).Set(++parameter, isRecovered ? null : Words.Microseconds(attempt.Latency)).Set(++parameter, Microseconds(attempt.TimeToFirstToken))
            .Set(++parameter, Outcome(attempt.Outcome, isRecovered)).Set(++parameter, attempt.ErrorKind is { } kind ? Words.Of(kind) : null)
            .Set(++parameter, attempt.HttpStatus).Set(++parameter, attempt.RequestId);
        parameter = UsageColumns.Set(_attempt, parameter, attempt.Usage);
        _attempt.Set(++parameter, attempt.Usage.IsEstimated).Set(++parameter, Words.Of(attempt.CostBasis)).Set(++parameter, Exact(attempt.ReservedUsd)).Set(++parameter, Microseconds(attempt.RetryDelay))
            .Set(++parameter, cost?.Nano).Set(++parameter, cost?.Middle).Set(++parameter, cost?.Low)
            .Set(++parameter, Exact(attempt.Usage.InputCostUsd)).Set(++parameter, Exact(attempt.Usage.OutputCostUsd)).Set(++parameter, Exact(attempt.Usage.FeesCostUsd))
            .Set(++parameter, attempt.PriceMatch?.Provider).Set(++parameter, attempt.PriceMatch?.Row).Set(++parameter, attempt.PriceMatch?.MatchedName).Set(++parameter, attempt.PriceMatch?.Source)
            .Set(++parameter, attempt.ServiceTier).Set(++parameter, attempt.BillingRegion).Set(++parameter, attempt.UnpricedBecause).Run();
        for (var position = 0; position < attempt.CostParts.Count; position++)
        {
            var (what, quantity, price, part) = attempt.CostParts[position];
            _cost.Set(1, call).Set(2, attempt.Number).Set(3, position).Set(4, what).Set(5, quantity).Set(6, Exact(price)).Set(7, Exact(part)).Run();
        }
    }

    private static string Parameters(int count) => string.Join(", ", Enumerable.Range(1, count).Select(n => $"?{n}"));

    private static string Outcome(CallOutcome outcome, bool isRecovered) => isRecovered ? Words.UnknownOutcome : Words.Of(outcome);

    private static long? Microseconds(TimeSpan? time) => time is { } known ? Words.Microseconds(known) : null;

    private static string? Exact(decimal? amount) => amount is { } known ? Money.ToExactString(known) : null;
}

/// <summary>The columns of tokens, which calls and attempts have alike.</summary>
internal static class UsageColumns
{
    public const int Count = 10;

    public const string Names = "input_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, output_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, image_input_tokens, image_output_tokens";

    /// <summary>Sets them after a parameter, and says which was the last.</summary>
    public static int Set(Statement statement, int parameter, TokenUsage usage)
    {
        statement.Set(++parameter, usage.InputTokens).Set(++parameter, usage.CacheReadTokens).Set(++parameter, usage.CacheWriteTokens).Set(++parameter, usage.CacheWrite1hTokens)
            .Set(++parameter, usage.OutputTokens).Set(++parameter, usage.ReasoningTokens).Set(++parameter, usage.AudioInputTokens).Set(++parameter, usage.AudioOutputTokens)
            .Set(++parameter, usage.ImageInputTokens).Set(++parameter, usage.ImageOutputTokens);
        return parameter;
    }

    /// <summary>Reads them from a column on, without a cost.</summary>
    public static TokenUsage Read(Statement row, int column) => new()
    {
        InputTokens = row.Long(column),
        CacheReadTokens = row.Long(column + 1),
        CacheWriteTokens = row.Long(column + 2),
        CacheWrite1hTokens = row.Long(column + 3),
        OutputTokens = row.Long(column + 4),
        ReasoningTokens = row.Long(column + 5),
        AudioInputTokens = row.Long(column + 6),
        AudioOutputTokens = row.Long(column + 7),
        ImageInputTokens = row.Long(column + 8),
        ImageOutputTokens = row.Long(column + 9),
    };
}

/// <summary>What a call cost as far as it is known, and how much of it is not known or an estimate, in attempts.</summary>
internal readonly record struct CallSum(Usd Cost, long Unpriced, long Estimated)
{
    public static CallSum operator +(CallSum left, CallSum right) => new(left.Cost + right.Cost, left.Unpriced + right.Unpriced, left.Estimated + right.Estimated);

    public static CallSum Of(CallRecord record)
    {
        var sum = default(CallSum);
        foreach (var attempt in record.Attempts) sum = sum.With(attempt);
        return sum;
    }

    public CallSum With(AttemptRecord attempt) => new(
        attempt.Usage.TotalCostUsd is { } cost ? Cost + Usd.Of(cost) : Cost,
        attempt.Usage.TotalCostUsd is null ? Unpriced + 1 : Unpriced,
        attempt.Usage.IsEstimated || attempt.CostBasis != CostBasis.Counted ? Estimated + 1 : Estimated);
}
