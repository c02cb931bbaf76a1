using LlmGateway;
using LlmGateway.Samples;

// Register it under a name, and LLM_PROVIDER=shouting chooses it like any other.
ProviderRegistry.Default.Register("shouting", _ => new ShoutingProvider());

await using var llm = new LlmClient(new GatewayConfig { Provider = "shouting" });
var response = await llm.CompleteTextAsync("hello, world");

Console.WriteLine(response.Content);
Console.WriteLine($"{response.Provider}/{response.Model}, about {response.Usage.TotalTokens} tokens{(response.Usage.IsEstimated ? " (estimated)" : "")}");
