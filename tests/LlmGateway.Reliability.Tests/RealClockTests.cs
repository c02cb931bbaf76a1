namespace LlmGateway.Reliability.Tests;

/// <summary>Once end to end by the real clock, with short limits; what takes how long is not asserted, only what comes of it.</summary>
public sealed class RealClockTests
{
    [Theory]
    [InlineData("rate-limited-1s-once", 2)]
    [InlineData("fails-once", 2)]
    [InlineData("fails", 3)]
    [InlineData("resets", 2)]
    [InlineData("silent", 2)]
    [InlineData("late-first-token", 2)]
    [InlineData("cut", 2)]
    [InlineData("stalls", 2)]
    [InlineData("malformed-cut", 2)]
    [InlineData("no-sentinel", 1)]
    [InlineData("pings-100ms", 1)]
    [InlineData("drip-1s", 2)]
    [InlineData("error-event-late", 2)]
    [InlineData("html", 2)]
    public async Task The_whole_answer_comes(string model, int requests)
    {
        await using var server = new MisbehavingServer();
        await using var client = new LlmClient(new GatewayConfig
        {
            Provider = "anthropic",
            Model = model,
            BaseUrl = server.Url,
            ApiKey = "any",
            FirstTokenTimeoutSeconds = 1,
            IdleTimeoutSeconds = 1,
            DeadlineSeconds = 30,
            Fallbacks = [new RouteTarget { Vendor = "openai", Model = "ok", BaseUrl = server.Url }],
        });

        var text = "";
        await foreach (var delta in client.StreamAsync("Tell me.", cancellationToken: TestContext.Current.CancellationToken)) text += (delta as TextDelta)?.Text;

        Assert.Equal(Story.Text, text);
        Assert.Equal(requests, server.Requests.Count);
    }
}
