using System.Text.Json;
using LlmGateway.Vendors;

namespace LlmGateway.Routing.Configuration;

/// <summary>What <c>gateway.json</c> says: routes, and vendors in the form of <c>LLM_VENDORS_FILE</c>. A bad file is refused whole.</summary>
internal sealed record GatewayFile(IReadOnlyList<RouteConfig> Routes, IReadOnlyList<Vendor> Vendors)
{
    public const string Setting = "LLM_CONFIG_FILE";

    private static readonly JsonDocumentOptions Json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <exception cref="ProviderInitException">The file cannot be read, or something in it is wrong: the message names the file, the route or vendor, and the field.</exception>
    public static GatewayFile Load(string path)
    {
        try
        {
            return Read(path, File.ReadAllBytes(path));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            throw Wrong(path, e);
        }
    }

    /// <exception cref="ProviderInitException">Something is wrong, as with <see cref="Load"/>.</exception>
    public static GatewayFile Read(string path, ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8.Span.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, Json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw Wrong(path, e);
        }
    }

    /// <summary>The vendors that a configuration brings with it, which go before what is registered.</summary>
    /// <exception cref="ProviderInitException">A file of it is wrong.</exception>
    public static IReadOnlyList<Vendor> RowsOf(GatewayConfig config) => Join(
        config.ConfigFile is { } own ? Load(own).Vendors : [],
        config.VendorsFile is { } file ? VendorFile.Load(file) : []);

    /// <exception cref="ProviderInitException">A vendor is in both files.</exception>
    public static IReadOnlyList<Vendor> Join(IReadOnlyList<Vendor> ofConfigFile, IReadOnlyList<Vendor> ofVendorsFile)
    {
        if (ofConfigFile.Count == 0) return ofVendorsFile;
        IReadOnlyList<Vendor> all = [.. ofConfigFile, .. ofVendorsFile];
        RouteRules.Named(Setting, () => CheckNames(all, "; LLM_VENDORS_FILE may define it too"));
        return all;
    }

    public static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    public static ProviderInitException Wrong(string path, Exception e) => new($"{Setting}: {path}: {e.Message}", setting: Setting, innerException: e);

    private static GatewayFile Read(JsonElement root)
    {
        var fields = new JsonSetting(root, "").Fields("the file", "$schema", "vendors", "routes");
        List<Vendor> vendors = [];
        if (fields.TryGetValue("vendors", out var rows))
        {
            if (!rows.IsObject) throw rows.Wrong("is not an object");
            var json = root.GetProperty("vendors"u8);
            vendors = VendorFile.ReadRows(json).ConvertAll(row => row with { Written = json.GetProperty(row.Name).GetRawText() });
            CheckNames(vendors, "");
        }

        return new GatewayFile(fields.TryGetValue("routes", out var routes) ? RouteReader.Read(routes) : [], vendors);
    }

    private static void CheckNames(IReadOnlyList<Vendor> vendors, string hint)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var vendor in vendors)
        {
            foreach (var name in vendor.Names)
            {
                if (!names.Add(ProviderRegistry.Normalize(name))) throw new FormatException($"vendor '{vendor.Name}': the name '{name}' is there twice{hint}.");
            }
        }
    }
}
