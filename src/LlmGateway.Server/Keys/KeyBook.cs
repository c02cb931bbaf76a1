using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGateway.Sqlite;

namespace LlmGateway.Server.Keys;

/// <summary>Reads and writes the rows of the keys' file, within transactions of its caller's. Used by one thread at a time.</summary>
internal sealed class KeyBook(Database database)
{
    /// <summary>How long an old secret is kept after its end, to say of it that there is a newer one.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(30);

    private readonly Statement _changed = database.Prepare("SELECT id, prefix, created_at, revoked_at, settings, change FROM keys WHERE change > ?1 ORDER BY change");
    private readonly Statement _secrets = database.Prepare("SELECT hash, valid_until FROM secrets WHERE key = ?1");
    private readonly Statement _one = database.Prepare("SELECT prefix, created_at, revoked_at, settings FROM keys WHERE id = ?1");
    private readonly Statement _insert = database.Prepare("INSERT INTO keys (id, prefix, created_at, settings, change) VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(change), 0) + 1 FROM keys))");
    private readonly Statement _update = database.Prepare("UPDATE keys SET prefix = ?2, revoked_at = ?3, settings = ?4, change = (SELECT max(change) + 1 FROM keys) WHERE id = ?1");
    private readonly Statement _addSecret = database.Prepare("INSERT INTO secrets (hash, key, created_at) VALUES (?1, ?2, ?3)");
    private readonly Statement _endSecrets = database.Prepare("UPDATE secrets SET valid_until = ?2 WHERE key = ?1 AND (valid_until IS NULL OR valid_until > ?2)");
    private readonly Statement _forget = database.Prepare("DELETE FROM secrets WHERE key = ?1 AND valid_until < ?2");

    /// <summary>Every key that changed after a change, with its secrets; and the last change there is.</summary>
    public (List<KeyEntry> Changed, long LastChange) ChangedAfter(long change)
    {
        var changed = new List<KeyEntry>();
        _changed.Set(1, change);
        while (_changed.Step())
        {
            var key = new VirtualKey(Settings(_changed.Text(4)))
            {
                Id = _changed.Text(0),
                Prefix = _changed.Text(1),
                CreatedAt = Words.Time(_changed.Long(2)),
                RevokedAt = TimeOrNull(_changed, 3),
            };
            change = _changed.Long(5);
            var secrets = new List<KeySecret>(1);
            _secrets.Set(1, key.Id);
            while (_secrets.Step()) secrets.Add(new KeySecret(KeyHash.Parse(_secrets.Text(0)), key, TimeOrNull(_secrets, 1)));
            changed.Add(new KeyEntry(key, secrets));
        }

        return (changed, change);
    }

    /// <summary>One key; null where there is none.</summary>
    public VirtualKey? Get(string id)
    {
        VirtualKey? key = null;
        _one.Set(1, id);
        while (_one.Step())
            key = new VirtualKey(Settings(_one.Text(3))) { Id = id, Prefix = _one.Text(0), CreatedAt = Words.Time(_one.Long(1)), RevokedAt = TimeOrNull(_one, 2) };
        return key;
    }

    public void Add(VirtualKey key, KeyHash secret)
    {
        _insert.Set(1, key.Id).Set(2, key.Prefix).Set(3, Words.Microseconds(key.CreatedAt)).Set(4, Json(key)).Run();
        _addSecret.Set(1, secret.ToString()).Set(2, key.Id).Set(3, Words.Microseconds(key.CreatedAt)).Run();
    }

    public void Change(VirtualKey key)
        => _update.Set(1, key.Id).Set(2, key.Prefix).Set(3, key.RevokedAt is { } at ? Words.Microseconds(at) : null).Set(4, Json(key)).Run();

    /// <summary>A new secret, and an end to all before it.</summary>
    public void Rotate(VirtualKey key, KeyHash secret, DateTimeOffset now, DateTimeOffset oldUntil)
    {
        _endSecrets.Set(1, key.Id).Set(2, Words.Microseconds(oldUntil)).Run();
        _forget.Set(1, key.Id).Set(2, Words.Microseconds(now - Remembered)).Run();
        _addSecret.Set(1, secret.ToString()).Set(2, key.Id).Set(3, Words.Microseconds(now)).Run();
        Change(key);
    }

    private static DateTimeOffset? TimeOrNull(Statement row, int column) => row.LongOrNull(column) is { } time ? Words.Time(time) : null;

    private static KeySettings Settings(string json)
    {
        using var document = JsonDocument.Parse(json);
        return KeyJson.Read(document.RootElement, new KeySettings());
    }

    private static string Json(KeySettings settings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            KeyJson.Write(json, settings);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
