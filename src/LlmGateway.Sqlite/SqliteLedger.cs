using System.Diagnostics.Metrics;
using LlmGateway.Sqlite;
using LlmGateway.Telemetry;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway;

/// <summary>
/// The ledger and the budgets, in one SQLite file that several processes of one machine may share. Give it to a client as both.
/// Safe for concurrent use. It holds no prompt and no answer.
/// </summary>
/// <remarks>
/// What is said to be durable outlives the death of the process at any moment. It need not outlive that of the machine: the
/// last moments before a loss of power may be missing, but the file stays whole.
/// </remarks>
public sealed class SqliteLedger : ILedger, IBudgetStore, IAsyncDisposable
{
    private static readonly Meter Meter = new(TelemetryNames.Source);
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(TelemetryNames.LedgerDropped, "{record}", "Records of calls that a ledger could not keep.");

    private readonly SqliteLedgerOptions _options;
    private readonly ILogger _logger;
    private readonly Database _database;
    private readonly OwnerLock? _owner;
    private readonly LedgerWriter? _writer;
    private readonly string? _readOnly;
    private long _dropped;
    private int _isDropping;
    private int _isClosed;

    private SqliteLedger(SqliteLedgerOptions options, ILogger logger, Database database, OwnerLock owner, LedgerWriter writer)
    {
        _options = options;
        _logger = logger;
        _database = database;
        _owner = owner;
        _writer = writer;
    }

    private SqliteLedger(SqliteLedgerOptions options, ILogger logger, Database database, string readOnly)
    {
        _options = options;
        _logger = logger;
        _database = database;
        _readOnly = readOnly;
    }

    /// <inheritdoc/>
    public LedgerMode Mode => _options.Mode;

    /// <summary>The file.</summary>
    public string Path => _options.Path;

    /// <summary>How many records of calls were lost: in best-effort mode where the queue or the disk was full; in strict mode never, but for those that still waited when it was closed.</summary>
    public long DroppedRecords => Volatile.Read(ref _dropped);

    /// <summary>Whether the file was written by a newer version of this program, so that this one only reads it: nothing can be reserved or intended, and no record is taken.</summary>
    public bool IsReadOnly => _readOnly is not null;

    /// <summary>Whether the last that was to be written could not be, so that a strict ledger lets nothing be sent.</summary>
    internal bool IsFailing => _writer?.IsFailing == true;

    /// <summary>Opens the ledger that a configuration names, by <see cref="GatewayConfig.LedgerFile"/> and <see cref="GatewayConfig.LedgerMode"/>.</summary>
    /// <param name="config">The configuration. Where it sets no mode, it is strict under a limit, else best effort.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="loggerFactory">The log; null for none.</param>
    /// <returns>The ledger, to be disposed of after the clients that use it; null where the configuration names none.</returns>
    /// <exception cref="LedgerException">It can't be opened.</exception>
    public static SqliteLedger? Open(GatewayConfig config, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (string.IsNullOrWhiteSpace(config.LedgerFile)) return null;
        var isLimited = config.CostLimitUsd is not null || config.Budgets.Any(budget => budget.LimitUsd is not null);
        return Open(new SqliteLedgerOptions
        {
            Path = config.LedgerFile,
            Mode = config.LedgerMode ?? (isLimited ? LedgerMode.Strict : LedgerMode.BestEffort),
            TimeProvider = timeProvider ?? TimeProvider.System,
            LoggerFactory = loggerFactory ?? NullLoggerFactory.Instance,
        });
    }

