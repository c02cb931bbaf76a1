using System.Diagnostics;
using System.Globalization;

namespace LlmGateway.Sqlite.Tests;

/// <summary>Real processes on one file, and their deaths.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Processes_together_never_pass_a_limit_and_their_ledger_is_the_sum_of_what_they_saw()
    {
        using var file = new LedgerFile();
        using var first = Worker.Start(file.Path, "a", 400, "2");
        using var second = Worker.Start(file.Path, "b", 400, "2");
        await Task.WhenAll(first.WaitAsync(), second.WaitAsync());

        var done = first.Done.Concat(second.Done).ToDictionary();

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.True(first.IsRefused || second.IsRefused, "The limit was never met.");
        using var reader = file.Read();
        Assert.Equal(done.OrderBy(d => d.Key, StringComparer.Ordinal), reader.Between(null, null).OrderBy(c => c.Id, StringComparer.Ordinal).Select(c => KeyValuePair.Create(c.Id, c.Cost.Total!.Value.ToDecimal())));
        var spent = done.Values.Sum();
        Assert.InRange(spent, 1.98m, 2m);
        Assert.Equal([$"{Usd.Of(spent)}|0|0"], file.Query("SELECT spent, reserved, open FROM accounts"));
    }

    [Fact]
    public async Task After_a_kill_at_any_moment_all_that_was_sent_is_there_and_nothing_stays_reserved()
    {
        using var file = new LedgerFile();
        var random = new Random(7);
        var sent = new Dictionary<string, decimal>(StringComparer.Ordinal);
        var done = new Dictionary<string, decimal>(StringComparer.Ordinal);
        for (var round = 0; round < 12; round++)
        {
            using var victim = Worker.Start(file.Path, $"v{round:00}-", 100_000, "100000");
            using var bystander = Worker.Start(file.Path, $"w{round:00}-", 40, "100000");
            await victim.SawAsync(1 + random.Next(60));
            victim.Kill();
            await Task.WhenAll(victim.WaitAsync(), bystander.WaitAsync());
            Assert.Equal(0, bystander.ExitCode);
            foreach (var (call, amount) in victim.Sent.Concat(bystander.Sent)) sent.Add(call, amount);
            foreach (var (call, cost) in victim.Done.Concat(bystander.Done)) done.Add(call, cost);
        }

        await using var ledger = file.Open();
        var balance = await ledger.BalanceAsync(new BudgetAccount("shared", "shared", null), TestContext.Current.CancellationToken);
        using var reader = file.Read();
        var calls = reader.Between(null, null).ToDictionary(c => c.Id, c => c);

        Assert.Empty(sent.Keys.Except(calls.Keys));
        foreach (var (call, amount) in sent)
        {
            var row = calls[call];
            // Its record was on its way to the disk, so it is there or its settlement is; what was not settled stands at what was set aside.
            var cost = amount - 0.003m;
            decimal[] possible = row.Outcome == "succeeded" || done.ContainsKey(call) ? [cost] : [cost, amount];
            Assert.Contains(row.Cost.Total!.Value.ToDecimal(), possible);
        }

        Assert.Contains(calls.Values, c => c.Outcome == "unknown");
        Assert.Equal(0m, balance.ReservedUsd);
        Assert.Equal(calls.Values.Aggregate(Usd.Zero, (sum, c) => sum + c.Cost.Known).ToDecimal(), balance.SpentUsd);
        Assert.Equal(calls.Values.Aggregate(Usd.Zero, (sum, c) => sum + c.Cost.Known), reader.Summary(SummaryBy.Budget, null, null, null).Single().Cost.Known);
        Assert.Empty(file.Query("SELECT id FROM intents"));
    }

    private sealed class Worker : IDisposable
    {
        private readonly Process _process;
        private readonly List<string> _lines = [];
        private readonly Task _reading;
        private readonly TaskCompletionSource _saw = new();
        private int _wanted = int.MaxValue;

        private Worker(string[] arguments)
        {
            _process = Process.Start(new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "ledger-worker.dll"), .. arguments]) { RedirectStandardOutput = true })!;
            _reading = ReadAsync();
        }

        public int ExitCode => _process.ExitCode;

        public IEnumerable<KeyValuePair<string, decimal>> Sent => Of("sent");

        public IEnumerable<KeyValuePair<string, decimal>> Done => Of("done");

        public bool IsRefused => _lines.Contains("refused");

        public static Worker Start(string file, string prefix, int calls, string limit) => new([file, prefix, calls.ToString(CultureInfo.InvariantCulture), limit]);

        public Task SawAsync(int lines)
        {
            Volatile.Write(ref _wanted, lines);
            return _saw.Task.WaitAsync(TestContext.Current.CancellationToken);
        }

        public void Kill() => _process.Kill();

        public async Task WaitAsync()
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await _reading;
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }

        private IEnumerable<KeyValuePair<string, decimal>> Of(string kind)
            => _lines.Select(l => l.Split(' ')).Where(l => l.Length == 3 && l[0] == kind).Select(l => KeyValuePair.Create(l[1], decimal.Parse(l[2], CultureInfo.InvariantCulture)));

        private async Task ReadAsync()
        {
            while (await _process.StandardOutput.ReadLineAsync() is { } line)
            {
                _lines.Add(line);
                if (_lines.Count >= Volatile.Read(ref _wanted)) _saw.TrySetResult();
            }

            _saw.TrySetResult();
        }
    }
}
