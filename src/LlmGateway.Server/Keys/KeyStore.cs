using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using LlmGateway.Routing.Targets;
using LlmGateway.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Server.Keys;

/// <summary>
/// The virtual keys, in a file that the server and the command line share. All are held in memory, so that a lookup takes the
/// same time among any number of them; what another process changes holds within a second of it. Thread-safe.
/// </summary>
/// <remarks>What a method has written when it returns outlives the death of the process, and of the machine as far as its disk keeps its word.</remarks>
internal sealed class KeyStore : IDisposable
{
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);
    public static readonly TimeSpan MostOverlap = TimeSpan.FromDays(365);

    /// <summary>How often it is looked whether another process has changed the file, at most.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly FillRandom _random;
    private readonly ILogger _logger;
    private readonly Database _database;
    private readonly KeyBook _book;
    private volatile KeySnapshot _snapshot = KeySnapshot.Empty;
    private volatile bool _isUnreadable;
    private long _dataVersion;
    private long _lastLook;
    private bool _isClosed;

    private KeyStore(string path, Database database, TimeProvider time, FillRandom random, ILogger logger)
    {
        (_path, _database, _time, _random, _logger) = (path, database, time, random, logger);
        _book = new KeyBook(database);
        _dataVersion = database.ReadLong("PRAGMA data_version");
        _lastLook = time.Now().Ticks;
        TakeInChanges();
    }

    /// <summary>Opens the file, and makes it where there is none; its folder must exist. Only this user may read it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="random">Where ids and secrets come from; null for the system's generator for cryptography.</param>
    /// <param name="logger">Where it is said that the file can't be read; null for nowhere.</param>
    /// <exception cref="KeyStoreException">It can't be opened: the message says why and what to do.</exception>
    public static KeyStore Open(string path, TimeProvider? time = null, FillRandom? random = null, ILogger? logger = null)
    {
        path = Path.GetFullPath(path);
        Database? database = null;
        try
        {
            KeepFromOthers(path);
            database = Database.Open(path, SqliteOpenMode.ReadWriteCreate, TimeSpan.FromSeconds(5));
            if (!database.UseWriteAheadLog()) throw new KeyStoreException($"The keys in '{path}' can't be opened: the disk has no shared memory for a write-ahead log. Put the folder on a local disk.");
            // The file is small and seldom written: that a revoked key stays revoked after a loss of power is worth its wait for the disk.
            database.Execute("PRAGMA synchronous = FULL");
            KeySchema.Migrate(database, path);
            return new KeyStore(path, database, time ?? TimeProvider.System, random ?? RandomNumberGenerator.Fill, logger ?? NullLogger.Instance);
        }
        catch (Exception e)
        {
            database?.Dispose();
            if (IsOfFile(e)) throw KeyStoreException.Of("opened", path, e);
            throw;
        }
    }

    /// <summary>Whether there is any key, valid or not. Where there are only revoked ones nobody is let in; that is not the same as having no keys.</summary>
    public bool HasKeys => Current().Count > 0;

    /// <summary>Whether the file can be read: where it can't, nobody is let in.</summary>
    public bool IsReadable
    {
        get
        {
            Current();
            return !_isUnreadable;
        }
    }

    /// <summary>All keys, the oldest first, as of one moment.</summary>
    public IReadOnlyList<VirtualKey> All => Current().All;

    /// <summary>A key by its id; null where there is none.</summary>
    public VirtualKey? Get(string id) => Current().Get(id);

    /// <summary>The key of a caller, by its text; or why it is none.</summary>
    /// <param name="presented">What the caller gave; null or empty for nothing.</param>
    /// <param name="key">The key, as it stands now.</param>
    /// <param name="refusal">Why not.</param>
    public bool TryFind(ReadOnlySpan<char> presented, [NotNullWhen(true)] out VirtualKey? key, [NotNullWhen(false)] out KeyRefusal? refusal)
    {
        key = null;
        if (presented.IsEmpty) refusal = KeyRefusal.Missing;
        else if (!KeyText.IsWellFormed(presented)) refusal = KeyRefusal.Malformed;
        else refusal = Find(KeyHash.Of(presented), out key);
        return refusal is null && key is not null;
    }

    /// <summary>Makes a key.</summary>
    /// <returns>The key, and its text, which is nowhere else and can't be had again.</returns>
    /// <exception cref="KeySettingException">A setting is not valid.</exception>
    /// <exception cref="KeyStoreException">It can't be written.</exception>
    public (VirtualKey Key, string Secret) Create(KeySettings settings)
    {
        KeySettingsRules.Check(settings);
        if (settings.ExpiresAt <= _time.GetUtcNow()) throw new KeySettingException("expires_at", "must be in the future");
        return Write(() =>
        {
            var id = KeyText.NewId(_random);
            while (_book.Get(id) is not null) id = KeyText.NewId(_random);
            var secret = KeyText.New(id, _random);
            var key = new VirtualKey(settings) { Id = id, Prefix = KeyText.PrefixOf(secret), CreatedAt = _time.GetUtcNow() };
            _book.Add(key, KeyHash.Of(secret));
            return (key, secret);
        });
    }

    /// <summary>Changes what may be set.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="change">Gives the new settings for those that the key has at the moment.</param>
    /// <returns>The key as it is now; null where there is none.</returns>
    /// <exception cref="KeySettingException">A setting is not valid.</exception>
    /// <exception cref="KeyRevokedException">The key is revoked.</exception>
    /// <exception cref="KeyStoreException">It can't be written.</exception>
    public VirtualKey? Update(string id, Func<KeySettings, KeySettings> change) => Write(() =>
    {
        if (Changeable(id) is not { } old) return null;
        var settings = change(old);
        KeySettingsRules.Check(settings);
        var key = new VirtualKey(settings) { Id = old.Id, Prefix = old.Prefix, CreatedAt = old.CreatedAt };
        _book.Change(key);
        return key;
    });

    /// <summary>Ends a key at once and for ever, with all its secrets. One that is revoked already stays as it is.</summary>
    /// <returns>The key as it is now; null where there is none.</returns>
    /// <exception cref="KeyStoreException">It can't be written.</exception>
    public VirtualKey? Revoke(string id) => Write(() =>
    {
        if (_book.Get(id) is not { RevokedAt: null } old) return _book.Get(id);
        var key = old with { RevokedAt = _time.GetUtcNow() };
        _book.Change(key);
        return key;
    });

    /// <summary>Gives a key another secret. Those before it stay valid for a while, so that its holders can change over.</summary>
    /// <param name="id">The key's id.</param>
    /// <param name="overlap">How long, 0 to <see cref="MostOverlap"/>. It never lengthens what an earlier rotation gave.</param>
    /// <returns>The key and its new text; null where there is no such key.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The overlap is negative or too long.</exception>
    /// <exception cref="KeyRevokedException">The key is revoked.</exception>
    /// <exception cref="KeyStoreException">It can't be written.</exception>
    public (VirtualKey Key, string Secret)? Rotate(string id, TimeSpan overlap)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(overlap, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(overlap, MostOverlap);
        return Write<(VirtualKey, string)?>(() =>
        {
            if (Changeable(id) is not { } old) return null;
            var secret = KeyText.New(id, _random);
            var key = old with { Prefix = KeyText.PrefixOf(secret) };
            var now = _time.GetUtcNow();
            _book.Rotate(key, KeyHash.Of(secret), now, now + overlap);
            return (key, secret);
        });
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed) return;
            _isClosed = true;
            _database.Dispose();
        }
    }

    private KeyRefusal? Find(KeyHash hash, out VirtualKey? key)
    {
        key = null;
        var snapshot = Current();
        // What can't be read may hold that the key is revoked.
        if (_isUnreadable) return KeyRefusal.Unavailable;
        if (!snapshot.TryFind(hash, out var secret) && !LookNow().TryFind(hash, out secret)) return _isUnreadable ? KeyRefusal.Unavailable : KeyRefusal.Unknown;
        if (secret.RefusalAt(_time.GetUtcNow()) is { } refusal) return refusal;
        key = secret.Key;
        return null;
    }

    private VirtualKey? Changeable(string id) => _book.Get(id) is { RevokedAt: not null } ? throw new KeyRevokedException(id) : _book.Get(id);

    /// <summary>The keys, with what other processes changed up to a second ago.</summary>
    private KeySnapshot Current()
    {
        // One looks, and nobody waits for it.
        if (_time.Now().Ticks - Volatile.Read(ref _lastLook) >= LookEvery.Ticks && _lock.TryEnter())
        {
            try
            {
                Look();
            }
            finally
            {
                _lock.Exit();
            }
        }

        return _snapshot;
    }

    /// <summary>The keys as they are at this moment: one that was just made is good at once, by whatever process.</summary>
    private KeySnapshot LookNow()
    {
        lock (_lock)
        {
            if (!_isClosed) Refresh(isChanged: false);
        }

        return _snapshot;
    }

    private void Look()
    {
        if (_isClosed || _time.Now().Ticks - _lastLook < LookEvery.Ticks) return;
        Volatile.Write(ref _lastLook, _time.Now().Ticks);
        Refresh(isChanged: false);
    }

    /// <summary>Brings the snapshot up to date where the file has changed, or says that it can't be known.</summary>
    private void Refresh(bool isChanged)
    {
        try
        {
            // What others commit meanwhile raises it once more, so that it is read once too often and never too seldom.
            var version = _database.ReadLong("PRAGMA data_version");
            if (version == _dataVersion && !isChanged && !_isUnreadable) return;
            TakeInChanges();
            _dataVersion = version;
            _isUnreadable = false;
        }
        catch (Exception e) when (IsOfFile(e) || e is KeyStoreException or KeySettingException or JsonException or FormatException)
        {
            if (!_isUnreadable) _logger.Unreadable(_path, e is KeyStoreException ? e.Message : LedgerErrors.Why(e));
            _isUnreadable = true;
        }
    }

    /// <summary>Reads what changed since the snapshot, and swaps it.</summary>
    private void TakeInChanges()
    {
        var old = _snapshot;
        var (changed, last) = _database.AtOneMoment(() =>
        {
            if (!KeySchema.Check(_database, _path)) throw new KeyStoreException($"The keys in '{_path}' are gone: the file is empty. Restore it from a copy.");
            return _book.ChangedAfter(old.LastChange);
        });
        if (changed.Count > 0) _snapshot = old.With(changed, last);
    }

    private T Write<T>(Func<T> work)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            T result;
            try
            {
                _database.BeginImmediate();
                // The file may have come to be a newer version's while it was open.
                KeySchema.Check(_database, _path);
                result = work();
                _database.Commit();
            }
            catch (Exception e)
            {
                _database.Rollback();
                if (IsOfFile(e)) throw KeyStoreException.Of("written", _path, e);
                throw;
            }

            // It is written, and a failure to read it back is not one to write.
            Refresh(isChanged: true);
            return result;
        }
    }

    private static bool IsOfFile(Exception error) => error is SqliteException or IOException or UnauthorizedAccessException;

    /// <summary>SQLite gives its files beside this one the same mode.</summary>
    private static void KeepFromOthers(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = own }).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            if ((File.GetUnixFileMode(path) & ~own) != 0) File.SetUnixFileMode(path, own);
        }
    }
}
