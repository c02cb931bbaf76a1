using System.Text.Json;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>A caller that asks for JSON by a schema gets it, whatever the vendor's model can do.</summary>
public class SchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"array","items":{"type":"object","properties":{"city":{"type":"string"},"country":{"type":"string"},"inhabitants":{"type":"integer"}},"required":["city","country","inhabitants"],"additionalProperties":false}}""").RootElement;

    public static TheoryData<string, string, bool> Ways()
    {
        var ways = new TheoryData<string, string, bool>();
        foreach (var from in Served.Dialects)
            foreach (var to in (string[])["openai", "anthropic", "gemini", "bedrock", "simulated"])
                foreach (var stream in (bool[])[false, true]) ways.Add(from, to, stream);
        return ways;
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task The_answer_is_valid_by_the_callers_schema(string from, string to, bool stream)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        var response = await served.AskAsync(from, new LlmRequest
        {
            Model = to == "simulated" ? "simulated" : $"on_{to}/json",
            Stream = stream,
            MaxTokens = 500,
            OutputSchema = new OutputSchema("place", Schema, OutputMode.Native),
            Messages = [LlmMessage.User("Name a city and how many people live there.")],
        });

        var reply = await Asking.ReadAsync(from, response);

        Assert.Equal(FinishReason.Stop, reply.FinishReason);
        var answer = JsonDocument.Parse(reply.Text).RootElement;
        var errors = JsonSchema.From(Schema).Validate(answer);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("openai", "anthropic")]
    [InlineData("openai", "gemini")]
    [InlineData("anthropic", "openai")]
    public async Task An_answer_that_stays_invalid_is_an_error_and_never_an_answer(string from, string to)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        foreach (var stream in (bool[])[false, true])
        {
            // It tells a story, whatever it is asked.
            var response = await served.AskAsync(from, new LlmRequest
            {
                Model = $"on_{to}/other-words",
                Stream = stream,
                MaxTokens = 500,
                OutputSchema = new OutputSchema("place", JsonDocument.Parse("""{"type":"object","properties":{"n":{"type":"integer","minimum":5,"maximum":3}},"required":["n"]}""").RootElement, OutputMode.Native),
                Messages = [LlmMessage.User("Name a city.")],
            });

            Assert.False(response.IsSuccessStatusCode);
            Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
        }
    }

    [Fact]
    public async Task A_schema_that_can_not_be_checked_is_refused_and_not_dropped()
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url);
        using var response = await served.PostAsync("/v1/chat/completions", """{"model":"on_anthropic/ok","messages":[{"role":"user","content":"hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"nonsense"}}}}""");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("nonsense", text, StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }
}
