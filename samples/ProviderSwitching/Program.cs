using LlmGateway;

// The same code, whatever the provider: name them on the command line, or take the one that .env names.
//   dotnet run --project samples/ProviderSwitching -- simulated local_claude anthropic
var configured = GatewayConfig.Load();
var providers = args.Length > 0 ? args : [configured.Provider];
Console.WriteLine($"Known providers: {string.Join(", ", ProviderRegistry.Default.List())}");
Console.WriteLine();

foreach (var provider in providers)
{
    try
    {
        await using var llm = new LlmClient(configured with { Provider = provider });
        var response = await llm.CompleteAsync<Answer>("What is 17 + 25?");
        Console.WriteLine($"{response.Provider}/{response.Model}: {response.Content.Value} ({response.Usage.TotalTokens} tokens, {response.Latency.TotalMilliseconds:0} ms)");
    }
    catch (GatewayException e)
    {
        Console.WriteLine($"{provider}: {e.Message}");
    }
}

internal sealed record Answer(int Value);
