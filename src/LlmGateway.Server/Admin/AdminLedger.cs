using System.Globalization;
using System.Text.Json;
using LlmGateway.Server.Keys;
using LlmGateway.Sqlite;

namespace LlmGateway.Server.Admin;

/// <summary><c>/admin/ledger</c>: calls, tokens and cost, summed by key, model, vendor, day, tag or budget.</summary>
internal sealed class AdminLedger(KeyStore keys, string? file)
{
    private static readonly string[] Ways = ["day", "key", "model", "vendor", "tag", "budget"];

    public Task AnswerAsync(AdminContext context)
    {
        if (context.Method != "GET") throw context.NotAllowed("GET");
        context.AllowParameters("by", "tag", "since", "until");
        var by = context.Parameter("by") ?? "day";
        if (!Ways.Contains(by)) throw AdminException.Invalid($"by must be one of {string.Join(", ", Ways)}.", "by");
        var tag = context.Parameter("tag");
        if (tag is not null && by != "tag") throw AdminException.Invalid("tag goes with by=tag.", "tag");
        var (since, until) = (Time(context, "since"), Time(context, "until"));
        var rows = Read(by, by == "key" ? VirtualKey.Tag : tag, since, until);
        return context.AnswerAsync(200, json =>
        {
            json.WriteString("by", by);
            json.WriteStartArray("rows");
            foreach (var row in rows)
            {
                json.WriteStartObject();
                Write(json, row, isKey: by == "key");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private List<SummaryRow> Read(string by, string? tag, DateTimeOffset? since, DateTimeOffset? until)
    {
        if (file is null) throw AdminException.NotFound("This gateway keeps no ledger.");
        if (!File.Exists(file)) return [];
        using var reader = LedgerReader.Open(file);
        return reader.Summary(by == "key" ? SummaryBy.Tag : Enum.Parse<SummaryBy>(by, ignoreCase: true), tag, since, until);
    }

    private void Write(Utf8JsonWriter json, SummaryRow row, bool isKey)
    {
        if (isKey)
        {
            json.WriteString("key", row.Value);
            json.WriteString("key_name", keys.Get(row.Value ?? "")?.Name);
        }
        else
        {
            json.WriteString("name", row.Name);
            if (row.Value is not null) json.WriteString("value", row.Value);
        }

        json.WriteNumber("calls", row.Calls);
        json.WriteNumber("failed", row.Failed);
        json.WriteNumber("attempts", row.Attempts);
        json.WriteNumber("input_tokens", row.Usage.InputTokens);
        json.WriteNumber("cache_read_tokens", row.Usage.CacheReadTokens);
        json.WriteNumber("cache_write_tokens", row.Usage.CacheWriteTokens);
        json.WriteNumber("output_tokens", row.Usage.OutputTokens);
        json.WriteNumber("reasoning_tokens", row.Usage.ReasoningTokens);
        json.WriteString("total_cost_usd", row.Cost.Total?.ToString());
        json.WriteString("known_cost_usd", row.Cost.Known.ToString());
        json.WriteNumber("unpriced_attempts", row.Cost.Unpriced);
        json.WriteNumber("estimated_attempts", row.Cost.Estimated);
    }

    private static DateTimeOffset? Time(AdminContext context, string name)
    {
        if (context.Parameter(name) is not { } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw AdminException.Invalid($"{name} must be a time such as 2026-11-01 or 2026-11-01T12:00:00Z.", name);
    }
}
