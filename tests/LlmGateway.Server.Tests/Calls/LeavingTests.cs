using System.Diagnostics;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>A caller that leaves, and a server that stops.</summary>
public class LeavingTests
{
    [Theory]
    [InlineData("openai", "openai")]
    [InlineData("openai", "anthropic")]
    public async Task The_vendor_is_told_to_stop_within_a_second_and_what_came_is_billed(string from, string to)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        using (var response = await served.AskAsync(from, Request($"on_{to}/stalls", stream: true)))
        {
            var bytes = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            Assert.True(await bytes.ReadAsync(new byte[100], TestContext.Current.CancellationToken) > 0);
        }

        var left = Stopwatch.StartNew();
        while (upstream.Requests is not [{ Outcome: SeenOutcome.CallerLeft }] && left.Elapsed < TimeSpan.FromSeconds(20)) await Task.Delay(10, TestContext.Current.CancellationToken);

        // Generous to a machine that is busy with other tests; a stall itself would last for ever.
        Assert.InRange(left.Elapsed.TotalSeconds, 0, 10);
        var call = Assert.Single(await served.CallsAsync());
        Assert.Equal("cancelled", call.Outcome);
        Assert.True(call.Usage.OutputTokens > 0);
    }

    [Fact]
    public async Task An_abandoned_answer_is_read_to_its_end_where_that_is_asked_for()
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url, configure: options => options.DrainAbandonedCalls = true);
        using (var response = await served.AskAsync("openai", Request("on_openai/stalls-1s", stream: true)))
        {
            var bytes = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            Assert.True(await bytes.ReadAsync(new byte[100], TestContext.Current.CancellationToken) > 0);
        }

        var call = Assert.Single(await served.CallsAsync());
        Assert.Equal("succeeded", call.Outcome);
        Assert.False(call.Usage.IsEstimated);
        Assert.Equal(upstream.Requests.Single().BilledOutputTokens, call.Usage.OutputTokens);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task A_server_that_stops_ends_what_is_left_with_an_error(string from)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        using var streamed = await served.AskAsync(from, Request("on_openai/stalls", stream: true));
        var whole = served.AskAsync(from, Request("on_openai/silent", stream: false));
        while (served.Gateway.Calls < 2) await Task.Delay(10, TestContext.Current.CancellationToken);

        var stopping = served.StopAsync();

        var error = await Assert.ThrowsAsync<Dialects.DialectException>(() => Asking.ReadAsync(from, streamed));
        Assert.NotNull(error.VendorError);
        using var response = await whole;
        Assert.Equal(ProviderErrorKind.Overloaded, Asking.Of(from).DecodeError((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Kind);
        await stopping;
    }

    private static LlmRequest Request(string model, bool stream) => new() { Model = model, Stream = stream, MaxTokens = 300, Messages = [LlmMessage.User("Tell me a story.")] };
}
