using System.Diagnostics;
using LlmGateway.Telemetry;

namespace LlmGateway.Tests.Telemetry;

/// <summary>
/// What happens where nobody listens. Other tests listen to the same source, so this collection has the process to itself.
/// </summary>
[CollectionDefinition(nameof(ListenerTests), DisableParallelization = true)]
[Collection(nameof(ListenerTests))]
public sealed class ListenerTests
{
    [Fact]
    public async Task Where_nobody_listens_no_span_is_made()
    {
        var request = new LlmRequest { Model = "m", Messages = [LlmMessage.User("Hello")] };
        Activity? during = new("none");
        var provider = new TelemetryProvider(TelemetryProvider.Reply()) { OnRequest = () => during = Activity.Current };

        Assert.Null(CallTelemetry.StartCall(provider, request, "id", "chat"));
        Assert.Null(CallTelemetry.StartAttempt(provider, request, "chat"));
        await provider.Client(new GatewayConfig { CaptureMessageContent = true }).CompleteTextAsync("Hello", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Null(during);
    }

    [Fact]
    public void Where_a_sampler_drops_the_call_its_span_is_null()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "LlmGateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        var request = new LlmRequest { Model = "m", Messages = [LlmMessage.User("Hello")] };

        Assert.Null(CallTelemetry.StartCall(new TelemetryProvider(), request, "id", "chat"));
    }
}
