using System.Globalization;
using LlmGateway.Cli.Output;
using LlmGateway.Server.Keys;

namespace LlmGateway.Cli.Keys;

/// <summary>Keys and their budgets, for people and for programs.</summary>
internal static class KeyOutput
{
    private static readonly string[] Columns = ["id", "name", "begins", "state", "made", "expires", "models", "routes", "limits", "budgets USD", "tags"];
    private static readonly string[] BudgetColumns = ["window", "limit USD", "spent", "reserved", "left", "until"];

    /// <summary>A new secret, alone on standard output, so that a shell can take it.</summary>
    public static void WriteSecret(Terminal terminal, VirtualKey key, string secret, DateTimeOffset? oldUntil, bool asJson)
    {
        if (!asJson)
        {
            terminal.Output.WriteLine(secret);
            return;
        }

        terminal.Output.WriteLine(ResponseJson.Write(json =>
        {
            json.WriteString("key", secret);
            if (oldUntil is { } until) json.WriteString("old_valid_until", KeyJson.Time(until));
            KeyJson.Write(json, key, TimeProvider.System.GetUtcNow());
        }));
    }

    public static void Write(Terminal terminal, IReadOnlyList<VirtualKey> keys, bool asJson)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (asJson) foreach (var key in keys) terminal.Output.WriteLine(ResponseJson.Write(json => KeyJson.Write(json, key, now)));
        else TextGrid.Write(terminal, Columns, keys.Select(key => Row(key, now)));
    }

    public static void Write(Terminal terminal, VirtualKey key, IReadOnlyList<KeyBalance> balances, bool asJson)
    {
        if (asJson)
        {
            foreach (var balance in balances)
            {
                terminal.Output.WriteLine(ResponseJson.Write(json =>
                {
                    json.WriteString("id", key.Id);
                    balance.Write(json);
                }));
            }

            return;
        }

        if (balances.Count == 0) terminal.Error.WriteLine($"{key} has no budget: it may spend without limit. 'llm-gateway keys budget {key.Id} --set 20/month' gives it one.");
        else TextGrid.Write(terminal, BudgetColumns, balances.Select(Row));
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string[] Row(VirtualKey key, DateTimeOffset now) =>
    [
        key.Id, key.Name, key.Prefix, key.StateAt(now), Time(key.CreatedAt), key.ExpiresAt is { } end ? Time(end) : "",
        key.Models.Count == 0 && key.Routes.Count == 0 ? "*" : string.Join(" ", key.Models),
        key.Models.Count == 0 && key.Routes.Count == 0 ? "*" : string.Join(" ", key.Routes),
        Limits(key), string.Join(" ", key.Budgets), string.Join(" ", key.Tags.Select(tag => $"{tag.Key}={tag.Value}")),
    ];

    private static string[] Row(KeyBalance balance) =>
    [
        balance.Budget.Window.ToString().ToLowerInvariant(), Money.ToExactString(balance.Budget.LimitUsd ?? 0m), Money.ToExactString(balance.Balance.SpentUsd),
        Money.ToExactString(balance.Balance.ReservedUsd), Money.ToExactString(balance.RemainingUsd), balance.Balance.Account.WindowEnd is { } end ? Time(end) : "",
    ];

    private static string Limits(VirtualKey key)
    {
        var limits = new List<string>(3);
        if (key.RequestsPerMinute is { } requests) limits.Add(string.Create(CultureInfo.InvariantCulture, $"{requests} rpm"));
        if (key.TokensPerMinute is { } tokens) limits.Add(string.Create(CultureInfo.InvariantCulture, $"{tokens} tpm"));
        if (key.MaxConcurrent is { } concurrent) limits.Add(string.Create(CultureInfo.InvariantCulture, $"{concurrent} at once"));
        return string.Join(", ", limits);
    }
}
