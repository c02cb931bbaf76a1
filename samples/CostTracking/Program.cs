using LlmGateway;
using LlmGateway.Samples;

// A provider with a price: the simulated one is free, so this sample brings a small one of its own, and its price.
Pricing.Register("echo", "echo-1", new ModelPrice { InputPerMillion = 3m, OutputPerMillion = 15m });

await using var llm = new LlmClient(
    new EchoProvider(),
    new GatewayConfig { CostWarnUsd = 0.0001m, CostLimitUsd = 0.0002m });

try
{
    for (var question = 1; ; question++)
    {
        var response = await llm.CompleteTextAsync($"Question {question}: what does the next call cost?");
        Console.WriteLine($"Call {question}: {response.Usage.InputTokens} tokens in, {response.Usage.OutputTokens} out, ${response.Usage.TotalCostUsd}");
    }
}
catch (CostLimitExceededException e)
{
    Console.WriteLine();
    Console.WriteLine($"Refused before it was sent: ${e.SpentUsd} of ${e.LimitUsd} is spent.");
}

Console.WriteLine();
Console.WriteLine(llm.CostSummary());
