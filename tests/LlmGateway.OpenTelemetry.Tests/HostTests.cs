using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace LlmGateway.Exporting.Tests;

public sealed class HostTests
{
    [Fact]
    public async Task An_application_adds_the_gateway_to_its_own_set_up()
    {
        var provider = new VendorDouble(VendorDouble.Reply());
        using var spans = new Kept<Activity>(s => s.DisplayName);
        using var metrics = new Kept<Metric>(m => m.Name);

        using (Sdk.CreateTracerProviderBuilder().AddLlmGateway().AddProcessor(new SimpleActivityExportProcessor(spans)).Build())
        using (Sdk.CreateMeterProviderBuilder().AddLlmGateway().AddReader(new PeriodicExportingMetricReader(metrics)).Build())
        {
            await new LlmClient(provider).CompleteTextAsync("Hello", cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, spans.Names.Count(n => n == $"chat {provider.DefaultModel}"));
        Assert.Superset(
            new HashSet<string> { "gen_ai.client.operation.duration", "gen_ai.client.token.usage", "llm_gateway.client.call.cost", "llm_gateway.client.attempts" },
            metrics.Names.ToHashSet());
    }

    private sealed class Kept<T>(Func<T, string> nameOf) : BaseExporter<T>
        where T : class
    {
        public ConcurrentQueue<string> Names { get; } = new();

        public override ExportResult Export(in Batch<T> batch)
        {
            foreach (var item in batch) Names.Enqueue(nameOf(item));
            return ExportResult.Success;
        }
    }
}
