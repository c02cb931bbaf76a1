using LlmGateway.Reliability.Tests.Fakes;

namespace LlmGateway.Reliability.Tests;

/// <summary>What takes more than one call, or a route's own word.</summary>
public sealed class RouteTests
{
    public static TheoryData<string, bool> Ways => [.. from dialect in Stage.Dialects from stream in new[] { false, true } select (dialect, stream)];

    public static TheoryData<string, ProviderErrorKind, string> Refusals =>
    [
        .. from fault in new[]
            {
                ("unauthorized", ProviderErrorKind.Authentication), ("forbidden", ProviderErrorKind.Authentication), ("not-found", ProviderErrorKind.NotFound),
                ("bad-request", ProviderErrorKind.InvalidRequest), ("refusal", ProviderErrorKind.Refusal),
            }
           from dialect in Stage.Dialects
           select (fault.Item1, fault.Item2, dialect),
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public Task A_vendor_that_was_down_for_a_minute_gets_few_probes_and_is_back_within_half_a_minute(string dialect, bool stream) => Stage.SteadyAsync(async stage =>
    {
        await using var client = stage.Client(stage.Config(dialect, "down-60s", "ok"));
        TimeSpan? back = null;

        while (stage.Clock.Elapsed < TimeSpan.FromSeconds(100))
        {
            var told = await stage.AskAsync(client, stream);
            Assert.Equal(Story.Text, told.Text);
            if (told.Record!.Provider == dialect) back ??= stage.Clock.Elapsed;
            await stage.RunAsync(PassAsync(stage, TimeSpan.FromSeconds(4)));
        }

        Assert.InRange(back!.Value.TotalSeconds, 60, 90);
        // 5 failures open the circuit; then one probe after 5 s, 10 s, and each 15 s.
        Assert.InRange(stage.Server.Requests.Count(seen => seen.Model == "down-60s" && (seen.Time - JumpingClock.Start).TotalSeconds < 60), 5, 11);
    });

    [Theory]
    [MemberData(nameof(Refusals))]
    public Task What_the_route_says_moves_to_the_next_target_and_nothing_is_tried_twice(string model, ProviderErrorKind kind, string dialect) => Stage.SteadyAsync(async stage =>
    {
        var other = Stage.OtherThan(dialect);
        var config = stage.Config(dialect, "main") with
        {
            Routes =
            [
                new RouteConfig
                {
                    Name = "main",
                    FallbackOn = [kind],
                    Targets = [new RouteTarget { Vendor = dialect, Model = model, BaseUrl = stage.Server.Url }, new RouteTarget { Vendor = other, Model = "ok", BaseUrl = stage.Server.Url }],
                },
            ],
        };
        // Anthropic has no word for a filter, and Bedrock none for a refusal.
        if (model == "refusal") config = config with { Routes = [config.Routes[0] with { FallbackOn = [ProviderErrorKind.Refusal, ProviderErrorKind.ContentFilter] }] };

        var told = await stage.AskAsync(config, stream: false);

        Assert.Null(told.Error);
        Assert.Equal((Story.Text, other, "main"), (told.Text, told.Record!.Provider, told.Record.Route));
        Assert.Equal([model, "ok"], stage.Models);
    });

    [Fact]
    public Task A_tool_call_that_was_cut_comes_again_and_the_one_before_it_stays() => Stage.SteadyAsync(async stage =>
    {
        await using var client = stage.Client(stage.Config("openai", "tool-call-cut", "tool-call"));
        var tool = new LlmTool("weather", "Tells the weather.", System.Text.Json.JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""").RootElement);
        var deltas = new List<LlmDelta>();

        await stage.RunAsync(CollectAsync());

        var reply = Assert.IsType<ResponseDelta>(deltas[^1]).Response;
        Assert.Equal(1, Assert.Single(deltas.OfType<RestartedDelta>()).FromIndex);
        Assert.Equal(2, reply.Content.Parts.OfType<ToolCallPart>().Count());
        Assert.Equal((FinishReason.ToolCalls, 1, 2), (reply.Content.FinishReason, reply.Metadata.Rescues, reply.Metadata.Attempts.Count));

        async Task<bool> CollectAsync()
        {
            await foreach (var delta in client.StreamAsync([LlmMessage.User("Tell me.")], new LlmCallOptions { Tools = [tool] }, TestContext.Current.CancellationToken)) deltas.Add(delta);
            return true;
        }
    });

    private static async Task<bool> PassAsync(Stage stage, TimeSpan time)
    {
        await Task.Delay(time, stage.Clock, TestContext.Current.CancellationToken);
        return true;
    }
}
