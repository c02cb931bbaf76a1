using System.Buffers;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Sqlite;

/// <summary>The attempts that are about to be sent or under way, and those that are over but have no record yet. Used within a transaction.</summary>
internal sealed class IntentBook(Database database, AccountBook accounts, string owner)
{
    private readonly Statement _insert = database.Prepare("""
        INSERT OR IGNORE INTO intents (id, call_id, attempt, at, provider, model, amount, owner, context, held, recorded, settled)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0, 0)
        """);

    private readonly Statement _note = database.Prepare("UPDATE intents SET settled = 1, cost = ?3, basis = ?4 WHERE call_id = ?1 AND id = ?2 AND settled = 0");
    private readonly Statement _settle = database.Prepare("UPDATE intents SET held = 0, settled = 1, cost = ?3, basis = ?4 WHERE call_id = ?1 AND id = ?2 AND held = 1 RETURNING amount, recorded");
    private readonly Statement _delete = database.Prepare("DELETE FROM intents WHERE call_id = ?1 AND id = ?2");
    private readonly Statement _deleteOfCall = database.Prepare("DELETE FROM intents WHERE call_id = ?1 AND held = 0");
    private readonly Statement _keepHeld = database.Prepare("UPDATE intents SET recorded = 1 WHERE call_id = ?1");

    /// <exception cref="ArgumentException">There is a reservation of that id.</exception>
    public BudgetGrant Reserve(BudgetReservation reservation)
    {
        if (!Insert(reservation, isHeld: true)) throw new ArgumentException($"The reservation '{reservation.Id}' is made already.", nameof(reservation));
        var amount = Usd.Of(reservation.AmountUsd ?? 0m);
        if (accounts.WithoutRoom(reservation.Accounts, amount) is { } full)
        {
            _delete.Set(1, reservation.CallId).Set(2, reservation.Id).Run();
            return new BudgetGrant(full);
        }

        foreach (var account in reservation.Accounts) accounts.Reserve(account, amount);
        return default;
    }

    public void Intend(BudgetReservation attempt) => Insert(attempt, isHeld: false);

    /// <summary>Notes how an attempt ended, without touching what is set aside for it.</summary>
    public void Note(BudgetReservation attempt, BudgetSettlement settlement) => Ended(_note, attempt, settlement).Run();

    public IReadOnlyList<BudgetMovement> Settle(BudgetReservation reservation, BudgetSettlement settlement)
    {
        if (!Ended(_settle, reservation, settlement).Step()) return [];
        var (amount, isRecorded) = (_settle.UsdOrNull(0) ?? Usd.Zero, _settle.Long(1) != 0);
        _settle.Reset();
        var cost = Usd.Of(settlement.CostUsd ?? 0m);
        var moved = new BudgetMovement[reservation.Accounts.Count];
        for (var i = 0; i < moved.Length; i++) moved[i] = accounts.Settle(reservation.Accounts[i], amount, cost);
        if (isRecorded) _delete.Set(1, reservation.CallId).Set(2, reservation.Id).Run();
        return moved;
    }

    /// <summary>A call's record takes the place of its intents; what is still set aside stays until it is settled.</summary>
    public void Replace(string callId)
    {
        _deleteOfCall.Set(1, callId).Run();
        _keepHeld.Set(1, callId).Run();
    }

    /// <summary>Whether it was not there already.</summary>
    private bool Insert(BudgetReservation attempt, bool isHeld)
    {
        _insert.Set(1, attempt.Id).Set(2, attempt.CallId).Set(3, attempt.Attempt).Set(4, Words.Microseconds(attempt.At)).Set(5, attempt.Provider).Set(6, attempt.Model)
            .Set(7, attempt.AmountUsd is { } amount ? Usd.Of(amount) : null).Set(8, owner).Set(9, IntentContext.Write(attempt)).Set(10, isHeld).Run();
        return database.Changes > 0;
    }

    private static Statement Ended(Statement statement, BudgetReservation attempt, BudgetSettlement settlement)
        => statement.Set(1, attempt.CallId).Set(2, attempt.Id).Set(3, settlement.CostUsd is { } cost ? Usd.Of(cost) : null).Set(4, Words.Of(settlement.Basis));
}

/// <summary>The tags and accounts of an intent, which nothing but a recovery reads.</summary>
internal static class IntentContext
{
    private const string Empty = "{}";

    public static string Write(BudgetReservation attempt)
    {
        if (attempt.Accounts.Count == 0 && attempt.Tags.Count == 0) return Empty;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("tags");
            foreach (var (name, value) in attempt.Tags) json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteStartArray("accounts");
            foreach (var account in attempt.Accounts)
            {
                json.WriteStartArray();
                json.WriteStringValue(account.Key);
                json.WriteStringValue(account.Budget);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static (IReadOnlyDictionary<string, string> Tags, IReadOnlyList<BudgetAccount> Accounts) Read(string context)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        var accounts = new List<BudgetAccount>();
        using var json = JsonDocument.Parse(context);
        if (json.RootElement.TryGetProperty("tags", out var names))
            foreach (var tag in names.EnumerateObject()) tags[tag.Name] = tag.Value.GetString()!;
        if (json.RootElement.TryGetProperty("accounts", out var rows))
            foreach (var row in rows.EnumerateArray()) accounts.Add(new BudgetAccount(row[0].GetString()!, row[1].GetString()!, null));
        return (tags, accounts);
    }
}
