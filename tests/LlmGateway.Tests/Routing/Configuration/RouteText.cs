using System.Globalization;
using System.Text.Json.Nodes;

namespace LlmGateway.Tests.RouteConfiguration;

/// <summary>Writes routes as the file has them, and that as the pairs of a section; and says whether two are the same.</summary>
internal static class RouteText
{
    public static JsonObject Json(IEnumerable<RouteConfig> routes) => new(routes.Select(route => KeyValuePair.Create(route.Name, (JsonNode?)Json(route))));

    /// <summary>Each field by its property's name or as the file has it.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Pairs(string path, JsonNode node, bool isPascal) => node switch
    {
        JsonObject all => all.SelectMany(member => Pairs($"{path}:{(isPascal && IsField(path, member.Key) ? Pascal(member.Key) : member.Key)}", member.Value!, isPascal)),
        JsonArray items => items.SelectMany((item, i) => Pairs($"{path}:{i}", item!, isPascal)),
        _ => [new(path, node.GetValueKind() == System.Text.Json.JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString())],
    };

    /// <summary>Every value, so that records with lists in them can be compared.</summary>
    public static string Of(IEnumerable<RouteConfig> routes) => string.Join('\n', routes.OrderBy(route => route.Name, StringComparer.Ordinal).Select(Of));

    private static string Of(RouteConfig route) => string.Join('\n', [$"{route.Name} {route.Policy} [{string.Join(',', route.FallbackOn)}] {route.Hedge} {route.Rescue}", .. route.Targets.Select(Of)]);

    private static string Of(RouteTarget target)
        => $"  {(target with { When = null }).ToString()} {target.BaseUrl} {target.Weight:R} {target.Timeout?.Ticks} {target.MaxConcurrency} {target.MaxQueue} {target.RequestsPerMinute} {target.TokensPerMinute} "
            + (target.When is { } when ? $"{string.Join(',', when.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal))} {when.MinInputTokens} {when.MaxInputTokens} {when.Tools} {when.Vision} {when.Schema}" : "always");

    private static JsonObject Json(RouteConfig route)
    {
        var json = new JsonObject { ["policy"] = Snake(route.Policy), ["targets"] = new JsonArray([.. route.Targets.Select(Json)]) };
        if (route.FallbackOn.Count > 0) json["fallback_on"] = new JsonArray([.. route.FallbackOn.Select(kind => (JsonNode)Snake(kind))]);
        if (route.Rescue is { } rescue) json["rescue"] = rescue.ToString().Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        if (route.Hedge is not { } hedge) return json;
        json["hedge"] = new JsonObject();
        if (hedge.Percentile is { } percentile) json["hedge"]!["percentile"] = percentile;
        if (hedge.After is { } after) json["hedge"]!["after_ms"] = (int)after.TotalMilliseconds;
        return json;
    }

    private static JsonNode Json(RouteTarget target)
    {
        var isNamedInText = target.Model.Contains('#', StringComparison.Ordinal); // Else what is behind # in the model would be taken for the key's variable.
        if (target == new RouteTarget { Vendor = target.Vendor, Model = target.Model, KeyVariable = target.KeyVariable }) return target.ToString();
        var json = new JsonObject { ["target"] = isNamedInText ? target.ToString() : $"{target.Vendor}/{target.Model}", ["weight"] = target.Weight, ["max_queue"] = target.MaxQueue };
        if (target.KeyVariable is { } key && !isNamedInText) json["key_env"] = key;
        if (target.BaseUrl is { } url) json["base_url"] = url.OriginalString;
        if (target.Timeout is { } timeout) json["timeout_seconds"] = timeout.TotalSeconds;
        if (target.MaxConcurrency is { } concurrency) json["max_concurrency"] = concurrency;
        if (target.RequestsPerMinute is { } requests) json["requests_per_minute"] = requests;
        if (target.TokensPerMinute is { } tokens) json["tokens_per_minute"] = tokens;
        if (target.When is not { } when) return json;
        var condition = new JsonObject();
        if (when.Tags.Count > 0) condition["tags"] = new JsonObject(when.Tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value)));
        if (when.MinInputTokens is { } least) condition["min_input_tokens"] = least;
        if (when.MaxInputTokens is { } most) condition["max_input_tokens"] = most;
        if (when.Tools is { } tools) condition["tools"] = tools;
        if (when.Vision is { } vision) condition["vision"] = vision;
        if (when.Schema is { } schema) condition["schema"] = schema;
        json["when"] = condition;
        return json;
    }

    /// <summary>Neither a route's name, nor a tag's.</summary>
    private static bool IsField(string path, string name) => path != "Routes" && !path.EndsWith(":Tags", StringComparison.OrdinalIgnoreCase);

    private static string Pascal(string name) => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static string Snake(Enum value) => string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"_{char.ToLower(c, CultureInfo.InvariantCulture)}" : char.ToLower(c, CultureInfo.InvariantCulture).ToString()));
}
