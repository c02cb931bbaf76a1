using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LlmGateway.Sqlite;

/// <summary>A connection to the file, with its transactions. Used by one thread at a time.</summary>
internal sealed class Database : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly List<Statement> _statements = [];
    private readonly TimeSpan _busyTimeout;

    private Database(SqliteConnection connection, TimeSpan busyTimeout)
    {
        _connection = connection;
        _busyTimeout = busyTimeout;
    }

    private sqlite3 Handle => _connection.Handle!;

    /// <exception cref="SqliteException">It can't be opened.</exception>
    public static Database Open(string path, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        // A pool would keep the file open, and its write-ahead log with it, after the last one has left.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 1 }.ConnectionString);
        try
        {
            connection.Open();
            var database = new Database(connection, busyTimeout);
            raw.sqlite3_busy_timeout(database.Handle, (int)busyTimeout.TotalMilliseconds);
            raw.sqlite3_extended_result_codes(database.Handle, 1);
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public Statement Prepare(string sql)
    {
        _statements.RemoveAll(s => s.IsDisposed);
        var statement = new Statement(Handle, sql);
        _statements.Add(statement);
        return statement;
    }

    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(Handle, sql);
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, Handle);
    }

    public long ReadLong(string sql)
    {
        using var statement = new Statement(Handle, sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    public string ReadText(string sql)
    {
        using var statement = new Statement(Handle, sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    public long LastId => raw.sqlite3_last_insert_rowid(Handle);

    public int Changes => raw.sqlite3_changes(Handle);

    /// <summary>Begins to write; no other process writes until the end.</summary>
    /// <remarks>
    /// SQLite's own waiting sleeps ever longer, up to 100 ms, and beside a process that writes without pause it would hardly
    /// ever find the gap. Asking each millisecond does.
    /// </remarks>
    public void BeginImmediate() => ExecuteOnceFree("BEGIN IMMEDIATE");

    /// <summary>Makes the file one with a write-ahead log, for which SQLite does not wait for others by itself.</summary>
    /// <returns>Whether it is one now.</returns>
    public bool UseWriteAheadLog()
    {
        ExecuteOnceFree("PRAGMA journal_mode = WAL");
        return ReadText("PRAGMA journal_mode") == "wal";
    }

    /// <summary>What the work reads is of one moment, whatever others write meanwhile.</summary>
    public T AtOneMoment<T>(Func<T> read)
    {
        if (raw.sqlite3_get_autocommit(Handle) == 0) return read();
        Execute("BEGIN");
        try
        {
            return read();
        }
        finally
        {
            Rollback();
        }
    }

    public void Commit() => Execute("COMMIT");

    /// <summary>Undoes what was begun; nothing where SQLite has done so already.</summary>
    public void Rollback()
    {
        foreach (var statement in _statements) statement.Reset();
        if (raw.sqlite3_get_autocommit(Handle) == 0) raw.sqlite3_exec(Handle, "ROLLBACK");
    }

    private void ExecuteOnceFree(string sql)
    {
        raw.sqlite3_busy_timeout(Handle, 0);
        var start = Stopwatch.GetTimestamp();
        int code;
        while ((code = raw.sqlite3_exec(Handle, sql)) is var c && (c & 0xFF) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            if (Stopwatch.GetElapsedTime(start) > _busyTimeout) break;
            Thread.Sleep(1);
        }

        raw.sqlite3_busy_timeout(Handle, (int)_busyTimeout.TotalMilliseconds);
        if (code != raw.SQLITE_OK) SqliteException.ThrowExceptionForRC(code, Handle);
    }

    public void Dispose()
    {
        foreach (var statement in _statements) statement.Dispose();
        _connection.Dispose();
    }
}
