using System.Globalization;
using LlmGateway;

// ledger-worker FILE PREFIX CALLS LIMIT: makes so many calls against one budget, several at a time, and says on standard output
// what a vendor would see: "sent ID AMOUNT" before anything else of an attempt happens, "done ID COST" once its record is taken,
// "refused" where the budget had no room. It is a process of its own so that it can be killed, and run beside others.
var (file, prefix, calls, limit) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture), decimal.Parse(args[3], CultureInfo.InvariantCulture));
var account = new BudgetAccount("shared", "shared", limit);
var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" });
await using var ledger = SqliteLedger.Open(new SqliteLedgerOptions { Path = file, BusyTimeout = TimeSpan.FromSeconds(60) });
output.WriteLine("ready");
await Parallel.ForEachAsync(Enumerable.Range(0, calls), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, cancellationToken) =>
{
    var call = $"{prefix}{n:00000}";
    var amount = 0.01m + (n % 7 * 0.0001m);
    var cost = amount - 0.003m;
    var reservation = new BudgetReservation
    {
        Id = $"{call}-1",
        CallId = call,
        Attempt = 1,
        At = DateTimeOffset.UtcNow,
        Provider = "fake",
        Model = "m",
        AmountUsd = amount,
        Accounts = [account],
        Tags = new Dictionary<string, string> { ["worker"] = prefix },
    };
    var grant = await ledger.ReserveAsync(reservation, cancellationToken);
    if (!grant.IsGranted)
    {
        output.WriteLine("refused");
        return;
    }

    output.WriteLine($"sent {call} {amount}");
    await ledger.SettleAsync(reservation, new BudgetSettlement(cost, CostBasis.Counted));
    await ledger.WriteAsync(new CallRecord
    {
        CallId = call,
        StartedAt = reservation.At,
        Latency = TimeSpan.FromMilliseconds(1),
        Provider = "fake",
        RequestedModel = "m",
        Model = "m",
        Outcome = CallOutcome.Succeeded,
        Usage = new TokenUsage { InputTokens = 1, OutputTokens = 1, TotalCostUsd = cost },
        Attempts =
        [
            new AttemptRecord
            {
                Number = 1, Ask = 0, Provider = "fake", Model = "m", StartedAt = reservation.At, Latency = TimeSpan.FromMilliseconds(1),
                Outcome = CallOutcome.Succeeded, Usage = new TokenUsage { InputTokens = 1, OutputTokens = 1, TotalCostUsd = cost }, ReservedUsd = amount,
            },
        ],
        Budgets = ["shared"],
        Tags = reservation.Tags,
    });
    output.WriteLine($"done {call} {cost}");
});
