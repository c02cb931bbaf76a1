using LlmGateway.PriceData;

namespace LlmGateway;

/// <summary>
/// What models cost. It holds the built-in price data, over it a user's price file, over that what was registered in code.
/// Safe for concurrent use: every look-up sees one state, and a change replaces it whole.
/// </summary>
/// <remarks>
/// A name is matched exactly, or as a dated or versioned snapshot where the row says so, without regard to case, with or
/// without the vendor's name and a slash before it, also inside Bedrock's ARNs and Vertex' paths of publishers' models. A name
/// that is only close to a row's is not priced, nor is a fine-tune, unless a row is named for it: <c>ft:BASE</c> is for every
/// fine-tune of BASE. The source of the built-in data, and what of it is left out, is in <c>eng/prices</c>.
/// </remarks>
public sealed class PriceBook
{
    private const string Setting = "LLM_PRICES_FILE";
    private const int MaxFileBytes = 16 * 1024 * 1024;
    private static readonly Lazy<PriceTable> BuiltIn = new(ReadBuiltIn);

    private readonly TimeProvider _time;
    private readonly Registrations _registered;
    private readonly PriceTable _file;

    /// <summary>A book with the built-in prices, which are read at the first look-up.</summary>
    /// <param name="timeProvider">The clock that says what "now" is; null = the system's.</param>
    public PriceBook(TimeProvider? timeProvider = null)
        : this(timeProvider ?? TimeProvider.System, new Registrations(), PriceTable.Empty)
    {
    }

    private PriceBook(TimeProvider time, Registrations registered, PriceTable file) => (_time, _registered, _file) = (time, registered, file);

    /// <summary>The process's own book, which <see cref="Pricing"/> uses.</summary>
    public static PriceBook Default { get; } = new();

    /// <summary>The built-in price data's source and version.</summary>
    public static string BuiltInSource => BuiltIn.Value.Rows[0].Source;

    /// <summary>The price of a model.</summary>
    /// <param name="provider">The vendor, by any of its names.</param>
    /// <param name="model">The model, as the vendor names it.</param>
    /// <param name="at">The time of the call; null = now.</param>
    /// <returns>The price and what it was found by; null where it is unknown.</returns>
    public PriceMatch? Find(string provider, string model, DateTimeOffset? at = null)
    {
        if (FindRow(provider, model) is not var (row, matched)) return null;
        return new PriceMatch { Provider = row.Provider, Row = row.Model, MatchedName = matched, Source = row.Source, Price = row.At(at ?? _time.GetUtcNow()) };
    }

    /// <summary>
    /// The most that a request can cost that is sent now and answered within a day: the dearest of the prices that hold at any
    /// moment of it, by <see cref="CostBound.Of"/>. Null where it has no bound, or no price.
    /// </summary>
    internal decimal? Bound(string provider, string model, long inputTokens, long outputTokens, PriceContext context)
    {
        if (FindRow(provider, model) is not var (row, _)) return null;
        var from = context.At ?? _time.GetUtcNow();
        var most = 0m;
        foreach (var price in row.Between(from, from + CostBound.Horizon))
        {
            if (CostBound.Of(price, inputTokens, outputTokens, context.ServiceTier, context.Region) is not { } bound) return null;
            most = Math.Max(most, bound);
        }
        return most;
    }

    /// <summary>The names of the models that have a price of their own at a vendor: the main one of each row, and none that stands for several.</summary>
    internal IEnumerable<string> ModelsOf(string provider)
    {
        var vendor = VendorName.Canonical(provider);
        var from = BuiltIn.Value.Inherit.GetValueOrDefault(vendor);
        return _registered.Table.Rows.Concat(_file.Rows).Concat(BuiltIn.Value.Rows)
            .Where(row => row.Provider == vendor || row.Provider == from)
            .Select(row => row.Model)
            .Where(name => name != "*" && !name.StartsWith("ft:", StringComparison.Ordinal) && !NameForms.IsPattern(name))
            .Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private (PriceRow Row, string Name)? FindRow(string provider, string model)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(model);
        var vendor = VendorName.Canonical(provider);
        var name = model.Trim();
        var layers = new Layers(_registered.Table, _file);
        var found = Find(layers, vendor, name);
        // A path may have the vendor's name before it, and a publisher's inside it.
        for (var i = 0; i < 2 && found is null && (Unprefixed(vendor, name) ?? ModelPath.Inside(vendor, name)) is { } bare; i++) found = Find(layers, vendor, name = bare);
        return found ?? layers.FindExact(vendor, "*") ?? BuiltIn.Value.FindExact(vendor, "*");
    }

