using System.Runtime.CompilerServices;
using CsCheck;
using LlmGateway.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Budgets;

/// <summary>
/// Whatever calls do together, a limit holds, nothing stays reserved, and the records say what the vendor counted. Taking
/// the reserved sums out of the comparison in InProcessBudgetStore makes both fail (tried: the vendor counted $104.991 of $100).
/// </summary>
public sealed class StressTests
{
    [Fact]
    public async Task Ten_thousand_calls_under_one_limit()
        => await RunAsync(seed: 1, calls: 10_000, together: 256, limit: 100m);

    [Fact]
    public void Any_few_hundred_calls_under_any_limit()
        => Gen.Select(Gen.Int, Gen.Int[1, 300], Gen.Int[1, 64], Gen.Int[0, 3000]).Sample(
            (seed, calls, together, cents) => RunAsync(seed, calls, together, cents / 100m).GetAwaiter().GetResult(), iter: 40, threads: 1);

    private static async Task RunAsync(int seed, int calls, int together, decimal limit)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var vendor = new Vendor(seed, time);
        var ledger = new FakeLedger();
        var store = new InProcessBudgetStore();
        var bench = new MoneyBench(vendor, new GatewayConfig
        {
            CostLimitUsd = limit,
            Budgets = [new Budget("all") { LimitUsd = limit * 2 }, new Budget("each") { LimitUsd = limit / 2, Per = "user" }],
            MaxTokens = 40,
            MaxRetries = 2,
            TimeoutSeconds = 5,
        }, store, ledger, time: time);

        var next = 0;
        var workers = Enumerable.Range(0, together).Select(_ => Task.Run(async () =>
        {
            for (var number = Interlocked.Increment(ref next); number <= calls; number = Interlocked.Increment(ref next)) await CallAsync(bench.Client, vendor, new Random(HashCode.Combine(seed, number)), time);
        })).ToArray();
        var all = Task.WhenAll(workers);
        while (!all.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Delay(1);
        }

