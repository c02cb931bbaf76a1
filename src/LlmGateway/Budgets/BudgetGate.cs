using LlmGateway.Client;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Budgets;

/// <summary>
/// Stands before and after every attempt: sets aside what it may cost, or refuses it, and books what it cost. The one place
/// where a client's money is counted.
/// </summary>
/// <remarks>
/// Invariants. Nothing is sent before every budget of the call has room for it and a strict ledger has its intent. Each
/// admission is settled exactly once, however its attempt ends. Under <see cref="BudgetReserve.WorstCase"/> what is settled
/// is never more than what was set aside, so that spent and reserved together never pass a limit.
/// </remarks>
internal sealed class BudgetGate
{
    private static readonly IReadOnlyList<BudgetAccount> None = [];

    private readonly GatewayConfig _config;
    private readonly CostTracker _tracker;
    private readonly PriceBook _prices;
    private readonly ILedger? _ledger;
    private readonly IBudgetStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BudgetAlerts _alerts;
    private readonly UnknownPrices _unknown;
    private readonly BudgetAccount? _client;
    private readonly BudgetAccounts[] _budgets;
    private readonly AttemptCost _cost;

    public BudgetGate(GatewayConfig config, LlmClientOptions options, CostTracker tracker, PriceBook prices, ILogger logger)
    {
        (_config, _tracker, _prices, _ledger, _logger, _time) = (config, tracker, prices, options.Ledger, logger, options.Services.TimeProvider);
        _store = options.BudgetStore ?? tracker.Store;
        // One that shares its tracker counts for the limits of the others.
        if (config.CostLimitUsd is not null || options.Costs is not null) _client = ClientBudget.Of(config.CostLimitUsd);
        _budgets = [.. config.Budgets.Select(budget => new BudgetAccounts(budget))];
        _alerts = new BudgetAlerts(config, options.OnBudgetAlert, logger);
        _unknown = new UnknownPrices(config, logger);
        _cost = new AttemptCost(prices, config.BudgetReserve);
    }

    public CostTracker Tracker => _tracker;

