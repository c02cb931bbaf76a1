using System.Text.Json;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>Every endpoint reaches every vendor's dialect, streamed and not.</summary>
public class DialectMatrixTests
{
    private static readonly string[] Vendors = [.. Served.Dialects, "bedrock", "simulated"];

    public static TheoryData<string, string, bool> Ways()
    {
        var ways = new TheoryData<string, string, bool>();
        foreach (var from in Served.Dialects)
            foreach (var to in Vendors)
                foreach (var stream in (bool[])[false, true]) ways.Add(from, to, stream);
        return ways;
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Text_comes_through(string from, string to, bool stream)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        var response = await served.AskAsync(from, new LlmRequest { Model = ModelOf(to), Stream = stream, MaxTokens = 500, Messages = [LlmMessage.System("Be brief."), LlmMessage.User("Tell me a story.")] });

        var reply = await Asking.ReadAsync(from, response);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(FinishReason.Stop, reply.FinishReason);
        Assert.True(reply.Usage is { InputTokens: > 0, OutputTokens: > 0 }, $"usage: {reply.Usage}");
        Assert.StartsWith(to == "simulated" ? "Simulated answer" : "A harbour master kept two clocks", reply.Text, StringComparison.Ordinal);
        Assert.Equal(to == "simulated" ? "simulated" : $"on_{to}", Header(response, "x-llm-gateway-vendor"));
        Assert.Equal("1", Header(response, "x-llm-gateway-attempts"));
        Assert.Equal(from == to ? "relay" : "translate", Header(response, "x-llm-gateway-mode"));
        var record = Assert.Single(await served.CallsAsync());
        Assert.Equal(reply.Usage!.OutputTokens, record.Usage.OutputTokens);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Tool_calls_come_through(string from, string to, bool stream)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        var tool = new LlmTool("weather", "The weather of a place.", JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""").RootElement);
        var response = await served.AskAsync(from, new LlmRequest
        {
            Model = to == "simulated" ? "simulated" : $"on_{to}/tool-call",
            Stream = stream,
            MaxTokens = 500,
            Tools = [tool],
            ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Required),
            Messages = [LlmMessage.User("What is the weather in Oslo and in Rome?")],
        });

        var reply = await Asking.ReadAsync(from, response);

        Assert.Equal(FinishReason.ToolCalls, reply.FinishReason);
        var calls = reply.Parts.OfType<ToolCallPart>().ToList();
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Equal("weather", call.Name));
        Assert.All(calls, call => Assert.Equal(JsonValueKind.String, JsonDocument.Parse(call.ArgumentsJson).RootElement.GetProperty("city").ValueKind));
    }

    private static string ModelOf(string to) => to == "simulated" ? "simulated" : $"on_{to}/ok";

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
