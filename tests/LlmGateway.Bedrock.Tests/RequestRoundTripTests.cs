using LlmGateway.Dialects;
using LlmGateway.Dialects.Tests;

namespace LlmGateway.Bedrock.Tests;

/// <summary>A documented request that is read and written again says the same.</summary>
public sealed class RequestRoundTripTests
{
    public static TheoryData<string> Requests => [.. Directory.GetFiles(Fixture.Folder("bedrock"), "*request.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_documented_request_comes_back_as_it_was(string name)
    {
        var text = Fixture.Text("bedrock", name);

        var request = Codec.ReadRequest(Bedrock.Dialect, text, Bedrock.Claude, stream: true);
        var (body, losses) = Codec.Request(Bedrock.Dialect, request);

        Assert.Empty(losses);
        Middle.AssertSameJson(text, body);
        Assert.Equal(Bedrock.Claude, request.Model);
        Assert.True(request.Stream);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void No_other_dialect_is_needed_to_say_it_twice(string name)
    {
        var first = Codec.ReadRequest(Bedrock.Dialect, Fixture.Text("bedrock", name), Bedrock.Claude);
        var second = Codec.ReadRequest(Bedrock.Dialect, Codec.Request(Bedrock.Dialect, first).Body, Bedrock.Claude);

        Middle.AssertSame(first, second);
    }

    [Fact]
    public void Everything_unknown_comes_back_where_it_stood()
    {
        const string Body = """
            {"messages":[{"role":"user","content":[{"text":"Hi"},{"hologram":{"x":1.0}},{"guardContent":{"text":{"text":"a","qualifiers":["query"]}}},
              {"searchResult":{"source":"s","title":"t","content":[{"text":"c"}]}},{"image":{"format":"tiff","source":{"bytes":"AAAA"}}},
              {"cachePoint":{"type":"newer"}}],"mood":"good"},
              {"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"f","input":{"n":1.50},"origin":"x"}},{"toolUse":{"toolUseId":"b","name":"nova_grounding","type":"server_tool_use","input":{}}}]},
              {"role":"user","content":[{"toolResult":{"toolUseId":"a","content":[{"json":{"k":1e2}},{"video":{"format":"mp4","source":{"bytes":"AAAA"}}}],"status":"late"}}]}],
             "system":[{"guardContent":{"text":{"text":"g"}}}],
             "inferenceConfig":{"maxTokens":5,"patience":3},
             "toolConfig":{"tools":[{"systemTool":{"name":"nova_grounding"}},{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}},"color":"red"}}],"toolChoice":{"some":{}},"speed":1},
             "guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"},
             "additionalModelRequestFields":{"anthropic_beta":["x"],"thinking":{"type":"new"}},
             "additionalModelResponseFieldPaths":["/stop_sequence"],"performanceConfig":{"latency":"optimized"},"promptVariables":{"a":{"text":"b"}},
             "serviceTier":{"type":"express"},"requestMetadata":{"k":1},"outputConfig":{"textFormat":{"type":"grammar"}},"later":0.10}
            """;

        var (body, losses) = Codec.Request(Bedrock.Dialect, Codec.ReadRequest(Bedrock.Dialect, Body, Bedrock.Claude));

        Assert.Empty(losses);
        Middle.AssertSameJson(Body, body);
        Assert.Contains("1.50", body, StringComparison.Ordinal);
        Assert.Contains("0.10", body, StringComparison.Ordinal);
        Assert.Contains("1e2", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("amazon.nova-2-lite-v1:0", """{"inferenceConfig":{"topK":20},"reasoningConfig":{"type":"enabled","maxReasoningEffort":"low"}}""", 20, "low")]
    [InlineData("openai.gpt-oss-120b-1:0", """{"reasoning_effort":"high"}""", null, "high")]
    [InlineData("cohere.command-r-v1:0", """{"k":7}""", 7, null)]
    [InlineData("mistral.mistral-large-2402-v1:0", """{"top_k":7}""", 7, null)]
    [InlineData("meta.llama3-1-70b-instruct-v1:0", """{"top_k":7,"thinking":{"type":"disabled"}}""", null, null)]
    public void Each_makers_own_fields_are_read_and_written(string model, string fields, int? topK, string? effort)
    {
        var text = $$"""{"messages":[{"role":"user","content":[{"text":"Hi"}]}],"additionalModelRequestFields":{{fields}}}""";

        var request = Codec.ReadRequest(Bedrock.Dialect, text, model);
        var (body, losses) = Codec.Request(Bedrock.Dialect, request);

        Assert.Equal(topK, request.TopK);
        Assert.Equal(effort, request.Reasoning?.Effort);
        Assert.Empty(losses);
        Middle.AssertSameJson(text, body);
    }

    [Fact]
    public void The_parts_are_read_as_the_middle_names_them()
    {
        var images = Codec.ReadRequest(Bedrock.Dialect, Fixture.Text("bedrock", "images.request.json"), Bedrock.Claude).Messages[0].Parts;
        var cached = Codec.ReadRequest(Bedrock.Dialect, Fixture.Text("bedrock", "cache.request.json"), Bedrock.Claude);
        var results = Codec.ReadRequest(Bedrock.Dialect, Fixture.Text("bedrock", "parallel_tools.next_request.json"), Bedrock.Claude);

        Assert.Equal("image/png", Assert.IsType<ImagePart>(images[1]).Source.MediaType);
        Assert.Equal("s3://amzn-s3-demo-bucket/myImage", Assert.IsType<ImagePart>(images[2]).Source.Url);
        Assert.Equal(("MyDocument", "application/pdf"), (((DocumentPart)images[3]).Name, ((DocumentPart)images[3]).Source.MediaType));
        Assert.Equal(("The beach was full.", true), (((DocumentPart)images[4]).Source.Text, ((DocumentPart)images[4]).Citations));
        Assert.IsType<VideoPart>(images[5]);
        Assert.Equal("audio/mpeg", Assert.IsType<AudioPart>(images[6]).Source.MediaType);
        Assert.Equal(new CacheMark("1h"), cached.Messages[0].Parts[0].Cache);
        Assert.Equal(new CacheMark(), cached.Messages[1].Parts[0].Cache);
        Assert.Equal(new CacheMark(), Assert.Single(cached.Tools).Cache);
        Assert.Equal(LlmRole.Tool, results.Messages[2].Role);
        Assert.Equal((false, true), (((ToolResultPart)results.Messages[2].Parts[0]).IsError, ((ToolResultPart)results.Messages[2].Parts[1]).IsError));
        Assert.Equal("""{"sign":"WZPZ"}""", ((ToolCallPart)results.Messages[1].Parts[0]).ArgumentsJson.Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]", "not a JSON object")]
    [InlineData("{", "not JSON")]
    [InlineData("{}", "messages")]
    [InlineData("""{"messages":{}}""", "messages")]
    [InlineData("""{"messages":[1]}""", "messages.0")]
    [InlineData("""{"messages":[{"content":[]}]}""", "messages.0.role")]
    [InlineData("""{"messages":[{"role":"tool","content":[]}]}""", "messages.0.role")]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}]}""", "messages.0.content")]
    [InlineData("""{"messages":[],"toolConfig":{"tools":[1]}}""", "toolConfig.tools")]
    [InlineData("""{"messages":[],"toolConfig":{"tools":[{"toolSpec":{}}]}}""", "toolConfig.tools")]
    public void A_body_that_is_no_request_is_refused_by_the_name_of_the_field(string body, string field)
    {
        var error = Assert.Throws<DialectException>(() => Codec.ReadRequest(Bedrock.Dialect, body, Bedrock.Claude));

        Assert.Equal(ProviderErrorKind.InvalidRequest, error.Kind);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }
}
