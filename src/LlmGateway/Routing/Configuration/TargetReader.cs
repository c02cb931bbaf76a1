namespace LlmGateway.Routing.Configuration;

/// <summary>Reads a route's targets: the text <c>vendor/model</c>, or an object that says more.</summary>
internal static class TargetReader
{
    /// <summary>One target, or one for each key where several are named.</summary>
    /// <exception cref="FormatException">Something is wrong; the message names the field.</exception>
    public static IEnumerable<RouteTarget> Read(SettingNode node)
    {
        if (node.Text is not null) return [Target(node)];
        var fields = node.Fields(
            "a target", "target", "weight", "key_env", "base_url", "timeout_seconds", "max_concurrency", "max_queue", "requests_per_minute", "tokens_per_minute", "when");
        var target = Target(fields.GetValueOrDefault("target") ?? throw node.Wrong("has no target"));
        target = target with
        {
            Weight = fields.TryGetValue("weight", out var weight) ? weight.NeedNumber() : target.Weight,
            BaseUrl = fields.TryGetValue("base_url", out var url) ? Url(url) : null,
            Timeout = fields.TryGetValue("timeout_seconds", out var timeout) ? RouteReader.Seconds(timeout) : null,
            MaxConcurrency = Whole("max_concurrency"),
            MaxQueue = Whole("max_queue") ?? target.MaxQueue,
            RequestsPerMinute = Whole("requests_per_minute"),
            TokensPerMinute = Whole("tokens_per_minute"),
            When = fields.TryGetValue("when", out var when) ? Condition(when) : null,
        };
        if (!fields.TryGetValue("key_env", out var keys)) return [target];
        if (target.KeyVariable is not null) throw keys.Wrong("is there, and a key's variable behind # in target as well");
        var names = keys.NeedTexts();
        return names.Count > 0 ? names.Select(name => target with { KeyVariable = name }) : throw keys.Wrong("is empty");

        int? Whole(string field) => fields.TryGetValue(field, out var value) ? value.NeedWhole() : null;
    }

    private static RouteTarget Target(SettingNode node)
        => TargetText.TryRead(node.NeedText(), out var target) ? target : throw node.Wrong("is not vendor/model, or vendor/model#VARIABLE with the variable of its key");

    private static Uri Url(SettingNode node) => Uri.TryCreate(node.NeedText(), UriKind.Absolute, out var url) ? url : throw node.Wrong("is not an absolute http or https URL");

    private static RouteCondition Condition(SettingNode node)
    {
        var fields = node.Fields("a condition", "tags", "min_input_tokens", "max_input_tokens", "tools", "vision", "schema");
        return new RouteCondition
        {
            Tags = fields.TryGetValue("tags", out var tags) ? Tags(tags) : new RouteCondition().Tags,
            MinInputTokens = fields.TryGetValue("min_input_tokens", out var least) ? least.NeedWhole() : null,
            MaxInputTokens = fields.TryGetValue("max_input_tokens", out var most) ? most.NeedWhole() : null,
            Tools = Flag("tools"),
            Vision = Flag("vision"),
            Schema = Flag("schema"),
        };

        bool? Flag(string field) => fields.TryGetValue(field, out var value) ? value.NeedFlag() : null;
    }

    private static SortedDictionary<string, string> Tags(SettingNode node)
    {
        if (!node.IsObject) throw node.Wrong("is not an object of texts");
        return new(node.Members.ToDictionary(tag => tag.Key, tag => tag.Value.NeedText()), StringComparer.Ordinal);
    }
}
