using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Cli.Prices;

/// <summary>The rows that <c>prices</c> shows: the built-in ones, and over them those of <c>LLM_PRICES_FILE</c>.</summary>
internal sealed class PriceSources
{
    private PriceSources(PriceTable file, string? path) => (File, Path) = (file, path);

    /// <summary>The rows of the user's file; none where there is no file.</summary>
    public PriceTable File { get; }

    /// <summary>The user's file; null for none.</summary>
    public string? Path { get; }

    public static PriceTable BuiltIn { get; } = PriceFile.Read(BuiltInBytes(), source: null);

    /// <summary>The day the built-in file was made.</summary>
    public static DateOnly Made { get; } = MadeIn(BuiltInBytes());

    /// <summary>Every row, those of the file first; a built-in row that has lost all its names to them is not among them.</summary>
    public IEnumerable<PriceRow> Rows
    {
        get
        {
            var taken = Names(File.Rows);
            return File.Rows.Concat(BuiltIn.Rows.Where(row => row.Names.Any(name => !taken.Contains((row.Provider, name.ToLowerInvariant())))));
        }
    }

    /// <exception cref="ProviderInitException">The file can't be read, or something in it is wrong.</exception>
    public static PriceSources Load(GatewayConfig config) => config.PricesFile is { } path ? new(Read(path), path) : new(PriceTable.Empty, null);

    /// <summary>The rows of a file, which is refused whole where something in it is wrong.</summary>
    /// <exception cref="ProviderInitException">As <see cref="Load"/>.</exception>
    public static PriceTable Read(string path)
    {
        PriceBook.Load(path); // It has the checks and the words for what fails them.
        return PriceFile.Read(System.IO.File.ReadAllBytes(path), path);
    }

    /// <summary>The row that a vendor's model has, and the name that matched.</summary>
    public (PriceRow Row, string Name)? Find(PriceBook book, string vendor, string model)
    {
        if (book.Find(vendor, model) is not { } match) return null;
        var row = File.Rows.Concat(BuiltIn.Rows).First(r => r.Provider == match.Provider && r.Model == match.Row && r.Source == match.Source);
        return (row, match.MatchedName);
    }

    /// <summary>Vendors that have rows, and those that are looked up in another's.</summary>
    public IEnumerable<string> Vendors => Rows.Select(row => row.Provider).Distinct().Order(StringComparer.Ordinal);

    internal static HashSet<(string Provider, string Name)> Names(IEnumerable<PriceRow> rows) => [.. rows.SelectMany(row => row.Names.Select(name => (row.Provider, name.ToLowerInvariant())))];

    private static byte[] BuiltInBytes()
    {
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream("LlmGateway.prices.json")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static DateOnly MadeIn(byte[] utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return DateOnly.ParseExact(document.RootElement.GetProperty("source").GetProperty("made").GetString()!, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }
}
