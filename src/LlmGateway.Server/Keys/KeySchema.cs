using LlmGateway.Sqlite;

namespace LlmGateway.Server.Keys;

/// <summary>The tables of the keys' file, by version (<c>PRAGMA user_version</c>). Times are microseconds since 1970 (UTC), settings JSON.</summary>
/// <remarks>Each change of a key gives it the next number of <c>change</c>, so that who has read up to one reads only what came after it. No key is ever deleted.</remarks>
internal static class KeySchema
{
    /// <summary>Says in the file's header whose it is: "LLMK".</summary>
    public const int ApplicationId = 0x4C4C4D4B;

    public const int Version = 1;

    private const string Version1 = """
        CREATE TABLE keys (
            id TEXT PRIMARY KEY, prefix TEXT NOT NULL, created_at INTEGER NOT NULL, revoked_at INTEGER, settings TEXT NOT NULL, change INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX keys_change ON keys (change);
        CREATE TABLE secrets (hash TEXT PRIMARY KEY, key TEXT NOT NULL, created_at INTEGER NOT NULL, valid_until INTEGER) STRICT, WITHOUT ROWID;
        CREATE INDEX secrets_key ON secrets (key);
        """;

    /// <summary>Makes the tables where there are none.</summary>
    /// <exception cref="KeyStoreException">It is another program's database, or that of a newer version.</exception>
    public static void Migrate(Database database, string path)
    {
        if (Check(database, path)) return;
        database.BeginImmediate();
        try
        {
            // Another process may have made them meanwhile.
            if (!Check(database, path)) database.Execute($"{Version1} PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}");
            database.Commit();
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    /// <summary>Whether the tables are there.</summary>
    /// <exception cref="KeyStoreException">It is another program's database, or that of a newer version.</exception>
    public static bool Check(Database database, string path)
    {
        var (application, version, tables) = database.AtOneMoment(() => (
            database.ReadLong("PRAGMA application_id"), database.ReadLong("PRAGMA user_version"), database.ReadLong("SELECT count(*) FROM sqlite_schema")));
        if (application == ApplicationId && version == Version) return true;
        if (application == ApplicationId) throw Newer(path, version);
        if (tables == 0) return false;
        throw new KeyStoreException($"'{path}' is an SQLite database, but no keys of this program, and is left as it is. Name another folder.");
    }

    /// <summary>A newer version may have rules that this one would not hold keys to.</summary>
    private static KeyStoreException Newer(string path, long version)
        => new($"The keys in '{path}' are of a newer version of this program (schema {version}; this one knows {Version}), whose rules this one could not hold them to. Use the newer version.");
}
