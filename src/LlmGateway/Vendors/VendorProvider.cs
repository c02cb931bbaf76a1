using LlmGateway.Dialects;
using LlmGateway.Embeddings;
using LlmGateway.Providers.Http;

namespace LlmGateway.Vendors;

/// <summary>Makes the provider of a vendor's row.</summary>
internal static class VendorProvider
{
    /// <exception cref="ProviderInitException">The vendor's key is missing, or one of its settings is invalid.</exception>
    public static ILlmProvider Create(Vendor vendor, GatewayConfig config, ProviderServices services)
    {
        var dialect = Dialect.Find(vendor.Dialect)
            ?? throw new ProviderInitException($"Provider '{vendor.Name}' speaks '{vendor.Dialect}', whose package is not there. Reference LlmGateway.Bedrock and call ProviderRegistry.Default.AddBedrock().", vendor.Name);
        var baseUrl = VendorSettings.BaseUrl(vendor, config);
        return new HttpProvider(
            new HttpTarget
            {
                Name = vendor.Name,
                DefaultModel = vendor.DefaultModel,
                BaseUrl = baseUrl,
                Dialect = dialect,
                Authorizer = Authorizer(vendor, config, services),
                PeerOf = PeersOf(vendor),
                PathOf = PathOf(vendor, dialect, baseUrl, config),
                Headers = vendor.Headers,
                DefaultMaxTokens = config.MaxTokens,
                Billing = vendor.Billing,
                KeySettings = KeySettings(vendor, config),
                Embeddings = EmbeddingsOf(vendor, baseUrl),
                BillingRegion = LocationIn(baseUrl),
            },
            services);
    }

    /// <summary>Google's cloud has the location that it bills by in its addresses: <c>…/locations/us-central1/…</c>. Null for any other address.</summary>
    private static string? LocationIn(Uri baseUrl)
    {
        var segments = baseUrl.AbsolutePath.Split('/');
        var place = Array.IndexOf(segments, "locations") + 1;
        return place > 0 && place < segments.Length && segments[place].Length > 0 ? segments[place] : null;
    }

    private static string KeySettings(Vendor vendor, GatewayConfig config) => config.KeySetting switch
    {
        GatewayConfig.OwnKeySetting => string.Join(" or ", [GatewayConfig.OwnKeySetting, .. vendor.KeyVariables]),
        { } named => named,
        null => vendor.KeyVariables.Count > 0 ? string.Join(" or ", vendor.KeyVariables) : "a variable, and name it as the target's key_env",
    };

    private static IRequestAuthorizer Authorizer(Vendor vendor, GatewayConfig config, ProviderServices services)
    {
        if (VendorSettings.FindKey(vendor, config) is { } key) return new KeyAuthorizer(vendor.KeyHeader, vendor.KeyPrefix, key);
        if (vendor.TakesToken && services.TokenProvider is { } tokens) return new TokenAuthorizer(vendor.Name, tokens);
        if (vendor.IsKeyOptional) return new KeyAuthorizer(vendor.KeyHeader, vendor.KeyPrefix, null);
        var tokenHint = vendor.TakesToken ? ", or give a token by ProviderServices.TokenProvider" : "";
        throw new ProviderInitException($"Provider '{vendor.Name}' needs a key. Set {KeySettings(vendor, config)}, in the environment or in .env{tokenHint}.", vendor.Name, config.KeySetting ?? (vendor.KeyVariables is [var usual, ..] ? usual : null));
    }

    /// <summary>One peer a rule, made once.</summary>
    private static Func<string, WirePeer> PeersOf(Vendor vendor)
    {
        var peers = new Dictionary<ModelCapabilities, WirePeer>(ReferenceEqualityComparer.Instance);
        foreach (var rule in vendor.Models) peers[rule.Capabilities] = PeerOf(rule.Capabilities);
        peers.TryAdd(ModelCapabilities.Basic, PeerOf(ModelCapabilities.Basic));
        return model => peers[vendor.CapabilitiesOf(model)];

        WirePeer PeerOf(ModelCapabilities capabilities) => new() { Vendor = vendor.Name, Model = capabilities, Refuses = vendor.Refuses, ReasoningField = vendor.ReasoningField };
    }

    /// <summary>The dialect's own path, unless the row says otherwise, or the base URL ends with what the path begins with (<c>…/v1</c> and <c>v1/messages</c>).</summary>
    private static Func<LlmRequest, string>? PathOf(Vendor vendor, IDialect dialect, Uri baseUrl, GatewayConfig config)
    {
        if (VendorSettings.IsInstead(vendor, config))
        {
            var template = VendorSettings.Fill(vendor.Instead!.Path, vendor, config);
            return request => template.Replace("{model}", Uri.EscapeDataString(request.Model), StringComparison.Ordinal);
        }

        var strip = vendor.StripPath;
        var last = baseUrl.AbsolutePath.TrimEnd('/').Split('/')[^1] + "/";
        if (strip.Length == 0 && last.Length == 1) return null;
        return request =>
        {
            var path = dialect.PathOf(request);
            if (strip.Length > 0 && path.StartsWith(strip, StringComparison.Ordinal)) return path[strip.Length..];
            return last.Length > 1 && path.StartsWith(last, StringComparison.Ordinal) ? path[last.Length..] : path;
        };
    }

    private static EmbeddingTarget? EmbeddingsOf(Vendor vendor, Uri baseUrl)
    {
        if (vendor.EmbeddingFormat is not { } name || EmbeddingFormat.Find(name) is not { } format) return null;

        // An address of the user's stands for the whole vendor; its embeddings are then under its root.
        var url = vendor.EmbeddingBaseUrl is { } own ? IsRowsOwn() ? new Uri(own) : new Uri(baseUrl, "/") : baseUrl;
        return new EmbeddingTarget(format, url, vendor.DefaultEmbeddingModel);

        bool IsRowsOwn() => Uri.TryCreate(vendor.BaseUrl, UriKind.Absolute, out var row) && row == baseUrl;
    }
}
