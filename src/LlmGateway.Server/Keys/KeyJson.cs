using System.Globalization;
using System.Text.Json;

namespace LlmGateway.Server.Keys;

/// <summary>A key's settings as JSON: in the file, and in the admin API.</summary>
internal static class KeyJson
{
    public static void Write(Utf8JsonWriter json, KeySettings settings)
    {
        json.WriteString("name", settings.Name);
        json.WriteString("expires_at", settings.ExpiresAt is { } end ? Time(end) : null);
        WriteNames(json, "models", settings.Models);
        WriteNames(json, "routes", settings.Routes);
        json.WriteBoolean("may_fall_back", settings.MayFallBack);
        WriteLimit(json, "requests_per_minute", settings.RequestsPerMinute);
        WriteLimit(json, "tokens_per_minute", settings.TokensPerMinute);
        WriteLimit(json, "max_concurrent", settings.MaxConcurrent);
        json.WriteStartArray("budgets");
        foreach (var budget in settings.Budgets)
        {
            json.WriteStartObject();
            json.WriteString("limit_usd", Money.ToExactString(budget.LimitUsd));
            json.WriteString("window", budget.WindowWord);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("tags");
        foreach (var (name, value) in settings.Tags) json.WriteString(name, value);
        json.WriteEndObject();
    }

    /// <summary>A key as it may be shown: without its secrets.</summary>
    public static void Write(Utf8JsonWriter json, VirtualKey key, DateTimeOffset now)
    {
        json.WriteString("id", key.Id);
        json.WriteString("prefix", key.Prefix);
        json.WriteString("state", key.StateAt(now));
        json.WriteString("created_at", Time(key.CreatedAt));
        json.WriteString("revoked_at", key.RevokedAt is { } at ? Time(at) : null);
        Write(json, (KeySettings)key);
    }

    /// <summary>Settings with the members of an object in the place of what they were; null takes away.</summary>
    /// <exception cref="KeySettingException">A member is unknown, or of the wrong kind.</exception>
    public static KeySettings Read(JsonElement members, KeySettings settings)
    {
        foreach (var member in members.EnumerateObject())
        {
            var value = member.Value;
            settings = member.Name switch
            {
                "name" => settings with { Name = Text(member) },
                "expires_at" => settings with { ExpiresAt = Moment(member) },
                "models" => settings with { Models = Names(member) },
                "routes" => settings with { Routes = Names(member) },
                "may_fall_back" => settings with { MayFallBack = value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => throw new KeySettingException(member.Name, "must be true or false") } },
                "requests_per_minute" => settings with { RequestsPerMinute = Limit(member) },
                "tokens_per_minute" => settings with { TokensPerMinute = Limit(member) },
                "max_concurrent" => settings with { MaxConcurrent = Limit(member) },
                "budgets" => settings with { Budgets = Budgets(member.Name, value) },
                "tags" => settings with { Tags = Tags(member) },
                var unknown => throw new KeySettingException(unknown.Length <= 100 ? unknown : unknown[..100], $"is no setting of a key; there are {string.Join(", ", KeySettingsRules.Fields)}"),
            };
        }

        return settings;
    }

    /// <exception cref="KeySettingException">It is no list of budgets.</exception>
    public static List<KeyBudget> Budgets(string field, JsonElement list)
    {
        if (list.ValueKind == JsonValueKind.Null) return [];
        if (list.ValueKind != JsonValueKind.Array) throw Wrong();
        return [.. list.EnumerateArray().Select(Budget)];

        KeyBudget Budget(JsonElement item)
        {
            if (item.ValueKind == JsonValueKind.String) return KeyBudget.TryParse(item.GetString()!, out var parsed) ? parsed : throw Wrong();
            if (item.ValueKind != JsonValueKind.Object) throw Wrong();
            var (limit, window) = ((decimal?)null, BudgetWindow.Total);
            foreach (var member in item.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "limit_usd" when member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number:
                        var text = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString() : member.Value.GetRawText();
                        limit = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) ? amount : throw Wrong();
                        break;
                    case "window" when member.Value.ValueKind == JsonValueKind.String && KeyBudget.TryParseWindow(member.Value.GetString(), out window):
                        break;
                    default:
                        throw Wrong();
                }
            }

            return new KeyBudget(limit ?? throw Wrong(), window);
        }

        KeySettingException Wrong() => new(field, $"must be a list such as [{{\"limit_usd\":\"20\",\"window\":\"month\"}}] or [\"20/month\"], with a window of {string.Join(", ", KeyBudget.Windows)}");
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Text(JsonProperty member)
        => member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw new KeySettingException(member.Name, "must be a text");

    private static DateTimeOffset? Moment(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null) return null;
        return member.Value.ValueKind == JsonValueKind.String && DateTimeOffset.TryParse(member.Value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment
            : throw new KeySettingException(member.Name, "must be a time such as 2027-01-31 or 2027-01-31T12:00:00Z, or null");
    }

    private static int? Limit(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null) return null;
        return member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var limit) ? limit : throw new KeySettingException(member.Name, $"must be a whole number of 1 to {int.MaxValue}, or null for no limit");
    }

    private static List<string> Names(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null) return [];
        return member.Value.ValueKind == JsonValueKind.Array && member.Value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. member.Value.EnumerateArray().Select(item => item.GetString()!)]
            : throw new KeySettingException(member.Name, "must be a list of texts");
    }

    private static Dictionary<string, string> Tags(JsonProperty member)
    {
        if (member.Value.ValueKind == JsonValueKind.Null) return [];
        return member.Value.ValueKind == JsonValueKind.Object && member.Value.EnumerateObject().All(tag => tag.Value.ValueKind == JsonValueKind.String)
            ? member.Value.EnumerateObject().ToDictionary(tag => tag.Name, tag => tag.Value.GetString()!, StringComparer.Ordinal)
            : throw new KeySettingException(member.Name, "must be an object of texts");
    }

    private static void WriteNames(Utf8JsonWriter json, string field, IReadOnlyList<string> names)
    {
        json.WriteStartArray(field);
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static void WriteLimit(Utf8JsonWriter json, string field, int? limit)
    {
        if (limit is { } number) json.WriteNumber(field, number);
        else json.WriteNull(field);
    }
}
