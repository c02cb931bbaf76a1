using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Sqlite.Tests;

public sealed class FailureTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task On_a_full_disk_a_strict_ledger_refuses_before_sending_and_keeps_what_is_over_until_there_is_room()
    {
        using var file = new LedgerFile();
        var account = Some.Account("a", 100m);
        await using var ledger = SqliteLedger.Open(file.Options with { MaxPages = 60 });
        var (granted, error) = await FillAsync(ledger, account);
        Assert.Contains("the disk is full", error.Message, StringComparison.Ordinal);
        Assert.Contains(file.Path, error.Message, StringComparison.Ordinal);

        // Attempts that were sent before end as they would: nothing is lost, and nobody waits for the disk.
        foreach (var reservation in granted)
        {
            await ledger.SettleAsync(reservation, Some.Cost(0.001m));
            await ledger.WriteAsync(Some.Record(reservation.CallId, Some.Attempt(1, 0.001m)));
        }

        await Assert.ThrowsAsync<LedgerException>(async () => await ledger.IntendAsync(Some.Reservation("x", null), None));
        Assert.Equal(0, ledger.DroppedRecords);
        Assert.NotEmpty(file.Log.Of(100)); // Once each time that it begins: a small entry may still fit.

        ledger.MakeRoom(100_000);
        file.Clock.Advance(TimeSpan.FromSeconds(1));
        var balance = await ledger.BalanceAsync(account, None);
        Assert.Equal((granted.Count * 0.001m, 0m), (balance.SpentUsd, balance.ReservedUsd));
        Assert.Equal([$"{granted.Count}"], file.Query("SELECT count(*) FROM calls"));
        Assert.Equal(file.Log.Of(100).Count, file.Log.Of(101).Count);
    }

    [Fact]
    public async Task On_a_full_disk_a_best_effort_ledger_drops_records_counts_them_and_says_so_once()
    {
        using var file = new LedgerFile();
        using var meter = new MeterListener();
        long measured = 0;
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "llm_gateway.ledger.dropped") listener.EnableMeasurementEvents(instrument);
        };
        meter.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref measured, value));
        meter.Start();
        await using var ledger = SqliteLedger.Open(file.Options with { MaxPages = 60, Mode = LedgerMode.BestEffort });

        for (var n = 0; n < 2000; n++) await ledger.WriteAsync(Some.Record($"c{n:0000}", Some.Attempt(1, 0.001m)));
        await ledger.IntendAsync(Some.Reservation("x", null), None);
        // A limit holds in this mode too: what can't be counted is not sent.
        await Assert.ThrowsAsync<LedgerException>(async () => await ledger.ReserveAsync(Some.Reservation("y", 1m, Some.Account(new string('k', 300_000))), None));

        var kept = long.Parse(file.Query("SELECT count(*) FROM calls").Single(), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(ledger.DroppedRecords, 1, 1999);
        Assert.Equal(2000, kept + ledger.DroppedRecords);
        Assert.True(Interlocked.Read(ref measured) >= ledger.DroppedRecords);
        Assert.NotEmpty(file.Log.Of(102));
    }

    [Fact]
    public async Task While_another_process_holds_the_file_too_long_a_call_fails_before_sending()
    {
        using var file = new LedgerFile();
        await using var ledger = SqliteLedger.Open(file.Options with { BusyTimeout = TimeSpan.FromMilliseconds(20) });
        using var other = new SqliteConnection($"Data Source={file.Path};Pooling=False");
        other.Open();
        using var hold = other.BeginTransaction();

        var error = await Assert.ThrowsAsync<LedgerException>(async () => await ledger.IntendAsync(Some.Reservation("c1", null), None));
        hold.Rollback();
        await ledger.IntendAsync(Some.Reservation("c2", null), None);

        Assert.Contains("another process holds it", error.Message, StringComparison.Ordinal);
        Assert.Equal(["c2-1"], file.Query("SELECT id FROM intents"));
    }

    [Fact]
    public async Task A_queue_that_stays_full_refuses_calls_before_sending()
    {
        using var file = new LedgerFile();
        await using var ledger = SqliteLedger.Open(file.Options with { BusyTimeout = TimeSpan.FromSeconds(30), QueueCapacity = 1, MaxWait = TimeSpan.FromSeconds(3) });
        using var other = new SqliteConnection($"Data Source={file.Path};Pooling=False");
        other.Open();
        using var hold = other.BeginTransaction();
        await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.1m)));

        var waiting = ledger.IntendAsync(Some.Reservation("c2", null), None).AsTask();
        Assert.False(waiting.IsCompleted);
        file.Clock.Advance(TimeSpan.FromSeconds(3));
        var error = await Assert.ThrowsAsync<LedgerException>(() => waiting);
        hold.Rollback();

        Assert.Contains("there was no room", error.Message, StringComparison.Ordinal);
        await BudgetTests.Eventually(() => file.Query("SELECT id FROM calls") is ["c1"]);
        await ledger.IntendAsync(Some.Reservation("c3", null), None);
    }

    [Fact]
    public async Task A_record_that_can_never_be_written_is_dropped_alone()
    {
        using var file = new LedgerFile();
        await using (var ledger = file.Open())
        {
            using var other = new SqliteConnection($"Data Source={file.Path};Pooling=False");
            other.Open();
            using (var hold = other.BeginTransaction())
            {
                await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.1m)));
                await ledger.WriteAsync(Some.Record("c2", Some.Attempt(1, 0.1m), Some.Attempt(1, 0.2m)));
                await ledger.WriteAsync(Some.Record("c3", Some.Attempt(1, 50_000_000_000m)));
                await ledger.WriteAsync(Some.Record("c4", Some.Attempt(1, 0.1m)));
                hold.Rollback();
            }

            await ledger.IntendAsync(Some.Reservation("c5", null), None);
            Assert.Equal(2, ledger.DroppedRecords);
        }

        using var reader = file.Read();
        Assert.Equal(["c1", "c4"], reader.Last(10).Select(c => c.Id));
        Assert.Equal(Usd.Of(0.2m), reader.Summary(SummaryBy.Vendor, null, null, null).Single().Cost.Known);
    }

    [Fact]
    public void A_folder_that_is_not_there_a_damaged_file_and_a_foreign_one_are_said_so_and_left_as_they_are()
    {
        using var file = new LedgerFile();
        var missing = Assert.Throws<LedgerException>(() => SqliteLedger.Open(file.Options with { Path = Path.Combine(file.Path + ".no", "x.db") }));
        Assert.Contains("The folder must exist", missing.Message, StringComparison.Ordinal);

        File.WriteAllText(file.Path, new string('x', 5000));
        var damaged = Assert.Throws<LedgerException>(() => file.Open());
        Assert.Contains("is no SQLite database", damaged.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(file.Path));

        File.Delete(file.Path);
        file.Query("CREATE TABLE theirs (a)");
        var foreign = Assert.Throws<LedgerException>(() => file.Open());
        Assert.Contains("no ledger of this program", foreign.Message, StringComparison.Ordinal);
        Assert.Equal(["theirs"], file.Query("SELECT name FROM sqlite_schema"));
    }

    [Fact]
    public async Task A_ledger_of_a_newer_version_is_read_and_not_written_to()
    {
        using var file = new LedgerFile();
        var newer = file.Options with { SchemaSteps = [.. Schema.Steps, "ALTER TABLE calls ADD COLUMN mood TEXT"] };
        var account = Some.Account("a", 1m);
        await using (var ledger = SqliteLedger.Open(newer))
        {
            var reservation = Some.Reservation("c1", 0.5m, account);
            await ledger.ReserveAsync(reservation, None);
            await ledger.SettleAsync(reservation, Some.Cost(0.25m));
            await ledger.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.25m)));
        }

        await using var older = file.Open();
        Assert.True(older.IsReadOnly);
        Assert.Single(file.Log.Of(104));
        Assert.Equal(0.25m, (await older.BalanceAsync(account, None)).SpentUsd);
        var error = await Assert.ThrowsAsync<LedgerException>(async () => await older.IntendAsync(Some.Reservation("c2", null), None));
        Assert.Contains($"its schema is {Schema.Steps.Count + 1}, this one knows {Schema.Steps.Count}", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerException>(async () => await older.ReserveAsync(Some.Reservation("c2", 0.1m, account), None));
        await older.WriteAsync(Some.Record("c2", Some.Attempt(1, 0m)));
        Assert.Equal(1, older.DroppedRecords);
        using var reader = file.Read();
        Assert.True(reader.IsNewer);
        Assert.Equal(["c1"], reader.Last(10).Select(c => c.Id));
    }

    [Fact]
    public async Task A_ledger_of_an_older_version_is_brought_forward_once_with_all_that_is_in_it()
    {
        using var file = new LedgerFile();
        await using (var older = file.Open()) await older.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.25m)));
        var newer = file.Options with { SchemaSteps = [.. Schema.Steps, "ALTER TABLE calls ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'"] };

        var ledgers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SqliteLedger.Open(newer))));
        await ledgers[0].WriteAsync(Some.Record("c2", Some.Attempt(1, 0.5m)));
        foreach (var ledger in ledgers) await ledger.DisposeAsync();

        Assert.Equal([$"{Schema.Steps.Count + 1}"], file.Query("PRAGMA user_version"));
        Assert.Equal(["c1|calm", "c2|calm"], file.Query("SELECT id, mood FROM calls ORDER BY seq"));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_older_version_as_it_was()
    {
        using var file = new LedgerFile();
        await using (var older = file.Open()) await older.WriteAsync(Some.Record("c1", Some.Attempt(1, 0.25m)));

        Assert.Throws<LedgerException>(() => SqliteLedger.Open(file.Options with { SchemaSteps = [.. Schema.Steps, "CREATE TABLE half (a); CREATE TABLE calls (a)"] }));

        Assert.Equal([$"{Schema.Steps.Count}"], file.Query("PRAGMA user_version"));
        Assert.Empty(file.Query("SELECT name FROM sqlite_schema WHERE name = 'half'"));
        await using var again = file.Open();
        Assert.False(again.IsReadOnly);
    }

    /// <summary>Reserves until there is no room on the disk.</summary>
    private static async Task<(List<BudgetReservation> Granted, LedgerException Error)> FillAsync(SqliteLedger ledger, BudgetAccount account)
    {
        var granted = new List<BudgetReservation>();
        while (true)
        {
            var reservation = Some.Reservation($"c{granted.Count:0000}", 0.001m, account);
            try
            {
                await ledger.ReserveAsync(reservation, None);
            }
            catch (LedgerException e)
            {
                return (granted, e);
            }

            granted.Add(reservation);
        }
    }
}
