using System.Collections.ObjectModel;

namespace LlmGateway;

/// <summary>
/// What one attempt may cost, set aside before it is sent; also the intent that a strict <see cref="ILedger"/> makes durable.
/// Immutable.
/// </summary>
public sealed record BudgetReservation
{
    /// <summary>The reservation's id, unique: that of the call and the attempt's number in it.</summary>
    public required string Id { get; init; }

    /// <summary>The call's id.</summary>
    public required string CallId { get; init; }

    /// <summary>The attempt's number in the call, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>When the attempt was about to be sent.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>The model that is asked.</summary>
    public required string Model { get; init; }

    /// <summary>What is set aside, in US dollars, at least 0; null where it is not known and none of the accounts has a limit.</summary>
    public required decimal? AmountUsd { get; init; }

    /// <summary>The accounts it is set aside in; all or none. Never null.</summary>
    public IReadOnlyList<BudgetAccount> Accounts { get; init; } = [];

    /// <summary>The call's tags. Never null.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}

/// <summary>The answer to a reservation.</summary>
/// <param name="RefusedBy">The first account that has no room, as it stands; null where the reservation is made.</param>
public readonly record struct BudgetGrant(BudgetBalance? RefusedBy)
{
    /// <summary>Whether the amount is set aside.</summary>
    public bool IsGranted => RefusedBy is null;
}

/// <summary>How a reservation ends.</summary>
/// <param name="CostUsd">What is to be counted as spent, in US dollars; null where the price is unknown, which counts as nothing.</param>
/// <param name="Basis">What the amount rests on.</param>
public readonly record struct BudgetSettlement(decimal? CostUsd, CostBasis Basis);

/// <summary>What the cost of an attempt rests on.</summary>
public enum CostBasis
{
    /// <summary>The vendor's own count, or its own bill; or that nothing was sent or billed.</summary>
    Counted,

    /// <summary>An estimate of what was received: the attempt was cut or cancelled, or the vendor gave no count.</summary>
    Estimated,

    /// <summary>What had been reserved: nothing is known of the attempt's end, and the vendor may have billed it.</summary>
    Unknown,
}
