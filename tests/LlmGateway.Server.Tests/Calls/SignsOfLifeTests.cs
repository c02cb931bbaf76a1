using LlmGateway.Dialects.Tests.Clients;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>Who waits for a streamed answer that is held back until it is valid is told that somebody is still there.</summary>
public class SignsOfLifeTests
{
    private const string Oslo = """{"city":"Oslo"}""";

    public static TheoryData<string, string> Signs => new()
    {
        { "openai", ": waiting\n\n" },
        { "openai_responses", ": waiting\n\n" },
        { "anthropic", "event: ping\ndata: {\"type\": \"ping\"}\n\n" },
        { "gemini", "\n" },
    };

    [Theory, MemberData(nameof(Signs))]
    public async Task Signs_come_before_the_answer_and_are_no_part_of_it(string dialect, string sign)
    {
        var rest = new TaskCompletionSource();
        await using var shaped = await Shaped.StartAsync((_, _) => new CodecServer.Hold(Shaped.Says(Oslo), "Os", rest.Task), configure: Often);
        using var response = await shaped.AskAsync(dialect, Shaped.Asks($"to_{Shaped.Other(dialect)}/plain/m", stream: true));
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var read = new MemoryStream();

        await Shaped.ReadUntilAsync(body, read, sign + sign); // The status has come, and no word of the answer.
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Empty(Shaped.Text(read).Replace(sign, "", StringComparison.Ordinal));
        Assert.False(response.Headers.Contains("x-llm-gateway-mode")); // Nobody has answered yet.
        Assert.Single(response.Headers.GetValues("x-llm-gateway-call-id"));
        rest.SetResult();

        Assert.Equal(Oslo, (await Shaped.ReadRestAsync(dialect, body, read)).Text);
    }

    [Theory, MemberData(nameof(Signs))]
    public async Task What_fails_after_a_sign_is_the_protocols_own_error_event(string dialect, string sign)
    {
        var rest = new TaskCompletionSource();
        await using var shaped = await Shaped.StartAsync((_, _) => new CodecServer.Hold(Shaped.Says("I would rather not."), "would", rest.Task), configure: options =>
        {
            Often(options);
            options.Config!.MaxReasks = 0;
        });
        using var response = await shaped.AskAsync(dialect, Shaped.Asks($"to_{Shaped.Other(dialect)}/plain/m", stream: true));
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var read = new MemoryStream();
        await Shaped.ReadUntilAsync(body, read, sign);
        rest.SetResult();

        var error = await Assert.ThrowsAsync<Dialects.DialectException>(() => Shaped.ReadRestAsync(dialect, body, read));

        Assert.Contains("does not fit the request's schema", error.VendorError?.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Signs))]
    public async Task What_fails_before_one_keeps_its_status(string dialect, string sign)
    {
        await using var shaped = await Shaped.StartAsync((_, _) => Shaped.Says("I would rather not."));
        using var response = await shaped.AskAsync(dialect, Shaped.Asks($"to_{Shaped.Other(dialect)}/plain/m", stream: true));

        Assert.Equal(dialect.StartsWith("openai", StringComparison.Ordinal) ? 502 : 500, (int)response.StatusCode); // As the protocol has it.
        Assert.DoesNotContain(sign + sign, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static void Often(LlmGatewayServerOptions options) => options.SignOfLifeInterval = TimeSpan.FromMilliseconds(5);
}
