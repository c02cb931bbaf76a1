using System.Collections.Concurrent;

namespace LlmGateway.Tests.Fakes;

/// <summary>A ledger in memory that can be made to fail.</summary>
internal sealed class FakeLedger : ILedger
{
    public LedgerMode Mode { get; init; } = LedgerMode.Strict;

    public Exception? Failure { get; set; }

    public ConcurrentQueue<BudgetReservation> Intents { get; } = new();

    public ConcurrentQueue<(string Id, BudgetSettlement Settlement)> Settlements { get; } = new();

    public ConcurrentQueue<CallRecord> Records { get; } = new();

    public ValueTask IntendAsync(BudgetReservation attempt, CancellationToken cancellationToken)
    {
        if (Failure is not null) return ValueTask.FromException(Failure);
        Intents.Enqueue(attempt);
        return default;
    }

    public void Settled(BudgetReservation attempt, BudgetSettlement settlement) => Settlements.Enqueue((attempt.Id, settlement));

    public ValueTask WriteAsync(CallRecord record)
    {
        Records.Enqueue(record);
        return default;
    }
}
