namespace LlmGateway.Sqlite;

/// <summary>
/// The tables, by version (<c>PRAGMA user_version</c>). A version only ever adds, so that an older reader still understands what
/// it knows. Times are microseconds since 1970 (UTC), lengths of time microseconds, amounts exact: text, or three integers (<see cref="Usd"/>).
/// </summary>
internal static class Schema
{
    /// <summary>Says in the file's header whose it is: "LLMG".</summary>
    public const int ApplicationId = 0x4C4C4D47;

    /// <summary>What makes version n of version n - 1, first to last.</summary>
    public static IReadOnlyList<string> Steps { get; } = [Version1];

    // Files that were made before 1 December 2026 have the intents by id alone, with two indices more; what is asked of them fits both.
    private const string Version1 = """
        CREATE TABLE calls (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, started_at INTEGER NOT NULL, latency INTEGER, first_token INTEGER,
            operation TEXT NOT NULL, streamed INTEGER NOT NULL, provider TEXT NOT NULL, requested_model TEXT NOT NULL, model TEXT NOT NULL,
            outcome TEXT NOT NULL, error_type TEXT, attempts INTEGER NOT NULL, reasks INTEGER NOT NULL, repairs INTEGER NOT NULL,
            coercions INTEGER NOT NULL, losses INTEGER NOT NULL, skipped_events INTEGER NOT NULL,
            input_tokens INTEGER NOT NULL, cache_read_tokens INTEGER NOT NULL, cache_write_tokens INTEGER NOT NULL, cache_write_1h_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL, audio_input_tokens INTEGER NOT NULL, audio_output_tokens INTEGER NOT NULL,
            image_input_tokens INTEGER NOT NULL, image_output_tokens INTEGER NOT NULL,
            cost_nano INTEGER NOT NULL, cost_middle INTEGER NOT NULL, cost_low INTEGER NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL,
            input_cost TEXT, output_cost TEXT, fees_cost TEXT, finish_reason TEXT, vendor_finish_reason TEXT, response_id TEXT, request_id TEXT, output_mode TEXT,
            trace_id TEXT, recovered INTEGER NOT NULL) STRICT;
        CREATE INDEX calls_started_at ON calls (started_at);
        CREATE TABLE attempts (
            call INTEGER NOT NULL, number INTEGER NOT NULL, ask INTEGER NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, answered_model TEXT,
            started_at INTEGER NOT NULL, latency INTEGER, first_token INTEGER, outcome TEXT NOT NULL, error_kind TEXT, http_status INTEGER, request_id TEXT,
            input_tokens INTEGER NOT NULL, cache_read_tokens INTEGER NOT NULL, cache_write_tokens INTEGER NOT NULL, cache_write_1h_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL, audio_input_tokens INTEGER NOT NULL, audio_output_tokens INTEGER NOT NULL,
            image_input_tokens INTEGER NOT NULL, image_output_tokens INTEGER NOT NULL,
            estimated INTEGER NOT NULL, basis TEXT NOT NULL, reserved TEXT, retry_delay INTEGER,
            cost_nano INTEGER, cost_middle INTEGER, cost_low INTEGER, input_cost TEXT, output_cost TEXT, fees_cost TEXT,
            price_provider TEXT, price_row TEXT, price_name TEXT, price_source TEXT, service_tier TEXT, region TEXT, unpriced_because TEXT,
            PRIMARY KEY (call, number)) STRICT, WITHOUT ROWID;
        CREATE TABLE attempt_costs (
            call INTEGER NOT NULL, number INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, quantity INTEGER NOT NULL, unit_price TEXT NOT NULL, cost TEXT NOT NULL,
            PRIMARY KEY (call, number, position)) STRICT, WITHOUT ROWID;
        CREATE TABLE call_tags (call INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (call, name)) STRICT, WITHOUT ROWID;
        CREATE TABLE call_budgets (call INTEGER NOT NULL, budget TEXT NOT NULL, PRIMARY KEY (call, budget)) STRICT, WITHOUT ROWID;
        CREATE TABLE totals (
            dimension INTEGER NOT NULL, name TEXT NOT NULL, hour INTEGER NOT NULL, value TEXT NOT NULL,
            calls INTEGER NOT NULL, failed INTEGER NOT NULL, attempts INTEGER NOT NULL, input_tokens INTEGER NOT NULL, cache_read_tokens INTEGER NOT NULL,
            cache_write_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL,
            cost_nano INTEGER NOT NULL, cost_middle INTEGER NOT NULL, cost_low INTEGER NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL,
            PRIMARY KEY (dimension, name, hour, value)) STRICT, WITHOUT ROWID;
        CREATE TABLE accounts (
            key TEXT PRIMARY KEY, budget TEXT NOT NULL, window_start INTEGER, window_end INTEGER, spent TEXT NOT NULL, reserved TEXT NOT NULL,
            open INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE INDEX accounts_window_end ON accounts (window_end) WHERE window_end IS NOT NULL;
        CREATE TABLE owners (id TEXT PRIMARY KEY, pid INTEGER NOT NULL, started_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE intents (
            id TEXT NOT NULL, call_id TEXT NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, amount TEXT,
            owner TEXT NOT NULL, context TEXT NOT NULL, held INTEGER NOT NULL, recorded INTEGER NOT NULL, settled INTEGER NOT NULL, cost TEXT, basis TEXT,
            PRIMARY KEY (call_id, id)) STRICT, WITHOUT ROWID;
        """;

    /// <summary>The file's version; brought to the last one where it is older and may be written to.</summary>
    /// <exception cref="LedgerException">It is another program's database.</exception>
    public static int Migrate(Database database, string path, IReadOnlyList<string> steps)
    {
        if (Version(database, path) >= steps.Count) return Version(database, path);
        database.BeginImmediate();
        try
        {
            // Another process may have done it meanwhile.
            for (var version = Version(database, path); version < steps.Count; version++) database.Execute(steps[version]);
            database.Execute($"PRAGMA application_id = {ApplicationId}");
            if (Version(database, path) < steps.Count) database.Execute($"PRAGMA user_version = {steps.Count}");
            database.Commit();
        }
        catch
        {
            database.Rollback();
            throw;
        }

        return Version(database, path);
    }

    /// <summary>The file's version; 0 for an empty file.</summary>
    /// <exception cref="LedgerException">It is another program's database.</exception>
    public static int Version(Database database, string path)
    {
        // Of one moment: between two readings another process may make the tables.
        var (application, version, tables) = database.AtOneMoment(() => (
            database.ReadLong("PRAGMA application_id"), database.ReadLong("PRAGMA user_version"), database.ReadLong("SELECT count(*) FROM sqlite_schema")));
        if (application == ApplicationId) return (int)version;
        if (tables == 0) return 0;
        throw new LedgerException($"'{path}' is an SQLite database, but no ledger of this program, and is left as it is. Name another file.");
    }
}
