// What holding a limit and keeping a ledger cost a call, in paired rounds: every figure is the median of its rounds, and the
// rounds of all that are compared take turns. Run: dotnet run -c Release --project bench/money
using System.Diagnostics;
using System.Globalization;
using LlmGateway;
using Microsoft.Data.Sqlite;

var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
var folder = Directory.CreateTempSubdirectory("llm-gateway-money");
var next = 0L;
Console.WriteLine("| what | ns a call | bytes a call | of its floor |");
Console.WriteLine("|---|---|---|---|");
try
{
    await MemoryAsync();
    await SqliteAsync();
}
finally
{
    folder.Delete(recursive: true);
}

async Task MemoryAsync()
{
    var sum = 0m;
    var gate = new Lock();
    var one = new InProcessBudgetStore();
    var many = new InProcessBudgetStore();
    var accounts = Accounts(100_000);
    foreach (var account in accounts) await CycleAsync(many, account);
    var nested = accounts[..3];
    Measure[] all =
    [
        new("floor: a decimal compared and added under a lock, twice", 200_000, 1, () =>
        {
            lock (gate) if (sum < decimal.MaxValue) sum += 0.001m;
            lock (gate) sum -= 0.0005m;
            return default;
        }),
        new("in memory: reserve and settle, 1 budget", 200_000, 1, () => CycleAsync(one, accounts[0])),
        new("the same, 3 budgets nested", 100_000, 1, () => CycleAsync(one, nested)),
        new("the same, 1 of 100,000 budgets", 200_000, 1, () => CycleAsync(many, accounts[(int)(Interlocked.Increment(ref next) % accounts.Length)])),
        new("the same, 1 budget, 32 threads", 400_000, 32, () => CycleAsync(one, accounts[0])),
    ];
    await RunAsync(all, rounds: 9);
}

