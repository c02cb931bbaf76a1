using System.Text;
using LlmGateway.Configuration;

namespace LlmGateway.Vendors;

/// <summary>Where a vendor's key and address come from: the gateway's own setting, else the vendor's usual variable, else its row.</summary>
internal static class VendorSettings
{
    /// <exception cref="ProviderInitException">The key cannot stand in an HTTP header.</exception>
    public static string? FindKey(Vendor vendor, GatewayConfig config)
    {
        if (!string.IsNullOrEmpty(config.ApiKey)) return config.ApiKey;
        if (config.Variables.FindFirst(vendor.KeyVariables) is not { } found) return null;
        var key = found.Variable.Value.Trim();
        return ConfigVariable.IsHeaderSafe(key)
            ? key
            : throw new ProviderInitException($"{found.Name}, from {found.Variable.Source}, holds white space or control characters, which no key has.", vendor.Name, found.Name);
    }

    /// <summary>
    /// The base URL. An address of the user's that names no path gets the row's, so that <c>http://localhost:8000</c> and
    /// <c>http://localhost:8000/v1</c> are the same server.
    /// </summary>
    /// <exception cref="ProviderInitException">A variable is missing that the address needs, or holds no http URL.</exception>
    public static Uri BaseUrl(Vendor vendor, GatewayConfig config)
    {
        var path = IsInstead(vendor, config) ? vendor.Instead!.BasePath : null;
        var own = config.BaseUrl ?? UsualBaseUrl(vendor, config);
        if (own is not null) return own.AbsolutePath.Length > 1 ? own : new Uri(own, path ?? PathOf(vendor.BaseUrl));
        var row = new Uri(Fill(vendor.BaseUrl, vendor, config));
        return path is null ? row : new Uri(row, path);
    }

    /// <summary>Whether the variable is set that chooses the vendor's other form of address.</summary>
    public static bool IsInstead(Vendor vendor, GatewayConfig config) => vendor.Instead is { } instead && config.Variables.FindFirst([instead.Variable]) is not null;

    /// <summary>Puts the variables' values in a text's places for them.</summary>
    /// <exception cref="ProviderInitException">One is missing.</exception>
    public static string Fill(string text, Vendor vendor, GatewayConfig config)
    {
        var filled = new StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var start = text.IndexOf("${", at, StringComparison.Ordinal);
            var end = start < 0 ? -1 : text.IndexOf('}', start);
            if (end < 0) return filled.Append(text, at, text.Length - at).ToString();
            var name = text[(start + 2)..end];
            var value = config.Variables.FindFirst([name])?.Variable.Value.Trim()
                ?? throw new ProviderInitException($"Provider '{vendor.Name}' needs {name} for its address. Set it, or {(config.KeySetting == GatewayConfig.OwnKeySetting ? "LLM_BASE_URL" : "base_url of its target")}, in the environment or in .env.", vendor.Name, name);

            // A host may be given with its scheme, as DATABRICKS_HOST usually is, or without.
            if (start == 0 && !value.Contains("://", StringComparison.Ordinal)) value = $"https://{value}";
            filled.Append(text, at, start - at).Append(start == 0 ? value.TrimEnd('/') : Uri.EscapeDataString(value));
            at = end + 1;
        }

        return filled.ToString();
    }

    private static Uri? UsualBaseUrl(Vendor vendor, GatewayConfig config)
    {
        if (config.Variables.FindFirst(vendor.BaseUrlVariables) is not { } found) return null;
        var value = found.Variable.Value.Trim();
        if (!value.Contains("://", StringComparison.Ordinal) && found.Name.EndsWith("_HOST", StringComparison.Ordinal)) value = $"http://{value}"; // OLLAMA_HOST is a host and a port.
        return Uri.TryCreate(value, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" }
            ? url
            : throw new ProviderInitException(
                $"{found.Name}, from {found.Variable.Source}, is not an absolute http or https URL without user name, password, query or fragment.",
                vendor.Name, found.Name);
    }

    /// <summary>The path in an address that may still have places for variables.</summary>
    private static string PathOf(string url)
    {
        var host = url.IndexOf("://", StringComparison.Ordinal);
        var path = url.IndexOf('/', host < 0 ? 0 : host + 3);
        return path < 0 || url.Contains("${", StringComparison.Ordinal) && url.IndexOf("${", path, StringComparison.Ordinal) >= 0 ? "/" : url[path..];
    }
}
