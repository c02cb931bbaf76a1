namespace LlmGateway.Server.Keys;

/// <summary>What a setting of a key may be.</summary>
internal static class KeySettingsRules
{
    public const int MostNames = 100;
    public const int MostTags = 32;

    /// <summary>What may be set, by the names that the admin API and the file have.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        ["name", "expires_at", "models", "routes", "may_fall_back", "requests_per_minute", "tokens_per_minute", "max_concurrent", "budgets", "tags"];

    /// <exception cref="KeySettingException">One is not valid.</exception>
    public static void Check(KeySettings settings)
    {
        if (!IsText(settings.Name, 100)) throw new KeySettingException("name", "must be 1 to 100 characters on one line");
        CheckNames("models", settings.Models);
        CheckNames("routes", settings.Routes);
        CheckLimit("requests_per_minute", settings.RequestsPerMinute);
        CheckLimit("tokens_per_minute", settings.TokensPerMinute);
        CheckLimit("max_concurrent", settings.MaxConcurrent);
        foreach (var budget in settings.Budgets)
            if (budget.LimitUsd is < 0m or > KeyBudget.MostUsd) throw new KeySettingException("budgets", $"must be of 0 to {Money.ToExactString(KeyBudget.MostUsd)} US dollars");
        if (settings.Budgets.DistinctBy(budget => budget.Window).Count() != settings.Budgets.Count) throw new KeySettingException("budgets", "must be of different windows: one of each is enough");
        CheckTags(settings.Tags);
    }

    private static void CheckNames(string field, IReadOnlyList<string> names)
    {
        if (names.Count > MostNames) throw new KeySettingException(field, $"must be at most {MostNames}; use * for what they have in common");
        foreach (var name in names)
            if (!IsText(name, 200) || name.Any(char.IsWhiteSpace)) throw new KeySettingException(field, "must be names or patterns of 1 to 200 characters, without spaces");
    }

    private static void CheckLimit(string field, int? limit)
    {
        if (limit < 1) throw new KeySettingException(field, "must be at least 1; leave it out for no limit");
    }

    private static void CheckTags(IReadOnlyDictionary<string, string> tags)
    {
        if (tags.Count > MostTags) throw new KeySettingException("tags", $"must be at most {MostTags}");
        foreach (var (name, value) in tags)
        {
            if (name == VirtualKey.Tag) throw new KeySettingException("tags", $"can't hold '{VirtualKey.Tag}', which is the key's id");
            if (!IsText(name, 64) || name.AsSpan().ContainsAny('=', ',') || !IsText(value, 256)) throw new KeySettingException("tags", "must have names of 1 to 64 characters without '=' and ',', and values of 1 to 256 characters");
        }
    }

    private static bool IsText(string? text, int most) => text is { Length: > 0 } && text.Length <= most && !string.IsNullOrWhiteSpace(text) && !text.Any(c => char.IsControl(c) || char.IsSurrogate(c) && !IsPaired(text));

    /// <summary>Half a sign can't be kept as UTF-8.</summary>
    private static bool IsPaired(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }
}

/// <summary>A setting of a key is not valid.</summary>
/// <param name="field">Which, by the name that the admin API has.</param>
/// <param name="rule">What it must be, to go behind the name.</param>
internal sealed class KeySettingException(string field, string rule) : GatewayException($"{field} {rule}.")
{
    public string Field { get; } = field;

    /// <summary>The message without the field's name, for where it has another one.</summary>
    public string Rule { get; } = rule;
}
