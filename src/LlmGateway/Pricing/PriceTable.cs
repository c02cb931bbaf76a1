namespace LlmGateway.PriceData;

/// <summary>Rows by vendor and name. Immutable once made.</summary>
internal sealed class PriceTable
{
    internal static PriceTable Empty { get; } = new([], new Dictionary<string, string>());

    private readonly Dictionary<string, VendorRows> _vendors = [];
    private readonly IReadOnlyDictionary<string, string> _inherit;

    /// <summary>A table of these rows; of two that claim a name the later one has it.</summary>
    internal PriceTable(IReadOnlyList<PriceRow> rows, IReadOnlyDictionary<string, string> inherit)
    {
        Rows = rows;
        _inherit = inherit;
        foreach (var row in rows)
        {
            if (!_vendors.TryGetValue(row.Provider, out var vendor)) _vendors[row.Provider] = vendor = new VendorRows();
            foreach (var name in row.Names) (NameForms.IsPattern(name) ? vendor.Patterns : vendor.Exact)[name] = (row, name);
        }
    }

    internal IReadOnlyList<PriceRow> Rows { get; }

    /// <summary>A vendor that serves another's models at its price, to that other.</summary>
    internal IReadOnlyDictionary<string, string> Inherit => _inherit;

    /// <summary>A table with these rows on top of its own.</summary>
    internal PriceTable With(IEnumerable<PriceRow> rows) => new([.. Rows, .. rows], _inherit);

    /// <summary>The row of a model, by an exact name or a pattern; the vendor's own, else that of the vendor it inherits from.</summary>
    internal (PriceRow Row, string Name)? Find(string vendor, string model)
    {
        if (FindOwn(vendor, model) is { } own) return own;
        // A fine-tune has its own price, never its base's, nor that of another vendor's fine-tunes.
        if (ModelPath.TuneOf(model) is { } tuned) return FindOwn(vendor, tuned);
        if (ModelPath.IsTune(model)) return null;
        return _inherit.TryGetValue(vendor, out var other) ? FindOwn(other, model) : null;
    }

    /// <summary>The row that has exactly this name.</summary>
    internal (PriceRow Row, string Name)? FindExact(string vendor, string name) =>
        _vendors.TryGetValue(vendor, out var rows) && rows.Exact.TryGetValue(name, out var found) ? found : null;

    private (PriceRow Row, string Name)? FindOwn(string vendor, string model)
    {
        if (!_vendors.TryGetValue(vendor, out var rows)) return null;
        if (rows.Exact.TryGetValue(model, out var exact)) return exact;
        if (rows.Patterns.Count == 0) return null;
        foreach (var (start, form) in NameForms.Split(model))
            if (rows.Patterns.TryGetValue(start + form, out var pattern)) return pattern;
        return null;
    }

    private sealed class VendorRows
    {
        internal Dictionary<string, (PriceRow, string)> Exact { get; } = new(StringComparer.OrdinalIgnoreCase);

        internal Dictionary<string, (PriceRow, string)> Patterns { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
