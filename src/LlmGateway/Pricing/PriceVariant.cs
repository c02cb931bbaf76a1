using System.Collections.ObjectModel;
using LlmGateway.PriceData;

namespace LlmGateway;

/// <summary>
/// What is different in a service tier or a region: every price for tokens is a multiple of the usual one, or the whole price
/// is another. Immutable.
/// </summary>
public sealed record PriceVariant
{
    private PriceVariant()
    {
    }

    /// <summary>What every price for tokens is multiplied by, those of steps included and fees not; null where <see cref="Price"/> is set.</summary>
    public decimal? Factor { get; private init; }

    /// <summary>The whole price; where it has no fees at all, the usual ones hold. Null where <see cref="Factor"/> is set.</summary>
    public ModelPrice? Price { get; private init; }

    /// <summary>A multiple of the usual price.</summary>
    /// <param name="factor">0 to 1000, with at most 4 decimals; 0.5 is half of it.</param>
    /// <returns>The variant.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No such number.</exception>
    public static PriceVariant Times(decimal factor) => new() { Factor = PriceNumber.CheckedFactor(factor, nameof(factor)) };

    /// <summary>Another price.</summary>
    /// <param name="price">The whole of it.</param>
    /// <returns>The variant.</returns>
    /// <exception cref="ArgumentException">The price has tiers or regions of its own.</exception>
    public static PriceVariant Of(ModelPrice price)
    {
        ArgumentNullException.ThrowIfNull(price);
        return price is { Tiers.Count: 0, Regions.Count: 0 }
            ? new() { Price = price }
            : throw new ArgumentException("The price of a tier or a region has no tiers or regions of its own.", nameof(price));
    }

    internal static ReadOnlyDictionary<string, PriceVariant> Checked(IReadOnlyDictionary<string, PriceVariant> variants, string name)
    {
        ArgumentNullException.ThrowIfNull(variants);
        Dictionary<string, PriceVariant> copy = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, variant) in variants)
        {
            if (string.IsNullOrWhiteSpace(key) || key.AsSpan().ContainsAny(" \t\r\n")) throw new ArgumentException($"'{key}' is no name of a tier or a region.", name);
            if (name == nameof(ModelPrice.Regions) && ServiceTierName.IsGlobal(key)) throw new ArgumentException("The global price is the price itself; it is no region.", name);
            if (variant is null || !copy.TryAdd(key, variant)) throw new ArgumentException($"'{key}' has no price, or two.", name);
        }
        return copy.AsReadOnly();
    }
}
