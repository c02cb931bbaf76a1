using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Tests;

namespace LlmGateway.Bedrock.Tests;

/// <summary>What of the middle Converse can say, how it is mended, and what is refused.</summary>
public sealed class RequestEncoderTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object","properties":{"a":{"type":"string","minLength":2}},"required":["a"]}""").RootElement;

    [Fact]
    public void The_path_holds_the_model_and_the_streaming_escaped()
    {
        var arn = new LlmRequest { Model = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/us.amazon.nova-lite-v1:0", Messages = [] };

        Assert.Equal("model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse", Bedrock.Dialect.PathOf(Bedrock.Ask()));
        Assert.Equal("model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream", Bedrock.Dialect.PathOf(Bedrock.Ask() with { Stream = true }));
        Assert.Equal("model/arn%3Aaws%3Abedrock%3Aus-east-1%3A111122223333%3Ainference-profile%2Fus.amazon.nova-lite-v1%3A0/converse", Bedrock.Dialect.PathOf(arn));
    }

    [Fact]
    public void What_Converse_cannot_say_is_a_loss_and_nothing_else_is()
    {
        var request = Bedrock.Ask(new TextPart("Hi"), new ImagePart(MediaSource.FromBase64("AAAA", "image/png")) { Detail = "high" }) with
        {
            Seed = 1,
            FrequencyPenalty = 1,
            PresencePenalty = 1,
            LogProbs = true,
            User = "u",
            JsonMode = true,
            Temperature = 1.5,
            ServiceTier = "scale",
            ParallelToolCalls = false,
            Tools = [new LlmTool("f", null, default), LlmTool.VendorSide("web_search", new RawPart("anthropic", "{}"))],
            OutputSchema = new OutputSchema("a", Schema, OutputMode.Native) { Strict = false },
            Reasoning = new LlmReasoning { Effort = "minimal", Summary = "auto" },
            Extensions = new LlmExtensions("openai", [new("store", "true")]),
        };

        var (body, losses) = Codec.Request(Bedrock.Dialect, request);

        Assert.Equal(
            [
                "a schema that is not strict", "anthropic's tool web_search", "frequency_penalty", "image detail", "json mode without a schema", "logprobs", "openai's store", "parallel_tool_calls",
                "presence_penalty", "reasoning effort 'minimal' was set to 'low'", "reasoning summary", "seed", "service_tier 'scale'", "temperature 1.5 was set to 1", "user",
            ],
            losses.Select(loss => loss.Split(" was left out")[0].Split(": the bedrock")[0]).Order(StringComparer.OrdinalIgnoreCase));
        using var json = JsonDocument.Parse(body);
        Assert.Equal("low", json.RootElement.GetProperty("outputConfig").GetProperty("effort").GetString());
        Assert.Equal(1, json.RootElement.GetProperty("inferenceConfig").GetProperty("temperature").GetDouble());
    }

    [Fact]
    public void What_the_target_does_anyway_is_no_loss()
    {
        var request = Bedrock.Ask(new TextPart("Hi"), new ImagePart(MediaSource.FromBase64("AAAA", "image/jpg")) { Detail = "auto" }) with
        {
            ServiceTier = "auto",
            ParallelToolCalls = true,
            Tools = [new LlmTool("f", "", default)],
            ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Auto),
            FrequencyPenalty = 0,
            LogProbs = false,
        };

        var (body, losses) = Codec.Request(Bedrock.Dialect, request);

        Assert.Empty(losses);
        Middle.AssertSameJson("""
            {"messages":[{"role":"user","content":[{"text":"Hi"},{"image":{"format":"jpeg","source":{"bytes":"AAAA"}}}]}],
             "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}}],"toolChoice":{"auto":{}}}}
            """, body);
    }

    [Fact]
    public void Orders_that_Converse_forbids_are_mended()
    {
        var request = new LlmRequest
        {
            Model = Bedrock.Claude,
            Messages =
            [
                LlmMessage.System("A"), LlmMessage.User("one"), LlmMessage.User(" "), LlmMessage.User("two"),
                new LlmMessage(LlmRole.Assistant, [new TextPart(""), new ToolCallPart("1", "f", ""), new ToolCallPart("2", "f", "{\"n\": 1.0}")]),
                new LlmMessage(LlmRole.User, [new TextPart("late"), new ToolResultPart("2", "b", isError: true)]),
                new LlmMessage(LlmRole.Tool, [new ToolResultPart("1", [new TextPart("a"), new TextPart("")])]),
                new LlmMessage(LlmRole.Developer, "B"), LlmMessage.Assistant("begun \n"),
            ],
            Tools = [new LlmTool("f", null, Schema)],
        };

        var (body, losses) = Codec.Request(Bedrock.Dialect, request);

        Assert.Contains("moved to its beginning", Assert.Single(losses), StringComparison.Ordinal);
        Middle.AssertSameJson("""
            {"system":[{"text":"A"},{"text":"B"}],
             "messages":[{"role":"user","content":[{"text":"one"},{"text":"two"}]},
              {"role":"assistant","content":[{"toolUse":{"toolUseId":"1","name":"f","input":{}}},{"toolUse":{"toolUseId":"2","name":"f","input":{"n":1.0}}}]},
              {"role":"user","content":[{"toolResult":{"toolUseId":"2","content":[{"text":"b"}],"status":"error"}},{"toolResult":{"toolUseId":"1","content":[{"text":"a"}]}},{"text":"late"}]},
              {"role":"assistant","content":[{"text":"begun"}]}],
             "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object","properties":{"a":{"type":"string","minLength":2}},"required":["a"]}}}}]}}
            """, body);
        Assert.Contains("{\"n\": 1.0}", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_Converse_refuses_are_made_into_ones_that_it_takes()
    {
        var longId = new string('x', 80);
        var request = new LlmRequest
        {
            Model = Bedrock.Claude,
            Messages =
            [
                LlmMessage.User("Hi"), new LlmMessage(LlmRole.Assistant, [new ToolCallPart(longId, "f", "{}"), new ToolCallPart("a b", "f", "{}")]),
                new LlmMessage(LlmRole.Tool, [new ToolResultPart(longId, "1"), new ToolResultPart("a b", "2")]),
            ],
            Tools = [new LlmTool("f", null, default)],
        };

        using var json = JsonDocument.Parse(Codec.Request(Bedrock.Dialect, request).Body);
        var calls = json.RootElement.GetProperty("messages")[1].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("toolUse").GetProperty("toolUseId").GetString()!).ToList();
        var results = json.RootElement.GetProperty("messages")[2].GetProperty("content").EnumerateArray().Select(part => part.GetProperty("toolResult").GetProperty("toolUseId").GetString()!).ToList();

        Assert.Equal(calls, results);
        Assert.Equal(2, calls.Distinct().Count());
        Assert.All(calls, id => Assert.Matches("^[a-zA-Z0-9_.:-]{1,64}$", id));
    }

    [Fact]
    public void Documents_get_names_that_Converse_takes()
    {
        var request = Bedrock.Ask(
            new TextPart("Read"),
            new DocumentPart(MediaSource.FromBase64("AAAA", "application/pdf")) { Name = "report_2024.pdf" },
            new DocumentPart(MediaSource.FromText("x")),
            new DocumentPart(MediaSource.FromText("y")));

        var (body, losses) = Codec.Request(Bedrock.Dialect, request);

        Assert.Contains("name was changed", Assert.Single(losses), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(
            ["report-2024-pdf", "document", "document-2"],
            json.RootElement.GetProperty("messages")[0].GetProperty("content").EnumerateArray().Skip(1).Select(part => part.GetProperty("document").GetProperty("name").GetString()));
    }

    [Fact]
    public void Calls_without_tools_get_their_tools_defined_again()
    {
        LlmMessage[] called = [LlmMessage.User("Hi"), new(LlmRole.Assistant, [new ToolCallPart("1", "f", "{}")]), new(LlmRole.Tool, [new ToolResultPart("1", "a")])];
        var without = new LlmRequest { Model = Bedrock.Claude, Messages = called };
        var none = without with { Tools = [new LlmTool("f", "d", Schema)], ToolChoice = new LlmToolChoice(LlmToolChoiceMode.None) };

        var (body, losses) = Codec.Request(Bedrock.Dialect, without);

        Assert.Contains("defined again", Assert.Single(losses), StringComparison.Ordinal);
        Assert.Contains("\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"f\"", body, StringComparison.Ordinal);
        Assert.Contains("tool_choice none", Assert.Single(Codec.Request(Bedrock.Dialect, none).Losses), StringComparison.Ordinal);
        Assert.DoesNotContain("toolConfig", Codec.Request(Bedrock.Dialect, none with { Messages = [LlmMessage.User("Hi")] }).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Thinking_goes_back_only_to_the_vendor_that_it_is_of()
    {
        var request = new LlmRequest
        {
            Model = Bedrock.Claude,
            Messages =
            [
                LlmMessage.User("Hi"),
                new LlmMessage(LlmRole.Assistant, [new ThinkingPart("a", "s") { Origin = "anthropic" }, new ThinkingPart("b", "t") { Origin = "bedrock" }, new ThinkingPart("c"), new TextPart("d")]),
                LlmMessage.User("More"),
            ],
        };

        var (body, losses) = Codec.Request(Bedrock.Dialect, request);

        Assert.Equal("thinking was left out: the bedrock dialect has no place for it.", Assert.Single(losses));
        Assert.Contains("""[{"reasoningContent":{"reasoningText":{"text":"b","signature":"t"}}},{"reasoningContent":{"reasoningText":{"text":"c"}}},{"text":"d"}]""", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 2048, null, """{"thinking":{"type":"enabled","budget_tokens":2048}}""")]
    [InlineData(true, null, "none", """{"thinking":{"type":"adaptive","display":"omitted"}}""")]
    [InlineData(false, null, null, """{"thinking":{"type":"disabled"}}""")]
    public void Reasoning_is_said_to_Claude_in_its_own_fields(bool? enabled, int? budget, string? summary, string fields)
    {
        var (body, losses) = Codec.Request(Bedrock.Dialect, Bedrock.Ask(new TextPart("Hi")) with { Reasoning = new LlmReasoning { Enabled = enabled, BudgetTokens = budget, Summary = summary } });

        Assert.Empty(losses);
        using var json = JsonDocument.Parse(body);
        Assert.Equal(fields, json.RootElement.GetProperty("additionalModelRequestFields").GetRawText());
    }

    [Fact]
    public void A_bag_of_the_callers_own_goes_into_the_objects_that_it_names()
    {
        var request = Bedrock.Ask(new TextPart("Hi")) with
        {
            TopK = 5,
            MaxTokens = 7,
            Extensions = new LlmExtensions("bedrock", [new("additionalModelRequestFields", """{"anthropic_beta":["x"],"top_k":9}"""), new("guardrailConfig", """{"guardrailIdentifier":"g"}""")]),
        };

        var (body, losses) = Codec.Request(Bedrock.Dialect, request);

        Assert.Empty(losses);
        Middle.AssertSameJson("""
            {"messages":[{"role":"user","content":[{"text":"Hi"}]}],"inferenceConfig":{"maxTokens":7},
             "additionalModelRequestFields":{"top_k":5,"anthropic_beta":["x"]},"guardrailConfig":{"guardrailIdentifier":"g"}}
            """, body);
    }

    [Fact]
    public void What_the_peer_refuses_is_left_out_and_said()
    {
        var request = Bedrock.Ask(new TextPart("Hi")) with { Temperature = 0.5, TopP = 0.5, TopK = 3 };
        var peer = new WirePeer { Model = new ModelCapabilities { Temperature = false } };

        var (body, losses) = Codec.Request(Bedrock.Dialect, request, peer);

        Assert.Equal(3, losses.Count);
        Middle.AssertSameJson("""{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}""", body);
    }

    public static TheoryData<string, LlmMessage[]> Refused => new()
    {
        { "no message", [LlmMessage.User(" ")] },
        { "begins with a message of the assistant's", [LlmMessage.Assistant("Hi"), LlmMessage.User("Hi")] },
        { "no call before it", [LlmMessage.User("Hi"), new LlmMessage(LlmRole.Tool, [new ToolResultPart("x", "a")])] },
        { "web address", [new LlmMessage(LlmRole.User, [new ImagePart(MediaSource.FromUrl("https://example.com/a.png"))])] },
        { "id of a file", [new LlmMessage(LlmRole.User, [new DocumentPart(MediaSource.FromFile("file-1", "application/pdf"))])] },
        { "no media type", [new LlmMessage(LlmRole.User, [new ImagePart(MediaSource.FromBase64("AAAA", null))])] },
        { "image/tiff", [new LlmMessage(LlmRole.User, [new ImagePart(MediaSource.FromBase64("AAAA", "image/tiff"))])] },
        { "not JSON", [LlmMessage.User("Hi"), new LlmMessage(LlmRole.Assistant, [new ToolCallPart("1", "f", "{oops")])] },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_would_mean_something_else_is_refused(string why, LlmMessage[] messages)
    {
        var error = Assert.Throws<DialectException>(() => Codec.Request(Bedrock.Dialect, new LlmRequest { Model = Bedrock.Claude, Messages = messages }));

        Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_last_message_of_the_assistants_is_refused_where_the_model_does()
    {
        var request = new LlmRequest { Model = Bedrock.Claude, Messages = [LlmMessage.User("Hi"), LlmMessage.Assistant("Well")] };

        Assert.Throws<DialectException>(() => Codec.Request(Bedrock.Dialect, request, new WirePeer { Model = new ModelCapabilities { Prefill = false } }));
        Assert.Empty(Codec.Request(Bedrock.Dialect, request).Losses);
    }
}
