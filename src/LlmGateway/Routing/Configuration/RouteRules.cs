namespace LlmGateway.Routing.Configuration;

/// <summary>What a route may hold, whoever wrote it: a file, a section or code.</summary>
internal static class RouteRules
{
    /// <summary>Checks the routes and fallbacks that a configuration holds itself; its file is read when a client is made.</summary>
    /// <exception cref="ProviderInitException">A value is wrong; the message names the route and the field.</exception>
    public static void Check(GatewayConfig config)
    {
        const string Fallbacks = "LLM_FALLBACKS";
        Named(Fallbacks, () => Check(config.Fallbacks, "target"));
        Named(nameof(GatewayConfig.Routes), () => Check(config.Routes ?? throw new FormatException("is null.")));
    }

    /// <exception cref="FormatException">A value is wrong; the message names the route and the field.</exception>
    public static void Check(IReadOnlyList<RouteConfig> routes)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in routes)
        {
            Check(route ?? throw new FormatException("a route is null."));
            if (!names.Add(route.Name)) throw new FormatException($"route '{route.Name}': another route has this name (case makes no difference).");
        }
    }

    /// <summary>Runs a check, and says of what is wrong where it stands.</summary>
    /// <exception cref="ProviderInitException">The check found something.</exception>
    public static void Named(string setting, Action check)
    {
        try
        {
            check();
        }
        catch (FormatException e)
        {
            throw new ProviderInitException($"{setting}: {e.Message}", setting: setting, innerException: e);
        }
    }

    private static void Check(RouteConfig route)
    {
        if (!IsName(route.Name)) throw new FormatException($"route '{route.Name}': a route's name is of letters, digits, '_', '-' and '.', so that it is not taken for a vendor's model.");
        var place = $"route '{route.Name}': ";
        if (!Enum.IsDefined(route.Policy)) throw new FormatException($"{place}policy is not one of the policies.");
        if (route.Targets is null || route.Targets.Count == 0) throw new FormatException($"{place}targets is empty; a route has at least one.");
        Check(route.Targets, $"{place}targets");
        if (route.FallbackOn is null || route.FallbackOn.Any(kind => !Enum.IsDefined(kind))) throw new FormatException($"{place}fallback_on holds what is no kind of error.");
        if (route.FallbackOn.Distinct().Count() != route.FallbackOn.Count) throw new FormatException($"{place}fallback_on names a kind of error twice.");
        if (route.Rescue is { } rescue && !RescueText.IsValid(rescue)) throw new FormatException($"{place}rescue is not {RescueText.Allowed}.");
        if (route.Hedge is { } hedge) Check(hedge, $"{place}hedge");
    }

    private static void Check(IReadOnlyList<RouteTarget> targets, string place)
    {
        var seen = new HashSet<(string, string, string?, Uri?)>();
        for (var i = 0; i < targets.Count; i++)
        {
            var target = targets[i] ?? throw new FormatException($"{place}[{i}] is null.");
            TargetRules.Check(target, $"{place}[{i}]");
            if (!seen.Add((ProviderRegistry.Normalize(target.Vendor), target.Model, target.KeyVariable, target.BaseUrl))) throw new FormatException($"{place}[{i}] ({target}) is there already: a target is listed once, and its weight says how often it is asked.");
        }
    }

    private static void Check(RouteHedge hedge, string place)
    {
        if (hedge is { Percentile: null, After: null }) throw new FormatException($"{place} says neither percentile nor after_ms.");
        if (hedge.Percentile is { } percentile && !(percentile is > 0 and < 1)) throw new FormatException($"{place}.percentile is not a number above 0 and below 1.");
        if (hedge.After is { } after && after <= TimeSpan.Zero) throw new FormatException($"{place}.after_ms is not above 0.");
    }

    /// <summary>No slash, so that a route is not taken for vendor/model; no colon, which <c>IConfiguration</c> can't have in a name.</summary>
    private static bool IsName(string? name) => !string.IsNullOrEmpty(name) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