    /// <summary>Opens the file, makes it where there is none, brings it to this version's schema, and takes in what processes left that died.</summary>
    /// <param name="options">How.</param>
    /// <returns>The ledger, to be disposed of.</returns>
    /// <exception cref="LedgerException">It can't be opened: the message says why and what to do.</exception>
    public static SqliteLedger Open(SqliteLedgerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Path, nameof(options));
        options = options with { Path = System.IO.Path.GetFullPath(options.Path) };
        var logger = options.LoggerFactory.CreateLogger<SqliteLedger>();
        Database? database = null;
        OwnerLock? owner = null;
        try
        {
            database = Database.Open(options.Path, SqliteOpenMode.ReadWriteCreate, options.BusyTimeout);
            var version = Schema.Version(database, options.Path);
            if (version > options.SchemaSteps.Count)
            {
                database.Execute("PRAGMA query_only = 1");
                logger.ReadOnly(options.Path, version, options.SchemaSteps.Count);
                return new SqliteLedger(options, logger, database, $"The ledger '{options.Path}' was written by a newer version of this program (its schema is {version}, this one knows {options.SchemaSteps.Count}), so this one only reads it. Use the newer version, or another file.");
            }

            if (!database.UseWriteAheadLog()) throw new LedgerException($"The ledger '{options.Path}' can't be opened: its disk has no shared memory for a write-ahead log. Put it on a local disk.");
            database.Execute("PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000");
            if (options.MaxPages is { } pages) database.Execute($"PRAGMA max_page_count = {pages}");
            Schema.Migrate(database, options.Path, options.SchemaSteps);
            owner = OwnerLock.Take(options.Path, Guid.NewGuid().ToString("N"));
            Register(database, owner.Id, options.TimeProvider.GetUtcNow());
            var books = new Books(database, options.Path, owner.Id);
            var recovered = books.Recovery.Run();
            if (recovered > 0) logger.Recovered(options.Path, recovered);
            return new SqliteLedger(options, logger, database, owner, new LedgerWriter(database, books, options, logger));
        }
        catch (Exception e)
        {
            database?.Dispose();
            owner?.Dispose();
            if (e is SqliteException or IOException or UnauthorizedAccessException) throw LedgerErrors.Of("opened", options.Path, e);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask IntendAsync(BudgetReservation attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        if (Mode != LedgerMode.Strict) return;
        CheckAmount(attempt.AmountUsd);
        await AskAsync(
            books =>
            {
                books.Intents.Intend(attempt);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Settled(BudgetReservation attempt, BudgetSettlement settlement)
    {
        if (Mode == LedgerMode.Strict && IsHeldExactly(settlement.CostUsd)) _writer?.Add(new Note(attempt, settlement));
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(CallRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var isStrict = Mode == LedgerMode.Strict;
        if (_writer is not { } writer)
        {
            Drop(_readOnly!);
            return default;
        }

        if (!isStrict && !writer.HasRoom)
        {
            Drop($"{_options.QueueCapacity} entries wait for the disk already.");
            return default;
        }

        var entry = new Entry(record, isStrict, OnWritten, OnLost);
        if (!writer.Add(entry))
        {
            Drop("it is closed.");
            return default;
        }

        return isStrict ? new ValueTask(entry.Taken) : default;
    }

    /// <inheritdoc/>
    public async ValueTask<BudgetGrant> ReserveAsync(BudgetReservation reservation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        CheckAmount(reservation.AmountUsd);
        return await AskAsync(books => books.Intents.Reserve(reservation), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>While the file can't be written to, it returns at once with no movement; the settlement is kept and written later.</remarks>
    public async ValueTask<IReadOnlyList<BudgetMovement>> SettleAsync(BudgetReservation reservation, BudgetSettlement settlement)
    {
        ArgumentNullException.ThrowIfNull(reservation);
        CheckAmount(settlement.CostUsd);
        var settling = new Settling(reservation, settlement);
        return _writer?.Add(settling) == true ? await settling.Moved.ConfigureAwait(false) : [];
    }

    /// <inheritdoc/>
    public async ValueTask<BudgetBalance> BalanceAsync(BudgetAccount account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (IsReadOnly)
        {
            lock (_database) return new AccountBook(_database).Balance(account);
        }

        return await AskAsync(books => books.Accounts.Balance(account), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes what waits, and closes the file. Attempts still under way are taken in as unknown by the next to open it.</summary>
    /// <returns>When it is closed.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0) return;
        if (_writer is not null) await _writer.DisposeAsync().ConfigureAwait(false);
        if (_owner is not null && Unregister(_database, _owner.Id)) OwnerLock.Forget(Path, _owner.Id);
        _database.Dispose();
        _owner?.Dispose();
    }

    /// <summary>For tests: the disk has room again.</summary>
    internal void MakeRoom(int pages) => _database.Execute($"PRAGMA max_page_count = {pages}");

    private async ValueTask<T> AskAsync<T>(Func<Books, T> ask, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, this);
        var writer = _writer ?? throw new LedgerException(_readOnly!);
        if (!writer.HasRoom) await writer.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
        var question = new Question<T>(ask);
        ObjectDisposedException.ThrowIf(!writer.Add(question), this);
        using var registration = cancellationToken.UnsafeRegister(static (q, token) => ((Question<T>)q!).Cancel(token), question);
        return await question.Answer.ConfigureAwait(false);
    }

    private static void Register(Database database, string owner, DateTimeOffset now)
    {
        using var insert = database.Prepare("INSERT INTO owners (id, pid, started_at) VALUES (?1, ?2, ?3)");
        database.BeginImmediate();
        insert.Set(1, owner).Set(2, Environment.ProcessId).Set(3, Words.Microseconds(now)).Run();
        database.Commit();
    }

    /// <summary>Whether nothing is left that someone would have to look after.</summary>
    private static bool Unregister(Database database, string owner)
    {
        try
        {
            using var delete = database.Prepare("DELETE FROM owners WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM intents WHERE owner = ?1)");
            database.BeginImmediate();
            delete.Set(1, owner).Run();
            var isGone = database.Changes == 1;
            database.Commit();
            return isGone;
        }
        catch (SqliteException)
        {
            database.Rollback();
            return false;
        }
    }

    private void OnWritten(CallRecord record, bool isAdded)
    {
        Volatile.Write(ref _isDropping, 0);
        if (!isAdded) _logger.Duplicate(record.CallId, Path);
    }

    private void OnLost(Exception error) => Drop(error.Message);

    private void Drop(string reason)
    {
        Interlocked.Increment(ref _dropped);
        Dropped.Add(1);
        if (Interlocked.Exchange(ref _isDropping, 1) == 0) _logger.Dropping(Path, reason);
    }

    private static void CheckAmount(decimal? amount)
    {
        if (!IsHeldExactly(amount)) throw new ArgumentOutOfRangeException(nameof(amount), amount, "A ledger holds amounts of less than 9.2 billion US dollars.");
    }

    private static bool IsHeldExactly(decimal? amount) => amount is null or (> -9_000_000_000m and < 9_000_000_000m);
}
