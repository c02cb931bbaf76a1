using System.Collections.ObjectModel;
using LlmGateway.PriceData;

namespace LlmGateway;

/// <summary>
/// What a model costs, in US dollars per million tokens. Immutable. A price that is null is unknown, not 0: a usage that has
/// such tokens has an unknown cost. Only where input and output both cost 0 is their cached part known to be free too.
/// </summary>
/// <remarks>
/// Sound and images cost what other input costs, unless one of their own prices is set here or in a step: then all of them
/// count, and one that is null is unknown. Of output it is the other way round: sound and images have no price but their own.
/// </remarks>
public sealed record ModelPrice
{
    /// <summary>Input that was neither read from a cache nor written to one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, above 1,000,000, or with more than 12 decimals; so for every price here.</exception>
    public required decimal InputPerMillion { get; init => field = PriceNumber.Checked(value, nameof(InputPerMillion)); }

    /// <summary>Output, reasoning included unless <see cref="ReasoningPerMillion"/> is set.</summary>
    public required decimal OutputPerMillion { get; init => field = PriceNumber.Checked(value, nameof(OutputPerMillion)); }

    /// <summary>Input read from a cache; null where unknown.</summary>
    public decimal? CacheReadPerMillion { get; init => field = PriceNumber.Checked(value, nameof(CacheReadPerMillion)); }

    /// <summary>Input written to a cache with the vendor's usual lifetime (Anthropic's five minutes); null where unknown.</summary>
    public decimal? CacheWritePerMillion { get; init => field = PriceNumber.Checked(value, nameof(CacheWritePerMillion)); }

    /// <summary>Input written to a cache that is kept for an hour; null where unknown.</summary>
    public decimal? CacheWrite1hPerMillion { get; init => field = PriceNumber.Checked(value, nameof(CacheWrite1hPerMillion)); }

    /// <summary>Reasoning, where it is priced apart from other output; null = it costs what output costs.</summary>
    public decimal? ReasoningPerMillion { get; init => field = PriceNumber.Checked(value, nameof(ReasoningPerMillion)); }

    /// <summary>Sound in the input; null = as other input, but unknown where <see cref="AudioPricedApart"/> or <see cref="AudioCacheReadPerMillion"/> is set.</summary>
    public decimal? AudioInputPerMillion { get; init => field = PriceNumber.Checked(value, nameof(AudioInputPerMillion)); }

    /// <summary>Sound read from a cache; null = as other input read from one, but unknown where sound has a price of its own.</summary>
    public decimal? AudioCacheReadPerMillion { get; init => field = PriceNumber.Checked(value, nameof(AudioCacheReadPerMillion)); }

    /// <summary>Sound in the output; null = unknown.</summary>
    public decimal? AudioOutputPerMillion { get; init => field = PriceNumber.Checked(value, nameof(AudioOutputPerMillion)); }

    /// <summary>Images in the input; null = as other input, which is how most vendors bill them, but unknown where <see cref="ImageCacheReadPerMillion"/> is set.</summary>
    public decimal? ImageInputPerMillion { get; init => field = PriceNumber.Checked(value, nameof(ImageInputPerMillion)); }

    /// <summary>Images read from a cache; null = as other input read from one, but unknown where images have a price of their own.</summary>
    public decimal? ImageCacheReadPerMillion { get; init => field = PriceNumber.Checked(value, nameof(ImageCacheReadPerMillion)); }

    /// <summary>Images in the output; null = unknown.</summary>
    public decimal? ImageOutputPerMillion { get; init => field = PriceNumber.Checked(value, nameof(ImageOutputPerMillion)); }

    /// <summary>Whether audio input has another price, which is not held here: the cost of a reply that reports such tokens is unknown.</summary>
    public bool AudioPricedApart { get; init; }

    /// <summary>Prices that hold once the call's input passes a size. Ascending; never null.</summary>
    /// <exception cref="ArgumentException">Not ascending, or a step whose price has steps, fees, tiers or regions of its own.</exception>
    public IReadOnlyList<PriceStep> Steps { get; init => field = Array.AsReadOnly(PriceStep.Checked(value)); } = [];

    /// <summary>
    /// What one unit of something else than tokens costs, in US dollars, by its kind: see <see cref="BilledFee.Kind"/>.
    /// <c>request</c> is charged once for every call, the others where the reply says how many there were. Never null.
    /// </summary>
    /// <exception cref="ArgumentException">An unknown kind.</exception>
    public IReadOnlyDictionary<string, decimal> Fees { get; init => field = FeeKind.Checked(value); } = ReadOnlyDictionary<string, decimal>.Empty;

    /// <summary>
    /// What is different in a service tier (<c>batch</c>, <c>flex</c>, <c>priority</c>, <c>fast</c>), by its name in lower case. A call
    /// in a tier that is not here has an unknown cost; <c>standard</c> needs none. Never null.
    /// </summary>
    /// <exception cref="ArgumentException">An empty name, or a price that has tiers or regions of its own.</exception>
    public IReadOnlyDictionary<string, PriceVariant> Tiers { get; init => field = PriceVariant.Checked(value, nameof(Tiers)); } = ReadOnlyDictionary<string, PriceVariant>.Empty;

    /// <summary>
    /// What is different in a region, by its name in lower case; <c>*</c> for all that are not named. A call in a region that is
    /// not here has an unknown cost; no region, and <c>global</c>, need none. Never null.
    /// </summary>
    /// <exception cref="ArgumentException">As <see cref="Tiers"/>, or <c>global</c>.</exception>
    public IReadOnlyDictionary<string, PriceVariant> Regions { get; init => field = PriceVariant.Checked(value, nameof(Regions)); } = ReadOnlyDictionary<string, PriceVariant>.Empty;

    /// <summary>Where the price was read and when, for rows that are kept by hand; else null.</summary>
    public string? Note { get; init; }

    /// <summary>Whether every call is known to cost nothing: no price here is above 0, nor a fee.</summary>
    public bool IsFree =>
        InputPerMillion == 0 && OutputPerMillion == 0 && !AudioPricedApart
        && Others.All(static price => price is null or 0) && Fees.Values.All(static fee => fee == 0)
        && Steps.All(static step => step.Price.IsFree)
        && Tiers.Values.Concat(Regions.Values).All(static variant => variant.Price is null or { IsFree: true });

    /// <summary>What a price that is not given is: unknown, but 0 where all is free, as cached input is a part of the input.</summary>
    internal decimal? Ungiven => InputPerMillion == 0 && OutputPerMillion == 0 ? 0m : null;

    /// <summary>Whether sound in the input has prices of its own, here or in a step.</summary>
    internal bool HasAudioPrice => AudioPricedApart || AudioInputPerMillion is not null || AudioCacheReadPerMillion is not null || Steps.Any(static step => step.Price.HasAudioPrice);

    /// <summary>Whether images in the input have prices of their own, here or in a step.</summary>
    internal bool HasImagePrice => ImageInputPerMillion is not null || ImageCacheReadPerMillion is not null || Steps.Any(static step => step.Price.HasImagePrice);

    private IEnumerable<decimal?> Others =>
    [
        CacheReadPerMillion, CacheWritePerMillion, CacheWrite1hPerMillion, ReasoningPerMillion,
        AudioInputPerMillion, AudioCacheReadPerMillion, AudioOutputPerMillion, ImageInputPerMillion, ImageCacheReadPerMillion, ImageOutputPerMillion,
    ];
}