    /// <summary>
    /// What a call cost, as the vendor bills it: the tokens of every kind at their own price, by the tier and the region that
    /// served it and at its own time, and what is billed by the piece. Exact: never rounded. Where the price of any of it is
    /// unknown, the whole is, and <see cref="PricedReply.UnpricedBecause"/> says why.
    /// </summary>
    /// <param name="provider">The vendor, by any of its names.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="context">What is known beside the reply; null for nothing.</param>
    /// <returns>The cost and its parts.</returns>
    /// <exception cref="ArgumentException">A count is negative, or larger than the whole that it is a part of.</exception>
    /// <exception cref="OverflowException">The cost has more digits than a decimal holds.</exception>
    public PricedReply Price(string provider, VendorReply reply, PriceContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(provider);
        ArgumentNullException.ThrowIfNull(reply);
        UsageCheck.Validate(reply.Usage, nameof(reply));
        var match = reply.Model is { } model ? Find(provider, model, context?.At) : null;
        var tier = reply.Billing.ServiceTier ?? ServiceTierName.Normalise(context?.ServiceTier);
        var region = reply.Billing.Region ?? ServiceTierName.Region(context?.Region);
        return UsageCost.Of(reply, match, tier, region);
    }

    /// <summary>The usage with what it costs, by <see cref="Price"/>: at the standard tier, in no region and without fees but those of every request.</summary>
    /// <param name="provider">The vendor, by any of its names.</param>
    /// <param name="model">The model, as the vendor names it.</param>
    /// <param name="usage">The tokens of one call. A sum over calls has the right cost only where no price depends on the call, its size or its time.</param>
    /// <param name="at">The time of the call; null = now.</param>
    /// <returns>The usage with its cost set; costs it had are replaced.</returns>
    /// <exception cref="ArgumentException">A count is negative, or larger than the whole that it is a part of.</exception>
    /// <exception cref="OverflowException">The cost has more digits than a decimal holds.</exception>
    public TokenUsage Calculate(string provider, string model, TokenUsage usage, DateTimeOffset? at = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(usage);
        return Calculate(provider, new VendorReply { Model = model, Usage = usage }, at);
    }

    /// <summary>The usage of a reply that <see cref="VendorUsage"/> has read with what it costs, by <see cref="Price"/>.</summary>
    /// <param name="provider">The vendor, by any of its names.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="at">The time of the call; null = now.</param>
    /// <returns>The usage with its cost set.</returns>
    /// <exception cref="ArgumentException">As the other overload.</exception>
    /// <exception cref="OverflowException">As the other overload.</exception>
    public TokenUsage Calculate(string provider, VendorReply reply, DateTimeOffset? at = null) => Price(provider, reply, new PriceContext { At = at }).Usage;