        await all;
        Assert.True(vendor.Billed <= limit, $"The vendor counted ${vendor.Billed} of ${limit}.");
        var records = ledger.Records.ToArray();
        Assert.Equal(calls, records.Length);
        var attempts = records.SelectMany(r => r.Attempts).ToArray();
        Assert.Equal(vendor.Requests, attempts.Length);
        // A stream that was left behind its last count is an estimate for the client alone.
        Assert.Equal(vendor.Counted + vendor.Partly, attempts.Where(a => a.CostBasis != CostBasis.Unknown).Sum(a => a.Usage.TotalCostUsd));
        // What is not counted is never less than what the vendor billed for it.
        Assert.True(attempts.Where(a => a.CostBasis == CostBasis.Unknown).Sum(a => a.Usage.TotalCostUsd) >= vendor.Untold);
        var spent = attempts.Sum(a => a.Usage.TotalCostUsd);
        Assert.Equal(spent, bench.Client.TotalCostUsd);
        Assert.True(spent <= limit, $"${spent} is spent of ${limit}.");
        var balance = await store.BalanceAsync(new BudgetAccount("total:all", "all", null), CancellationToken.None);
        Assert.Equal((spent, 0m), (balance.SpentUsd, balance.ReservedUsd));
        Assert.Equal(0, bench.Log.Count(14));
    }

    private static async Task CallAsync(LlmClient client, Vendor vendor, Random random, FakeTimeProvider time)
    {
        using var cancel = new CancellationTokenSource(random.Next(10) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 4000)) : TimeSpan.FromHours(1), time);
        var options = new LlmCallOptions { Tags = new Dictionary<string, string> { ["user"] = $"u{random.Next(5)}" } };
        var prompt = new string('x', random.Next(0, 50));
        try
        {
            if (random.Next(2) == 0)
            {
                await client.CompleteTextAsync(prompt, options, cancel.Token);
                return;
            }

            var stopAfter = random.Next(8);
            await foreach (var delta in client.StreamAsync(prompt, options, cancel.Token))
                if (delta is TextDelta && stopAfter-- == 0) break;
        }
        catch (Exception e) when (e is GatewayException or OperationCanceledException)
        {
        }
    }

    /// <summary>A vendor that answers, fails, dawdles and breaks off by chance, and keeps its own count of what it bills.</summary>
    private sealed class Vendor(int seed, FakeTimeProvider time) : ILlmProvider
    {
        private readonly Lock _lock = new();
        private readonly Random _random = new(seed);
        private decimal _counted;
        private decimal _partly;
        private decimal _untold;

        public string Name => "fake";

        public string DefaultModel => "fake-1";

        public int Requests { get; private set; }

        /// <summary>What it billed and told in whole.</summary>
        public decimal Counted => _counted;

        /// <summary>What it billed for streams that broke off or were left.</summary>
        public decimal Partly => _partly;

        /// <summary>What it billed without a word.</summary>
        public decimal Untold => _untold;

        /// <summary>All that it billed.</summary>
        public decimal Billed { get; private set; }

        public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
        {
            var (fate, tokens, delay) = Draw();
            var usage = Replies.Tokens(InputOf(request), tokens);
            try
            {
                if (delay > 0) await Task.Delay(TimeSpan.FromMilliseconds(delay), time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                Bill(usage, ref _untold);
                throw;
            }

            switch (fate)
            {
                case 0: throw Replies.Error(ProviderErrorKind.ServerError);
                case 1: throw Replies.Error(ProviderErrorKind.RateLimited, TimeSpan.FromSeconds(1));
                case 2:
                    Bill(usage, ref _untold);
                    throw Replies.Error(ProviderErrorKind.MalformedReply);
                case 3:
                    Bill(usage, ref _counted);
                    throw Replies.Error(ProviderErrorKind.ContentFilter, partial: new LlmReply("", usage));
                default:
                    Bill(usage, ref _counted);
                    return new LlmReply(new string('y', (int)tokens), usage);
            }
        }

        public async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var (fate, tokens, delay) = Draw();
            var input = InputOf(request);
            var sent = 0;
            var (isWhole, isAtPiece) = (false, false);
            try
            {
                yield return new UsageDelta(Replies.Tokens(input, 0));
                for (; sent < tokens; sent++)
                {
                    if (delay > 0) await Task.Delay(TimeSpan.FromMilliseconds(delay / 8), time, cancellationToken);
                    cancellationToken.ThrowIfCancellationRequested();
                    if (fate <= 2 && sent >= tokens / 2) throw Replies.Error(fate == 0 ? ProviderErrorKind.Connection : ProviderErrorKind.ServerError);
                    isAtPiece = true;
                    yield return new TextDelta(0, "abcd");
                    isAtPiece = false;
                }

                isWhole = true;
                Bill(Replies.Tokens(input, tokens), ref _counted);
                yield return new UsageDelta(Replies.Tokens(input, tokens));
                yield return new FinishDelta(FinishReason.Stop, null);
            }
            finally
            {
                // A consumer that stops at a piece has it.
                if (!isWhole) Bill(Replies.Tokens(input, isAtPiece ? sent + 1 : sent), ref _partly);
            }
        }

        public ValueTask DisposeAsync() => default;

        private static long InputOf(LlmRequest request) => request.Messages.Sum(m => m.Content.Length) + 20;

        private (int Fate, long Tokens, int Delay) Draw()
        {
            lock (_lock)
            {
                Requests++;
                return (_random.Next(12), _random.Next(1, 41), _random.Next(3) == 0 ? _random.Next(1, 8000) : 0);
            }
        }

        private void Bill(TokenUsage usage, ref decimal sum)
        {
            lock (_lock)
            {
                var cost = (usage.InputTokens * MoneyBench.Input) + (usage.OutputTokens * MoneyBench.Output);
                sum += cost;
                Billed += cost;
            }
        }
    }
}
