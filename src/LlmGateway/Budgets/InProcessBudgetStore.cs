using System.Collections.Concurrent;

namespace LlmGateway;

/// <summary>Budgets in this process's memory, gone with it. Every call of it is done at once.</summary>
/// <remarks>Accounts are locked in one order, so that calls with several budgets can't block each other. What a window has left behind is dropped once the window is over and nothing is reserved in it.</remarks>
public sealed class InProcessBudgetStore : IBudgetStore
{
    /// <summary>Ended windows are looked for once in so many new accounts.</summary>
    private const int SweepEvery = 1024;

    private static readonly ValueTask<IReadOnlyList<BudgetMovement>> Nothing = new([]);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, decimal> _reservations = new(StringComparer.Ordinal);
    private long _lastNumber;

    /// <inheritdoc/>
    public ValueTask<BudgetGrant> ReserveAsync(BudgetReservation reservation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        cancellationToken.ThrowIfCancellationRequested();
        var amount = reservation.AmountUsd ?? 0m;
        while (true)
        {
            var entries = EntriesOf(reservation.Accounts, reservation.At);
            using var locks = new Locks(entries);
            if (Array.Exists(entries, e => e.IsDropped)) continue;
            for (var i = 0; i < entries.Length; i++)
            {
                var (account, entry) = (reservation.Accounts[i], entries[i]);
                if (amount > 0m && account.LimitUsd is { } limit && entry.Spent + entry.Reserved + amount > limit)
                    return new(new BudgetGrant(new BudgetBalance(account, entry.Spent, entry.Reserved)));
            }

            if (!_reservations.TryAdd(reservation.Id, amount)) throw new ArgumentException($"The reservation '{reservation.Id}' is made already.", nameof(reservation));
            foreach (var entry in entries)
            {
                entry.Reserved += amount;
                entry.Open++;
            }

            return default;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<BudgetMovement>> SettleAsync(BudgetReservation reservation, BudgetSettlement settlement)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        if (!_reservations.TryRemove(reservation.Id, out var amount)) return Nothing;
        var entries = EntriesOf(reservation.Accounts, reservation.At);
        var moved = new BudgetMovement[entries.Length];
        using var locks = new Locks(entries);
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            entry.Reserved -= amount;
            entry.Open--;
            moved[i] = new BudgetMovement(reservation.Accounts[i], entry.Spent, entry.Spent += settlement.CostUsd ?? 0m);
        }

        return new(moved);
    }

    /// <inheritdoc/>
    public ValueTask<BudgetBalance> BalanceAsync(BudgetAccount account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (!_entries.TryGetValue(account.Key, out var entry)) return new(new BudgetBalance(account, 0m, 0m));
        lock (entry) return new(new BudgetBalance(account, entry.Spent, entry.Reserved));
    }

    private Entry[] EntriesOf(IReadOnlyList<BudgetAccount> accounts, DateTimeOffset now)
    {
        var entries = new Entry[accounts.Count];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = _entries.TryGetValue(accounts[i].Key, out var known) ? known : Open(accounts[i], now);
        return entries;
    }

    private Entry Open(BudgetAccount account, DateTimeOffset now)
    {
        var entry = _entries.GetOrAdd(account.Key, static (_, x) => new Entry(Interlocked.Increment(ref x.Store._lastNumber), x.End), (Store: this, End: account.WindowEnd));
        if (entry.Number % SweepEvery == 0) Sweep(now);
        return entry;
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (key, entry) in _entries)
        {
            if (entry.WindowEnd is not { } end || end > now) continue;
            lock (entry)
            {
                if (entry.Open > 0) continue;
                entry.IsDropped = true;
                _entries.TryRemove(key, out _);
            }
        }
    }

    private sealed class Entry(long number, DateTimeOffset? windowEnd)
    {
        public long Number => number;

        public DateTimeOffset? WindowEnd => windowEnd;

        public decimal Spent { get; set; }

        public decimal Reserved { get; set; }

        /// <summary>How many reservations are open: an amount of 0 holds the account too.</summary>
        public int Open { get; set; }

        public bool IsDropped { get; set; }
    }

    /// <summary>Holds the locks of some entries, taken in the order of their numbers.</summary>
    private readonly ref struct Locks
    {
        private readonly Entry[] _ordered;

        public Locks(Entry[] entries)
        {
            _ordered = entries;
            if (entries.Length > 1)
            {
                _ordered = [.. entries];
                Array.Sort(_ordered, static (a, b) => a.Number.CompareTo(b.Number));
            }

            foreach (var entry in _ordered) Monitor.Enter(entry);
        }

        public void Dispose()
        {
            foreach (var entry in _ordered) Monitor.Exit(entry);
        }
    }
}
