using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>A stream that dies is gone on with, and the caller's client reads one whole answer in its own protocol.</summary>
public class RescueTests
{
    public static TheoryData<string, string, string> Ways()
    {
        var ways = new TheoryData<string, string, string>();
        foreach (var from in Served.Dialects)
            foreach (var (first, second) in ((string, string)[])[("openai", "anthropic"), ("anthropic", "gemini"), ("gemini", "openai_responses"), ("openai_responses", "openai")]) ways.Add(from, first, second);
        return ways;
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Relayed_or_translated_it_is_one_answer(string from, string first, string second)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url, $$"""{"safe": {"targets": ["on_{{first}}/cut-after-120", "on_{{second}}/ok"]} }""");
        var response = await served.AskAsync(from, new LlmRequest { Model = "safe", Stream = true, MaxTokens = 500, Messages = [LlmMessage.User("Tell me a story.")] });

        var reply = await Asking.ReadAsync(from, response);

        Assert.Equal(FinishReason.Stop, reply.FinishReason);
        Assert.StartsWith("A harbour master kept two clocks on his wall.", reply.Text, StringComparison.Ordinal);
        Assert.EndsWith("he wound them both.", reply.Text, StringComparison.Ordinal);
        Assert.Single(reply.Text.Split("harbour master"), static piece => piece == "A ");
        Assert.Equal(from == first ? "relay" : "translate", response.Headers.GetValues("x-llm-gateway-mode").Single());
        var call = Assert.Single(await served.CallsAsync());
        Assert.Equal("succeeded", call.Outcome);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task Calls_whose_bytes_were_passed_on_are_never_said_twice(string dialect)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url, $$"""{"safe": {"targets": ["on_{{dialect}}/tool-call-cut", "on_openai/tool-call", "on_anthropic/tool-call"]} }""");
        var response = await served.AskAsync(dialect, new LlmRequest
        {
            Model = "safe",
            Stream = true,
            MaxTokens = 500,
            Tools = [new LlmTool("weather", "The weather.", System.Text.Json.JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}""").RootElement)],
            Messages = [LlmMessage.User("What is the weather in Oslo and in Rome?")],
        });

        LlmReply reply;
        try
        {
            reply = await Asking.ReadAsync(dialect, response);
        }
        catch (Dialects.DialectException e)
        {
            Assert.NotNull(e.VendorError); // An error in the protocol's own words is as good.
            return;
        }

        Assert.Equal(2, reply.Parts.OfType<ToolCallPart>().Count());
    }
}
