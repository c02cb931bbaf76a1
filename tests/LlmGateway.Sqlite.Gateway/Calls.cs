using System.Globalization;

namespace LlmGateway.Sqlite.Gateway;

/// <summary>A gateway with a strict ledger and one budget that it shares by the file.</summary>
internal static class Calls
{
    public const decimal Input = 0.001m;
    public const decimal Output = 0.002m;

    public static async Task RunAsync(string file, string url, string limit, string calls, string name)
    {
        var prices = new PriceBook();
        prices.Register("openai", "m", new ModelPrice { InputPerMillion = Input * 1_000_000m, OutputPerMillion = Output * 1_000_000m });
        await using var ledger = SqliteLedger.Open(new SqliteLedgerOptions { Path = file, BusyTimeout = TimeSpan.FromSeconds(60) });
        var config = new GatewayConfig
        {
            Provider = "openai",
            Model = "m",
            ApiKey = "k",
            BaseUrl = new Uri(url),
            MaxTokens = 40,
            MaxRetries = 1,
            Budgets = [new Budget("shared") { LimitUsd = decimal.Parse(limit, CultureInfo.InvariantCulture), WarnAt = [] }],
        };
        await using var client = new LlmClient(config, new LlmClientOptions { Prices = prices, Ledger = ledger, BudgetStore = ledger, Services = new ProviderServices { Randomizer = () => 0.5 } });
        Console.WriteLine("ready");
        await Parallel.ForAsync(0, int.Parse(calls, CultureInfo.InvariantCulture), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (n, _) =>
        {
            await CallAsync(client, $"marker-{name}-{n}", n);
            Console.WriteLine(n);
        });
        Console.WriteLine("over");
    }

    private static async Task CallAsync(LlmClient client, string marker, int n)
    {
        using var cancel = new CancellationTokenSource(n % 11 == 0 ? TimeSpan.FromMilliseconds(n % 30) : Timeout.InfiniteTimeSpan);
        var options = new LlmCallOptions { Tags = new Dictionary<string, string> { ["marker"] = marker } };
        try
        {
            if (n % 2 == 0)
            {
                await client.CompleteTextAsync(marker, options, cancel.Token);
                return;
            }

            await foreach (var _ in client.StreamAsync(marker, options, cancel.Token))
            {
            }
        }
        catch (Exception e) when (e is GatewayException or OperationCanceledException)
        {
        }
    }
}
