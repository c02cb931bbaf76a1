using System.Text.Json;

namespace LlmGateway.Cli.Tests;

/// <summary>The examples of docs/pricing.md, worked by hand from the vendors' pages: replies in, costs out, by the real program.</summary>
public sealed class WorkedCostTests
{
    private static readonly IReadOnlyList<JsonElement> Examples =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "worked-costs.jsonl")).Select(line => JsonDocument.Parse(line).RootElement),
    ];

    [Fact]
    public async Task Every_worked_example_costs_what_the_hand_says_to_the_last_decimal()
    {
        var input = string.Join('\n', Examples.Select(example => example.GetProperty("line").GetRawText()));

        var result = await CliProcess.RunAsync(["price", "--jsonl"], input);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var costs = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Examples.Count, costs.Count);
        Assert.Equal(Examples.Select(example => Named(example, example.GetProperty("cost").GetString())), Examples.Zip(costs, (example, cost) => Named(example, Cost(cost))));
    }

    [Fact]
    public void Every_way_of_billing_has_an_example()
    {
        string[] ways =
        [
            "plain", "cached input", "cache write, 5 minutes", "cache write, 1 hour", "reasoning", "audio in and out", "image out", "batch", "flex", "priority", "fast",
            "the whole prompt at the step's price", "time of day", "the day it fell", "a fee for each request", "web searches", "file search", "grounding",
            "Bedrock, in a region", "Vertex, in a region", "a vendor that has another's prices", "Azure", "OpenAI, in a region", "fine-tune", "free",
        ];

        Assert.All(ways, way => Assert.Contains(Examples, example => example.GetProperty("way").GetString()!.StartsWith(way, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_example_stands_in_the_document_with_its_cost()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "pricing.md"));

        Assert.All(Examples, example => Assert.Matches($@"(?m)^\| {System.Text.RegularExpressions.Regex.Escape(example.GetProperty("way").GetString()!)} \|.*\| \${System.Text.RegularExpressions.Regex.Escape(example.GetProperty("cost").GetString()!)} \|", document));
    }

    private static string Named(JsonElement example, string? cost) => $"{example.GetProperty("way").GetString()}, {example.GetProperty("line").GetProperty("provider").GetString()}: {cost}";

    private static string? Cost(JsonElement line) =>
        line.TryGetProperty("total_cost_usd", out var cost) && cost.GetString() is { } known ? known : line.GetRawText();
}