    /// <summary>Sets aside what the attempt may cost.</summary>
    /// <exception cref="CostLimitExceededException">A budget has no room for it, or could not be kept.</exception>
    /// <exception cref="UnknownPriceException">Its price is unknown, and such are refused.</exception>
    /// <exception cref="LedgerException">A strict ledger can't be written.</exception>
    public async ValueTask<Admission> AdmitAsync(Call call, ILlmProvider provider, LlmRequest request, CancellationToken cancellationToken)
    {
        // What the attempt before set aside is not to stand in this one's way.
        foreach (var settling in call.TakeLeft(isOver: false)) await settling.ConfigureAwait(false);
        var at = _time.GetUtcNow();
        var (own, shared) = AccountsOf(call, at);
        if (call.Budgets.Count == 0) call.Budgets = [.. own.Concat(shared).Where(a => !ClientBudget.Is(a) || a.LimitUsd is not null).Select(a => a.Budget)];
        var isCounted = own.Count > 0 || shared.Count > 0 || _ledger is not null;
        // The common case pays for no bound.
        if (!isCounted && _config.UnknownPrice != UnknownPrice.Refuse) return Admission.Nothing;
        var amount = await AmountAsync(provider, request, call.Operation, at, own, shared, cancellationToken).ConfigureAwait(false);
        if (!isCounted) return Admission.Nothing;

        var number = call.NextReservation();
        var ownReservation = own.Count == 0 ? null : Reservation(own);
        if (ownReservation is not null) await ReserveAsync(_tracker.Store, ownReservation, cancellationToken).ConfigureAwait(false);
        BudgetReservation? sharedReservation = null;
        var isIntended = false;
        try
        {
            if (shared.Count > 0)
            {
                var reservation = Reservation(shared);
                await ReserveAsync(_store, reservation, cancellationToken).ConfigureAwait(false);
                sharedReservation = reservation;
                isIntended = ReferenceEquals(_store, _ledger);
            }

            if (_ledger is not null && !isIntended)
            {
                await _ledger.IntendAsync(sharedReservation ?? ownReservation ?? Reservation(None), cancellationToken).ConfigureAwait(false);
                isIntended = true;
            }

            // A store may be far away: who has left meanwhile is not asked for, and pays nothing.
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch
        {
            await EndAsync(_tracker.Store, ownReservation, default).ConfigureAwait(false);
            await EndAsync(_store, sharedReservation, default).ConfigureAwait(false);
            throw;
        }

        return new Admission(amount, ownReservation, sharedReservation ?? (isIntended && ownReservation is null ? Reservation(None) : null), isIntended);

        BudgetReservation Reservation(IReadOnlyList<BudgetAccount> accounts) => new()
        {
            Id = $"{call.Id}-{number}",
            CallId = call.Id,
            Attempt = number,
            At = at,
            Provider = provider.Name,
            Model = request.Model,
            AmountUsd = amount.Usd,
            Accounts = accounts,
            Tags = call.Tags,
        };
    }

    /// <summary>Why an attempt would be refused as things stand; null where it would not.</summary>
    public async ValueTask<GatewayException?> WouldRefuseAsync(Call call, ILlmProvider provider, LlmRequest request, CancellationToken cancellationToken)
    {
        var at = _time.GetUtcNow();
        var (own, shared) = AccountsOf(call, at);
        try
        {
            if ((await AmountAsync(provider, request, call.Operation, at, own, shared, cancellationToken).ConfigureAwait(false)).Usd is not { } amount) return null;
            foreach (var account in own.Concat(shared))
            {
                var balance = await BalanceAsync(account, own, cancellationToken).ConfigureAwait(false);
                if (amount > 0m && balance.SpentUsd + balance.ReservedUsd + amount > account.LimitUsd) return CostLimitExceededException.NoRoom(balance, amount);
            }

            return null;
        }
        catch (GatewayException e)
        {
            return e;
        }
    }

    /// <summary>Prices what an attempt used, and counts it.</summary>
    public PricedReply Price(ILlmProvider provider, LlmRequest request, LlmReply reply, TokenUsage usage, DateTimeOffset at)
    {
        var (model, priced) = _cost.Of(provider, request, reply, usage, at);
        if (priced.Usage.TotalCostUsd is null) _unknown.Warn(provider.Name, model);
        Count(provider.Name, model, priced.Usage);
        return priced;
    }

    /// <summary>Counts an attempt that the vendor may have billed, though nothing is known of its end: at what was set aside for it.</summary>
    /// <returns>The usage, an estimate.</returns>
    public TokenUsage PriceUnknown(ILlmProvider provider, LlmRequest request, string operation, DateTimeOffset at, Admission admission)
    {
        var cost = admission.Amount.Usd ?? _cost.Ahead(provider, request, operation, at, _tracker).Estimate;
        var usage = UsageEstimate.Of(request, new LlmReply()) with { TotalCostUsd = cost };
        Count(provider.Name, request.Model, usage);
        return usage;
    }

    /// <summary>
    /// Ends what was set aside. Never throws: the attempt is over. A ledger that is the store too is not waited for here, but
    /// before the call's next attempt and with its record, so that both are one step for it.
    /// </summary>
    public ValueTask SettleAsync(Call call, Admission admission, decimal? cost, CostBasis basis)
    {
        if (cost > admission.ReservedUsd && _config.BudgetReserve == BudgetReserve.WorstCase) _logger.CostAboveReserved(cost.Value, admission.ReservedUsd.Value);
        var settling = EndAsync(admission, new BudgetSettlement(cost, basis));
        if (settling.IsCompleted || admission.Shared is null || !ReferenceEquals(_store, _ledger)) return settling;
        var task = settling.AsTask();
        return call.TryLeave(task) ? ValueTask.CompletedTask : new ValueTask(task);
    }

    /// <summary>Takes the record of a call that is over.</summary>
    /// <returns>When it is durable where the ledger is strict, and everything that was set aside is settled.</returns>
    public async ValueTask WriteAsync(Call call, CallRecord record)
    {
        if (record.Attempts.Count > 0) _tracker.AddCall();
        if (_ledger is null) return;
        await _ledger.WriteAsync(record).ConfigureAwait(false);
        foreach (var settling in call.TakeLeft(isOver: true)) await settling.ConfigureAwait(false);
    }

    private void Count(string provider, string model, TokenUsage usage)
    {
        var (before, after) = _tracker.AddAttempt(provider, model, usage);
        _alerts.LookAtWarning(before, after);
    }

    /// <summary>The accounts in the tracker's own store, and those in the other one.</summary>
    private (IReadOnlyList<BudgetAccount> Own, IReadOnlyList<BudgetAccount> Shared) AccountsOf(Call call, DateTimeOffset at)
    {
        if (_budgets.Length == 0 && call.CallerBudgets.Count == 0) return (_client is null ? None : [_client], None);
        List<BudgetAccount> named = [];
        foreach (var budget in _budgets) Add(budget);
        foreach (var budget in call.CallerBudgets) Add(budget);

        if (!ReferenceEquals(_store, _tracker.Store)) return (_client is null ? None : [_client], named);
        if (_client is not null) named.Insert(0, _client);
        return (named, None);

        void Add(BudgetAccounts budget)
        {
            if (budget.Of(call.Tags, at) is { } account && !named.Exists(a => a.Key == account.Key)) named.Add(account);
        }
    }

    /// <summary>What is to be set aside.</summary>
    private async ValueTask<AttemptAmount> AmountAsync(ILlmProvider provider, LlmRequest request, string operation, DateTimeOffset at, IReadOnlyList<BudgetAccount> own, IReadOnlyList<BudgetAccount> shared, CancellationToken cancellationToken)
    {
        var amount = _cost.Ahead(provider, request, operation, at, _tracker);
        var limited = own.Concat(shared).FirstOrDefault(account => account.LimitUsd is not null);
        if (amount.IsUnpriced && _unknown.IsRefused(limited is not null))
        {
            if (limited is null) throw new UnknownPriceException(provider.Name, request.Model);
            throw CostLimitExceededException.Unpriced(await BalanceAsync(limited, own, cancellationToken).ConfigureAwait(false), provider.Name, request.Model);
        }

        if (amount.IsUnpriced || limited is null || amount.WhyUnbounded is not { } why) return amount;
        throw CostLimitExceededException.Unbounded(await BalanceAsync(limited, own, cancellationToken).ConfigureAwait(false), provider.Name, request.Model, why);
    }

    private ValueTask<BudgetBalance> BalanceAsync(BudgetAccount account, IReadOnlyList<BudgetAccount> own, CancellationToken cancellationToken)
        => (own.Contains(account) ? _tracker.Store : _store).BalanceAsync(account, cancellationToken);

    private static async ValueTask ReserveAsync(IBudgetStore store, BudgetReservation reservation, CancellationToken cancellationToken)
    {
        if ((await store.ReserveAsync(reservation, cancellationToken).ConfigureAwait(false)).RefusedBy is { } balance)
            throw CostLimitExceededException.NoRoom(balance, reservation.AmountUsd ?? 0m);
    }

    private async ValueTask EndAsync(Admission admission, BudgetSettlement settlement)
    {
        _alerts.Look(await EndAsync(_tracker.Store, admission.Own, settlement).ConfigureAwait(false));
        if (admission.Shared is not { } shared)
        {
            if (admission.IsIntended) _ledger!.Settled(admission.Own!, settlement);
            return;
        }

        if (shared.Accounts.Count > 0) _alerts.Look(await EndAsync(_store, shared, settlement).ConfigureAwait(false));
        if (admission.IsIntended && (shared.Accounts.Count == 0 || !ReferenceEquals(_store, _ledger))) _ledger!.Settled(shared, settlement);
    }

    private async ValueTask<IReadOnlyList<BudgetMovement>> EndAsync(IBudgetStore store, BudgetReservation? reservation, BudgetSettlement settlement)
    {
        if (reservation is null) return [];
        try
        {
            return await store.SettleAsync(reservation, settlement).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The answer is there and paid for. What stays reserved keeps the limit.
            _logger.SettlementFailed(e, reservation.Id, settlement.CostUsd);
            return [];
        }
    }
}

/// <summary>What was set aside for an attempt, and where.</summary>
/// <param name="Amount">How much.</param>
/// <param name="Own">In the tracker's store; null where nothing was.</param>
/// <param name="Shared">In the budgets' own store, or as the ledger's intent alone; null for neither.</param>
/// <param name="IsIntended">Whether the ledger knows of the attempt.</param>
internal sealed record Admission(AttemptAmount Amount, BudgetReservation? Own, BudgetReservation? Shared, bool IsIntended)
{
    public static Admission Nothing { get; } = new(default, null, null, false);

    /// <summary>What is set aside in US dollars; null where nothing is.</summary>
    public decimal? ReservedUsd => Own is null && Shared is null ? null : Amount.Usd;
}
