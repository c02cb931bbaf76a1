namespace LlmGateway.Exporting.Tests;

/// <summary>The console is the process's, so these tests have it to themselves.</summary>
[CollectionDefinition(nameof(ConsoleTests), DisableParallelization = true)]
[Collection(nameof(ConsoleTests))]
public sealed class ConsoleTests
{
    [Fact]
    public async Task Lines_go_to_standard_error_and_standard_output_stays_clean()
    {
        var provider = new VendorDouble(VendorDouble.Busy(), VendorDouble.Reply());

        var (output, error) = await RunAsync(provider);

        Assert.Empty(output);
        var spans = error.Where(l => l.StartsWith("span ", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, spans.Count);
        Assert.StartsWith($"span chat {provider.DefaultModel} client ", spans[0], StringComparison.Ordinal);
        Assert.Contains(" error trace=", spans[0], StringComparison.Ordinal);
        Assert.Contains(" error.type=rate_limited", spans[0], StringComparison.Ordinal);
        Assert.StartsWith($"span chat {provider.DefaultModel} internal ", spans[2], StringComparison.Ordinal);
        Assert.Contains(" gen_ai.usage.input_tokens=100", spans[2], StringComparison.Ordinal);
        Assert.Contains(" gen_ai.response.finish_reasons=end_turn", spans[2], StringComparison.Ordinal);
        Assert.Contains(" llm_gateway.cost.total_usd=0.25", spans[2], StringComparison.Ordinal);
        Assert.DoesNotContain(" parent=", spans[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_are_written_at_the_end()
    {
        var provider = new VendorDouble(VendorDouble.Reply());

        var (_, error) = await RunAsync(provider);

        var metrics = error.Where(l => l.StartsWith("metric ", StringComparison.Ordinal) && l.Contains(provider.DefaultModel, StringComparison.Ordinal)).ToList();
        Assert.Single(metrics, l => l.StartsWith("metric gen_ai.client.operation.duration s count=1 sum=", StringComparison.Ordinal));
        Assert.Single(metrics, l => l.StartsWith("metric gen_ai.client.token.usage {token} count=1 sum=100 min=100 max=100 ", StringComparison.Ordinal));
        Assert.Single(metrics, l => l.StartsWith("metric llm_gateway.client.call.cost USD count=1 sum=0.25 ", StringComparison.Ordinal));
        Assert.Single(metrics, l => l.StartsWith("metric llm_gateway.client.attempts {attempt} sum=1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_value_can_neither_break_its_line_nor_steer_the_terminal()
    {
        var provider = new VendorDouble(VendorDouble.Reply() with { Id = "msg\n\u001b[31mspan forged" });

        var (_, error) = await RunAsync(provider);

        Assert.DoesNotContain(error, l => l.Contains('\u001b', StringComparison.Ordinal));
        Assert.Equal(2, error.Count(l => l.Contains("gen_ai.response.id=msg\\u000a\\u001b[31mspan forged", StringComparison.Ordinal)));
    }

    private static async Task<(string Output, IReadOnlyList<string> Error)> RunAsync(VendorDouble provider)
    {
        var (oldOutput, oldError) = (Console.Out, Console.Error);
        using var output = new StringWriter();
        using var error = new StringWriter();
        try
        {
            Console.SetOut(output);
            Console.SetError(error);
            using var telemetry = LlmGatewayTelemetry.Start(new GatewayConfig { TraceEnabled = true, TraceExporter = TraceExporter.Console });
            await new LlmClient(provider).CompleteTextAsync("Hello", cancellationToken: TestContext.Current.CancellationToken);
        }
        finally
        {
            Console.SetOut(oldOutput);
            Console.SetError(oldError);
        }

        return (output.ToString(), error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
