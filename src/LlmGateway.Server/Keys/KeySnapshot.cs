using System.Diagnostics.CodeAnalysis;

namespace LlmGateway.Server.Keys;

/// <summary>All keys at one moment. Immutable: a change makes another one.</summary>
internal sealed class KeySnapshot
{
    private readonly Dictionary<string, KeyEntry> _byId;
    private readonly Dictionary<KeyHash, KeySecret> _bySecret;

    private KeySnapshot(Dictionary<string, KeyEntry> byId, Dictionary<KeyHash, KeySecret> bySecret, long lastChange)
    {
        _byId = byId;
        _bySecret = bySecret;
        LastChange = lastChange;
    }

    public static KeySnapshot Empty { get; } = new([], [], 0);

    /// <summary>The file's changes that are in it: all up to this number.</summary>
    public long LastChange { get; }

    public int Count => _byId.Count;

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<VirtualKey> All => field ??= Array.AsReadOnly([.. _byId.Values.Select(e => e.Key).OrderBy(k => k.CreatedAt).ThenBy(k => k.Id, StringComparer.Ordinal)]);

    public VirtualKey? Get(string id) => _byId.TryGetValue(id, out var entry) ? entry.Key : null;

    public bool TryFind(in KeyHash hash, [NotNullWhen(true)] out KeySecret? secret)
        => _bySecret.TryGetValue(hash, out secret) && KeyHash.FixedTimeEquals(hash, secret.Hash);

    /// <summary>The same with some keys added, or in the place of what they were.</summary>
    public KeySnapshot With(IReadOnlyList<KeyEntry> changed, long lastChange)
    {
        var byId = new Dictionary<string, KeyEntry>(_byId, StringComparer.Ordinal);
        var bySecret = new Dictionary<KeyHash, KeySecret>(_bySecret);
        foreach (var entry in changed)
        {
            if (byId.TryGetValue(entry.Key.Id, out var old)) foreach (var secret in old.Secrets) bySecret.Remove(secret.Hash);
            byId[entry.Key.Id] = entry;
            foreach (var secret in entry.Secrets) bySecret[secret.Hash] = secret;
        }

        return new KeySnapshot(byId, bySecret, lastChange);
    }
}

/// <summary>A key with its secrets.</summary>
internal sealed record KeyEntry(VirtualKey Key, IReadOnlyList<KeySecret> Secrets);

/// <summary>One secret of a key.</summary>
/// <param name="Hash">What is kept of it.</param>
/// <param name="Key">Whose it is.</param>
/// <param name="ValidUntil">The first moment at which it is no longer valid, since there is a newer one; null for the newest.</param>
internal sealed record KeySecret(KeyHash Hash, VirtualKey Key, DateTimeOffset? ValidUntil)
{
    /// <summary>Why it is not valid at a time; null where it is.</summary>
    public KeyRefusal? RefusalAt(DateTimeOffset now)
    {
        if (Key.RevokedAt is not null) return KeyRefusal.Revoked;
        if (Key.ExpiresAt is { } end && end <= now) return KeyRefusal.Expired(end);
        return ValidUntil <= now ? KeyRefusal.Rotated : null;
    }
}