    /// <summary>
    /// Sets a model's price from now on, over every other source. It also holds for dated snapshots of the model, where the
    /// book below prices them as the same model and they are not registered themselves.
    /// </summary>
    /// <param name="provider">The vendor, by any of its names, or your own provider's name.</param>
    /// <param name="model">The model's name; <c>*</c> for every model of the provider that has no price of its own.</param>
    /// <param name="price">Its price.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public void Register(string provider, string model, ModelPrice price)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(provider);
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentNullException.ThrowIfNull(price);
        var name = model.Trim();
        var row = new PriceRow { Provider = VendorName.Canonical(provider), Model = name, Names = [name], Entries = [new PriceEntry(price)], Source = "registered" };
        _registered.Set(row);
    }

    /// <summary><see cref="Default"/> with a price file: see <see cref="WithFile"/>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The book.</returns>
    /// <exception cref="ProviderInitException">As <see cref="WithFile"/>.</exception>
    public static PriceBook Load(string path) => Default.WithFile(path);

    /// <summary>
    /// This book with a price file (<c>LLM_PRICES_FILE</c>) over the built-in data and over files it has, row by row. What is
    /// registered in either book, now or later, holds in both and goes over the file.
    /// The format is that of the built-in data, of which this much is enough:
    /// <c>{"rows": [{"provider": "openai", "model": "gpt-4o", "input": 2.5, "output": 10, "cache_read": 1.25}]}</c>,
    /// in US dollars per million tokens.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>A book with the whole file in it. This one is not changed.</returns>
    /// <exception cref="ProviderInitException">The file can't be read, or something in it is wrong: the message names the row and the field.</exception>
    public PriceBook WithFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        PriceTable read;
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxFileBytes) throw new PriceFormatException($"it is larger than {MaxFileBytes >> 20} MB");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            read = PriceFile.Read(bytes, path);
            foreach (var (vendor, other) in read.Inherit)
                if (!BuiltIn.Value.Inherit.TryGetValue(vendor, out var known) || known != other)
                    throw new PriceFormatException($"field \"inherit\": {vendor} is set by the built-in data and can't be changed");
        }
        catch (PriceFormatException e)
        {
            throw new ProviderInitException($"{Setting}: the price file '{path}' was refused: {e.Message}. None of it was loaded; correct it, or unset {Setting}.", setting: Setting, innerException: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ProviderInitException($"{Setting}: the price file '{path}' can't be read: {e.Message}", setting: Setting, innerException: e);
        }
        return new PriceBook(_time, _registered, Merge(_file, read));
    }

    /// <summary>The rows of both; where a new row claims a name of an old one, the old one loses that name.</summary>
    private static PriceTable Merge(PriceTable old, PriceTable added)
    {
        var claimed = added.Rows.SelectMany(r => r.Names.Select(n => (r.Provider, Name: n.ToLowerInvariant()))).ToHashSet();
        var kept = old.Rows
            .Select(r => r with { Names = [.. r.Names.Where(n => !claimed.Contains((r.Provider, n.ToLowerInvariant())))] })
            .Where(r => r.Names.Count > 0);
        return PriceTable.Empty.With([.. kept, .. added.Rows]);
    }

    private static (PriceRow Row, string Name)? Find(Layers layers, string vendor, string name)
    {
        if (layers.Registered.Find(vendor, name) is { } registered) return registered;
        if (layers.File.Find(vendor, name) is { } fromFile) return OfSameModel(layers.Registered, layers.File, vendor, name, fromFile.Row) ?? fromFile;
        if (BuiltIn.Value.Find(vendor, name) is not { } builtIn) return null;
        return OfSameModel(layers.Registered, BuiltIn.Value, vendor, name, builtIn.Row)
            ?? OfSameModel(layers.File, BuiltIn.Value, vendor, name, builtIn.Row)
            ?? builtIn;
    }

    /// <summary>The row that an upper layer has for the undated name of this snapshot, where the lower layer has one row for both.</summary>
    private static (PriceRow Row, string Name)? OfSameModel(PriceTable upper, PriceTable lower, string vendor, string name, PriceRow row)
    {
        if (upper.Rows.Count == 0) return null;
        var bases = NameForms.Split(name).Select(s => s.Base);
        if (name.EndsWith("-latest", StringComparison.OrdinalIgnoreCase)) bases = bases.Append(name[..^"-latest".Length]);
        foreach (var undated in bases)
            if (upper.FindExact(vendor, undated) is { } found && lower.Find(vendor, undated)?.Row == row) return found;
        return null;
    }

    /// <summary>The name without the vendor's own name and a slash before it, or Gemini's <c>models/</c>; null where it has neither.</summary>
    private static string? Unprefixed(string vendor, string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0) return null;
        var prefix = VendorName.Canonical(name[..slash]);
        var same = prefix == vendor || (BuiltIn.Value.Inherit.TryGetValue(vendor, out var other) && prefix == other);
        return same || (prefix == "models" && vendor is "gemini" or "vertex") ? name[(slash + 1)..] : null;
    }

    private static PriceTable ReadBuiltIn()
    {
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream("LlmGateway.prices.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return PriceFile.Read(bytes, source: null);
    }

    private readonly record struct Layers(PriceTable Registered, PriceTable File)
    {
        internal (PriceRow Row, string Name)? FindExact(string vendor, string name) => Registered.FindExact(vendor, name) ?? File.FindExact(vendor, name);
    }
}
