using LlmGateway.Configuration;

namespace LlmGateway.Routing.Configuration;

/// <summary>Reads routes, which have one form in <c>gateway.json</c> and in <c>IConfiguration</c>. What is wrong with any is an error before any is used.</summary>
internal static class RouteReader
{
    /// <summary>Further than a timer goes, and short enough for a TimeSpan.</summary>
    private const double MaxSeconds = int.MaxValue;

    /// <exception cref="FormatException">Something is wrong; the message names the route and the field.</exception>
    public static IReadOnlyList<RouteConfig> Read(SettingNode routes)
    {
        if (!routes.IsObject) throw routes.Wrong("is not an object, with a route's name at each member");
        List<RouteConfig> read = [.. routes.Members.Select(member => Route(member.Key, member.Value.At($"route '{member.Key}'")))];
        RouteRules.Check(read);
        return read;
    }

    private static RouteConfig Route(string name, SettingNode node)
    {
        var fields = node.Fields("a route", "policy", "targets", "fallback_on", "hedge", "rescue");
        var targets = fields.GetValueOrDefault("targets") ?? throw node.Wrong("has no targets");
        return new RouteConfig
        {
            Name = name,
            Policy = fields.TryGetValue("policy", out var policy) ? OneOf<RoutePolicy>(policy, policy.NeedText()) : RoutePolicy.Priority,
            Targets = targets.IsList ? [.. targets.Items.SelectMany(TargetReader.Read)] : throw targets.Wrong("is not a list"),
            FallbackOn = fields.TryGetValue("fallback_on", out var kinds) ? [.. kinds.NeedTexts().Select(kind => OneOf<ProviderErrorKind>(kinds, kind))] : [],
            Hedge = fields.TryGetValue("hedge", out var hedge) ? Hedge(hedge) : null,
            Rescue = fields.TryGetValue("rescue", out var rescue) ? Rescue(rescue) : null,
        };
    }

    private static RouteHedge Hedge(SettingNode node)
    {
        var fields = node.Fields("a hedge", "percentile", "after_ms");
        return new RouteHedge
        {
            Percentile = fields.TryGetValue("percentile", out var percentile) ? percentile.NeedNumber() : null,
            After = fields.TryGetValue("after_ms", out var after) ? TimeSpan.FromMilliseconds(after.NeedWhole()) : null,
        };
    }

    /// <summary>A time in seconds; a fraction will do.</summary>
    public static TimeSpan Seconds(SettingNode node) => node.NeedNumber() is var seconds and <= MaxSeconds and >= -MaxSeconds ? TimeSpan.FromSeconds(seconds) : throw node.Wrong("is too long");

    private static StreamRescue Rescue(SettingNode node) => RescueText.TryRead(node.NeedText(), out var rescue) ? rescue : throw node.Wrong($"is not {RescueText.Allowed}");

    private static TEnum OneOf<TEnum>(SettingNode node, string text)
        where TEnum : struct, Enum
        => EnumText.TryRead(text, out TEnum value) ? value : throw node.Wrong($"has '{text}'{SettingNode.Choices(text, [.. EnumText.Names<TEnum>()])}");
}