async Task SqliteAsync()
{
    var floor = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "floor.db")}");
    floor.Open();
    Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
    using var insert = floor.CreateCommand();
    insert.CommandText = "INSERT INTO t (text) VALUES ('a row of some hundred bytes a row of some hundred bytes a row of some hundred bytes a row of it')";
    await using var empty = Open("empty.db");
    await using var full = Open("full.db");
    var watch = Stopwatch.StartNew();
    for (var i = 0; i < rows; i++)
    {
        // In batches, as the queue is bounded.
        await full.WriteAsync(Record(i));
        if (i % 5000 == 4999) await full.BalanceAsync(Account(0), default);
    }

    await full.BalanceAsync(Account(0), default);
    var fill = watch.Elapsed.TotalSeconds;
    var accounts = Accounts(100_000);
    await using var many = Open("many.db");
    await Parallel.ForAsync(0, accounts.Length, new ParallelOptions { MaxDegreeOfParallelism = 512 }, async (i, _) => await CycleAsync(many, accounts[i]));
    Measure[] all =
    [
        new("floor: one row inserted and committed, twice", 500, 1, () =>
        {
            insert.ExecuteNonQuery();
            insert.ExecuteNonQuery();
            return default;
        }),
        new("SQLite: reserve, settle and record, empty ledger", 500, 1, () => CallAsync(empty, Account(1))),
        new($"the same, ledger of {rows:N0} calls", 500, 1, () => CallAsync(full, Account(1))),
        new("the same, 1 of 100,000 budgets", 500, 1, () => CallAsync(many, accounts[(int)(Interlocked.Increment(ref next) % accounts.Length)])),
        new("the same, 1 budget, 32 at once", 6_400, 32, () => CallAsync(empty, Account(1))),
    ];
    await RunAsync(all, rounds: 7);
    Console.WriteLine();
    Console.WriteLine($"Filling: {rows / fill:N0} calls a second.");
    using var reader = LlmGateway.Sqlite.LedgerReader.Open(Path.Combine(folder.FullName, "full.db"));
    var since = new DateTimeOffset(2026, 2, 1, 0, 30, 0, TimeSpan.Zero);
    Read("summary by day", () => reader.Summary(LlmGateway.Sqlite.SummaryBy.Day, null, null, null).Count);
    Read("summary by model, from the middle of an hour on", () => reader.Summary(LlmGateway.Sqlite.SummaryBy.Model, null, since, null).Count);
    Read("summary by tag", () => reader.Summary(LlmGateway.Sqlite.SummaryBy.Tag, "team", null, null).Count);
    Read("the last 10 calls", () => reader.Last(10).Count);

    void Read(string what, Func<int> read)
    {
        var begin = Stopwatch.GetTimestamp();
        var lines = read();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(begin).TotalMilliseconds:0.0} ms, {lines} lines."));
    }

    void Run(string sql)
    {
        using var command = floor.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

SqliteLedger Open(string name) => SqliteLedger.Open(new SqliteLedgerOptions { Path = Path.Combine(folder.FullName, name) });

async Task RunAsync(Measure[] all, int rounds)
{
    var times = all.ToDictionary(m => m, _ => new List<double>());
    var bytes = new Dictionary<Measure, double>();
    for (var round = -1; round < rounds; round++)
    {
        foreach (var measure in all)
        {
            var (ns, allocated) = await measure.RunAsync();
            if (round < 0) continue; // Warm-up.
            times[measure].Add(ns);
            bytes[measure] = allocated;
        }
    }

    var floor = Median(times[all[0]]);
    foreach (var measure in all) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {measure.Name} | {Median(times[measure]):N0} | {bytes[measure]:N0} | {Median(times[measure]) / floor:0.00} |"));

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

static BudgetAccount Account(int i) => new($"total:b{i}", $"b{i}", 1_000_000_000m);

static BudgetAccount[] Accounts(int count) => [.. Enumerable.Range(0, count).Select(Account)];

BudgetReservation Reservation(params IReadOnlyList<BudgetAccount> accounts)
{
    var id = Interlocked.Increment(ref next).ToString(CultureInfo.InvariantCulture);
    return new() { Id = id, CallId = id, Attempt = 1, At = DateTimeOffset.UnixEpoch, Provider = "openai", Model = "gpt-5-mini", AmountUsd = 0.01m, Accounts = accounts };
}

async ValueTask CycleAsync(IBudgetStore store, params IReadOnlyList<BudgetAccount> accounts)
{
    var reservation = Reservation(accounts);
    await store.ReserveAsync(reservation, default);
    await store.SettleAsync(reservation, new BudgetSettlement(0.0012345m, CostBasis.Counted));
}

async ValueTask CallAsync(SqliteLedger ledger, BudgetAccount account)
{
    var reservation = Reservation(account);
    await ledger.ReserveAsync(reservation, default);
    await ledger.SettleAsync(reservation, new BudgetSettlement(0.0012345m, CostBasis.Counted));
    await ledger.WriteAsync(Record(long.Parse(reservation.Id, CultureInfo.InvariantCulture) + 10_000_000) with { CallId = reservation.CallId });
}

static CallRecord Record(long i)
{
    var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(i * 20 % 25_000_000);
    var usage = new TokenUsage { InputTokens = 1000 + (i % 700), OutputTokens = 100 + (i % 90), InputCostUsd = 0.001m, OutputCostUsd = 0.0002345m, FeesCostUsd = 0m, TotalCostUsd = 0.0012345m };
    return new CallRecord
    {
        CallId = $"c{i}",
        StartedAt = at,
        Latency = TimeSpan.FromMilliseconds(900),
        Provider = "openai",
        RequestedModel = $"gpt-5-mini-{i % 7}",
        Model = $"gpt-5-mini-{i % 7}",
        Outcome = CallOutcome.Succeeded,
        Usage = usage,
        Tags = new Dictionary<string, string> { ["team"] = $"t{i % 12}" },
        Budgets = ["all"],
        Attempts = [new AttemptRecord { Number = 1, Ask = 0, Provider = "openai", Model = $"gpt-5-mini-{i % 7}", StartedAt = at, Latency = TimeSpan.FromMilliseconds(900), Outcome = CallOutcome.Succeeded, Usage = usage, ReservedUsd = 0.01m }],
    };
}

/// <summary>One thing to be measured: so many calls of it, by so many at once.</summary>
internal sealed record Measure(string Name, int Count, int Together, Func<ValueTask> Call)
{
    public async Task<(double Ns, double Bytes)> RunAsync()
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        if (Together == 1) await LoopAsync(Count);
        else await Task.WhenAll(Enumerable.Range(0, Together).Select(_ => Task.Run(() => LoopAsync(Count / Together))));
        var ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Count;
        return (ns, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Count);
    }

    private async Task LoopAsync(int count)
    {
        for (var i = 0; i < count; i++) await Call();
    }
}
