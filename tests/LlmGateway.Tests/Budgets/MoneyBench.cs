using System.Collections.Concurrent;
using LlmGateway.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Budgets;

/// <summary>A client under limits, over a provider whose model costs $1 per 1,000 input tokens and $2 per 1,000 output tokens.</summary>
internal sealed class MoneyBench
{
    public const decimal Input = 0.001m;
    public const decimal Output = 0.002m;

    public MoneyBench(ILlmProvider provider, GatewayConfig config, IBudgetStore? store = null, ILedger? ledger = null, CostTracker? costs = null, FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        var prices = new PriceBook(Time);
        prices.Register("fake", "fake-1", new ModelPrice { InputPerMillion = 1000m, OutputPerMillion = 2000m, CacheReadPerMillion = 100m });
        Client = new LlmClient(provider, config, new LlmClientOptions
        {
            Costs = costs,
            Prices = prices,
            BudgetStore = store,
            Ledger = ledger,
            OnBudgetAlert = Alerts.Enqueue,
            Services = new ProviderServices { TimeProvider = Time, Randomizer = () => 0.5, LoggerFactory = Log },
        });
    }

    public FakeTimeProvider Time { get; }

    public LogSink Log { get; } = new();

    public ConcurrentQueue<BudgetAlert> Alerts { get; } = new();

    public LlmClient Client { get; }

    /// <summary>What is set aside for the prompt: 64 tokens around the message and 64 around its part, a token for each byte, and all of the output.</summary>
    public static decimal WorstOf(string prompt, int maxTokens) => ((128 + prompt.Length) * Input) + (maxTokens * Output);

    public static ScriptedProvider Priced(params object[] steps) => new(steps) { Billing = ProviderBilling.PriceBook };

    public static LlmReply Reply(long input, long output) => new("ok", Replies.Tokens(input, output));
}
