using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Sqlite.Tests;

/// <summary>A folder of its own for one test's ledger, with a clock that stands still.</summary>
internal sealed class LedgerFile : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-ledger");

    public string Path => System.IO.Path.Combine(_folder.FullName, "ledger.db");

    public FakeTimeProvider Clock { get; } = new(Start);

    public LogLines Log { get; } = new();

    public SqliteLedgerOptions Options => new() { Path = Path, TimeProvider = Clock, LoggerFactory = Log, BusyTimeout = TimeSpan.FromSeconds(30) };

    public SqliteLedger Open(LedgerMode mode = LedgerMode.Strict) => SqliteLedger.Open(Options with { Mode = mode });

    public LedgerReader Read() => LedgerReader.Open(Path);

    /// <summary>Asks the file itself.</summary>
    public List<string> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : reader.GetString(i))));
        return rows;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}

/// <summary>What was logged.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly List<(int Id, string Text)> _lines = [];

    public IReadOnlyList<string> Of(int id)
    {
        lock (_lines) return [.. _lines.Where(l => l.Id == id).Select(l => l.Text)];
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines) _lines.Add((eventId.Id, formatter(state, exception)));
    }

    public void Dispose()
    {
    }
}
