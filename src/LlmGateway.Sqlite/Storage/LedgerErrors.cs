using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LlmGateway.Sqlite;

/// <summary>What SQLite's codes mean for whoever runs the program.</summary>
internal static class LedgerErrors
{
    public static LedgerException Of(string action, string path, Exception error)
        => new($"The ledger '{path}' can't be {action}: {Why(error)}", error);

    public static string Why(Exception error) => error switch
    {
        SqliteException sqlite => (sqlite.SqliteErrorCode & 0xFF) switch
        {
            raw.SQLITE_FULL => "the disk is full. Make room on it.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another process holds it. Wait until that one is done, or end it.",
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN or raw.SQLITE_AUTH => "the file or its folder can't be opened or written to. The folder must exist, and this user must be allowed to write in it.",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "the file is damaged, or is no SQLite database. Restore it from a copy, or name another file.",
            raw.SQLITE_IOERR => $"the disk reports an error ({sqlite.SqliteExtendedErrorCode}). Look at its state and space.",
            _ => sqlite.Message,
        },
        _ => error.Message,
    };

    /// <summary>Whether the error is of the disk, and may pass; not of what was to be written.</summary>
    public static bool IsOfDisk(Exception error) => error is LedgerException or IOException or UnauthorizedAccessException
        || (error is SqliteException sqlite && (sqlite.SqliteErrorCode & 0xFF) is raw.SQLITE_FULL or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_READONLY or raw.SQLITE_PERM
            or raw.SQLITE_CANTOPEN or raw.SQLITE_AUTH or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_IOERR or raw.SQLITE_NOMEM or raw.SQLITE_INTERRUPT or raw.SQLITE_PROTOCOL);
}
