using LlmGateway.Dialects.OpenAI;

namespace LlmGateway.Dialects.Tests.OpenAI;

/// <summary>What the documented bytes of Chat Completions say in the middle, value by value.</summary>
public sealed class DocumentedTests
{
    private const string Name = "openai";

    private static OpenAIDialect Dialect => OpenAIDialect.Instance;

    [Fact]
    public void A_request_of_text_is_read()
    {
        var request = Request("text");

        Assert.Equal([LlmRole.Developer, LlmRole.System, LlmRole.User, LlmRole.Assistant, LlmRole.User], request.Messages.Select(message => message.Role));
        Assert.Equal(("ada", "What is up?"), (request.Messages[2].Name, request.Messages[4].Content));
        Assert.Equal((512, 0.7, 0.9, 0.5, -0.5, 42L), (request.MaxTokens, request.Temperature, request.TopP, request.FrequencyPenalty, request.PresencePenalty, request.Seed));
        Assert.Equal((true, 2, "flex", "u1", "a"), (request.LogProbs, request.TopLogProbs, request.ServiceTier, request.User, request.Metadata["team"]));
        Assert.Equal(["END", "###"], request.StopSequences);
        Assert.Equal(["logit_bias", "modalities", "n", "prediction", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "store", "verbosity", "web_search_options"], request.Extensions!.Members.Keys.Order());
    }

    [Fact]
    public void The_older_name_of_the_limit_and_a_single_stop_are_read()
    {
        var request = Codec.ReadRequest(Dialect, """{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":7,"stop":"END","temperature":null,"tools":null,"tool_choice":null,"response_format":{"type":"text"},"seed":null,"n":1}""");

        Assert.Equal((7, null, null, null), (request.MaxTokens, request.Temperature, request.ToolChoice, request.OutputSchema));
        Assert.Equal(["END"], request.StopSequences);
        Assert.Null(request.Extensions);
    }

    [Fact]
    public void Tools_and_what_is_to_be_chosen_are_read()
    {
        var named = Request("tools");
        var allowed = Request("allowed_tools");

        Assert.Equal((LlmToolChoice.Named("get_current_weather"), false, true), (named.ToolChoice, named.ParallelToolCalls, named.Stream));
        Assert.Equal(("get_current_weather", "Get the current weather in a given location", false), (named.Tools[0].Name, named.Tools[0].Description, named.Tools[0].Strict));
        Assert.Equal((LlmToolChoiceMode.Required, "get_weather"), (allowed.ToolChoice!.Mode, Assert.Single(allowed.ToolChoice.AllowedTools!)));
    }

    [Fact]
    public void Results_of_parallel_calls_are_one_message()
    {
        var messages = Request("parallel_tools.next").Messages;

        Assert.Equal([LlmRole.User, LlmRole.Assistant, LlmRole.Tool, LlmRole.User], messages.Select(message => message.Role));
        Assert.Equal("""{"location":"Bogotá, Colombia"}""", ((ToolCallPart)messages[1].Parts[1]).ArgumentsJson);
        Assert.Equal([("call_12345xyz", "14"), ("call_67890abc", "18")], messages[2].Parts.Cast<ToolResultPart>().Select(result => (result.CallId, result.Content)));
    }

    [Fact]
    public void Images_sounds_and_files_are_read()
    {
        var parts = Request("images").Messages[0].Parts;

        Assert.Equal(("https://upload.wikimedia.org/wikipedia/commons/boardwalk.jpg", "high"), (((ImagePart)parts[1]).Source.Url, ((ImagePart)parts[1]).Detail));
        Assert.Equal(("/9j/4AAQSkZJRg==", "image/jpeg"), (((ImagePart)parts[2]).Source.Base64, ((ImagePart)parts[2]).Source.MediaType));
        Assert.Equal(("UklGRg==", "audio/wav"), (((AudioPart)parts[3]).Source.Base64, ((AudioPart)parts[3]).Source.MediaType));
        Assert.Equal("file-6F2ksmvXxt4VdoqmHRw6kL", ((DocumentPart)parts[4]).Source.FileId);
        Assert.Equal(("draconomicon.pdf", "JVBERi0=", "application/pdf"), (((DocumentPart)parts[5]).Name, ((DocumentPart)parts[5]).Source.Base64, ((DocumentPart)parts[5]).Source.MediaType));
    }

    [Fact]
    public void Schemas_and_formats_are_read_and_one_without_a_schema_travels()
    {
        var schema = Request("schema").OutputSchema!;
        var named = Request("schema_name_only");

        Assert.Equal(("math_response", "The steps.", true), (schema.Name, schema.Description, schema.Strict));
        Assert.Equal("final_answer", schema.Schema.GetProperty("required")[1].GetString());
        Assert.True(Request("json_mode").JsonMode);
        Assert.Null(named.OutputSchema);
        Assert.Equal(["response_format"], named.Extensions!.Members.Keys);
    }

    [Fact]
    public void Thoughts_are_asked_for_and_kept()
    {
        var kept = Request("thinking.next").Messages[1].Parts;
        var signed = (ThinkingPart)Request("signed_thinking.next").Messages[1].Parts[0];

        Assert.Equal("medium", Request("thinking").Reasoning!.Effort);
        Assert.Equal(("I need the date first.", Name), (((ThinkingPart)kept[0]).Text, kept[0].Origin));
        Assert.Equal("call_00_a", ((ToolCallPart)kept[1]).Id);
        Assert.Equal("", signed.Text);
        Assert.Contains("gAAAAABpM4c8T...", signed.Extensions!.Members["reasoning_details"], StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_from_before_tools_are_read_as_tools()
    {
        var request = Codec.ReadRequest(Dialect, Fixture.Text(Name, "legacy_functions.body.json"));

        var call = (ToolCallPart)request.Messages[1].Parts[0];
        var result = (ToolResultPart)request.Messages[2].Parts[0];
        Assert.Equal(("get_current_weather", """{ "location": "Boston, MA"}"""), (call.Name, call.ArgumentsJson));
        Assert.Equal((call.Id, "get_current_weather", """{"temperature": "22"}"""), (result.CallId, result.Name, result.Content));
        Assert.Equal("get_current_weather", Assert.Single(request.Tools).Name);
        Assert.Equal(LlmToolChoice.Named("get_current_weather"), request.ToolChoice);
        Assert.Null(request.Extensions);
        var (body, losses) = Codec.Request(Dialect, request);
        Assert.Empty(losses);
        Assert.Contains("\"tool_call_id\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_from_before_tools_is_a_call()
    {
        foreach (var reply in (LlmReply[])[Reply("legacy_functions"), (await Stream("legacy_functions")).Reply])
        {
            var call = Assert.IsType<ToolCallPart>(Assert.Single(reply.Parts));
            Assert.Equal(("get_current_weather", """{ "location": "Boston, MA"}"""), (call.Name, call.ArgumentsJson));
            Assert.Equal((FinishReason.ToolCalls, "function_call"), (reply.FinishReason, reply.VendorFinishReason));
        }
    }

    [Fact]
    public async Task Text_is_read_with_its_counts_and_its_tier()
    {
        foreach (var reply in (LlmReply[])[Reply("text"), (await Stream("text")).Reply])
        {
            Assert.Equal(("Hello! How can I assist you today?", "chatcmpl-123", "gpt-4o-mini", "default"), (reply.Text, reply.Id, reply.Model, reply.ServiceTier));
            Assert.Equal((19, 10, 0), (reply.Usage!.InputTokens, reply.Usage.OutputTokens, reply.Usage.CacheReadTokens));
            Assert.Equal((FinishReason.Stop, "stop", DateTimeOffset.FromUnixTimeSeconds(1694268190)), (reply.FinishReason, reply.VendorFinishReason, reply.CreatedAt));
            Assert.Equal("\"fp_44709d6fcb\"", reply.Extensions!.Members["system_fingerprint"]);
            Assert.Empty(reply.Losses);
        }
    }

    [Fact]
    public async Task Calls_are_read_with_the_exact_text_of_their_arguments()
    {
        foreach (var reply in (LlmReply[])[Reply("tools"), (await Stream("tools")).Reply])
        {
            Assert.Equal(new ToolCallPart("call_abc123", "get_current_weather", "{\n\"location\": \"Boston, MA\"\n}"), Assert.Single(reply.Parts));
            Assert.Equal((FinishReason.ToolCalls, 82, 17), (reply.FinishReason, reply.Usage!.InputTokens, reply.Usage.OutputTokens));
        }
    }

    [Fact]
    public async Task Calls_whose_pieces_are_mixed_are_kept_apart()
    {
        var calls = (await Stream("parallel_tools")).Reply.Parts.Cast<ToolCallPart>();

        Assert.Equal(
            [("call_12345xyz", "get_weather", """{"location":"Paris, France"}"""), ("call_67890abc", "get_weather", """{"location":"Bogotá, Colombia"}"""), ("call_99999def", "get_time", "{}")],
            calls.Select(call => (call.Id, call.Name, call.ArgumentsJson)));
    }

    [Fact]
    public async Task Thoughts_are_read_shown_or_signed()
    {
        foreach (var reply in (LlmReply[])[Reply("thinking"), (await Stream("thinking")).Reply])
        {
            Assert.Equal(("Compare 9.11 and 9.8: .8 is more than .11.", "9.8 is greater.", 30), (((ThinkingPart)reply.Parts[0]).Text, reply.Text, reply.Usage!.ReasoningTokens));
        }

        foreach (var reply in (LlmReply[])[Reply("signed_thinking"), (await Stream("signed_thinking")).Reply])
        {
            Assert.Contains("reasoning.encrypted", ((ThinkingPart)reply.Parts[0]).Extensions!.Members["reasoning_details"], StringComparison.Ordinal);
            Assert.Equal(("Done.", 7), (reply.Text, reply.Usage!.ReasoningTokens));
        }
    }

    [Fact]
    public async Task Cached_tokens_are_part_of_the_input()
    {
        foreach (var usage in (TokenUsage[])[Reply("cache_usage").Usage!, (await Stream("cache_usage")).Reply.Usage!])
        {
            Assert.Equal((2006, 1920, 300, 64, 6), (usage.InputTokens, usage.CacheReadTokens, usage.OutputTokens, usage.ReasoningTokens, usage.AudioInputTokens));
        }
    }

    [Fact]
    public async Task A_refusal_is_a_part_of_its_own()
    {
        foreach (var reply in (LlmReply[])[Reply("refusal"), (await Stream("refusal")).Reply])
        {
            Assert.Equal("I'm sorry, I cannot assist with that request.", Assert.IsType<RefusalPart>(Assert.Single(reply.Parts)).Text);
            Assert.Equal((FinishReason.Refusal, "stop", ""), (reply.FinishReason, reply.VendorFinishReason, reply.Text));
        }
    }

    [Fact]
    public void Filters_citations_logprobs_and_custom_calls_are_read()
    {
        var logProbs = Reply("logprobs");
        var citation = Assert.Single(((TextPart)Reply("citations").Parts[0]).Citations);

        Assert.Equal((FinishReason.ContentFilter, "Once"), (Reply("filter").FinishReason, Reply("filter").Text));
        Assert.Equal((FinishReason.Length, "Hello", -0.31725305), (logProbs.FinishReason, logProbs.LogProbs[0].Token, logProbs.LogProbs[0].LogProb));
        Assert.Equal(new byte[] { 72, 105 }, logProbs.LogProbs[0].Top[1].Bytes);
        Assert.Null(logProbs.LogProbs[1].Bytes);
        Assert.Equal(("https://...", "Page title...", 764, 985), (citation.Url, citation.Title, citation.StartIndex, citation.EndIndex));
        Assert.Contains("hello world", Assert.IsType<RawPart>(Assert.Single(Reply("custom_tool").Parts)).Json, StringComparison.Ordinal);
        Assert.Equal(FinishReason.ToolCalls, Reply("custom_tool").FinishReason);
    }

    [Fact]
    public async Task Further_choices_are_a_reported_loss()
    {
        var reply = Codec.ReadReply(Dialect, """{"choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"b"},"finish_reason":"stop"}]}""");
        var read = await Codec.ReadStream(Dialect, """
            data: {"choices":[{"index":1,"delta":{"content":"b"}}]}

            data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}

            data: [DONE]


            """);

        Assert.Equal(("a", 1), (reply.Text, reply.Losses.Count));
        Assert.Equal(("a", 1), (read.Reply.Text, read.Reply.Losses.Count));
    }

    [Fact]
    public async Task A_stream_that_breaks_is_not_whole()
    {
        var cut = await Stream("truncated");
        var failed = await Stream("error_in_stream");

        Assert.Equal((false, "Hello", null), (cut.IsComplete, cut.Reply.Text, cut.Error));
        Assert.Equal((false, "Hello", ProviderErrorKind.ServerError, "Provider disconnected unexpectedly"), (failed.IsComplete, failed.Reply.Text, failed.Error!.Kind, failed.Error.VendorError!.Message));
    }

    [Theory]
    [InlineData(429, "rate_limit", ProviderErrorKind.RateLimited)]
    [InlineData(429, "quota", ProviderErrorKind.Billing)]
    [InlineData(401, "auth", ProviderErrorKind.Authentication)]
    [InlineData(503, "overloaded", ProviderErrorKind.Overloaded)]
    [InlineData(400, "context_length", ProviderErrorKind.ContextLength)]
    [InlineData(400, "invalid", ProviderErrorKind.InvalidRequest)]
    [InlineData(404, "not_found", ProviderErrorKind.NotFound)]
    public void A_documented_error_is_of_its_kind(int status, string name, ProviderErrorKind kind)
    {
        var error = Dialect.DecodeError(status, Fixture.Bytes(Name, $"error_{name}.json"));

        Assert.Equal(kind, error.Kind);
        Assert.False(string.IsNullOrEmpty(error.Message));
    }

    private static LlmRequest Request(string name) => Codec.ReadRequest(Dialect, Fixture.Text(Name, name.Contains('.', StringComparison.Ordinal) ? $"{name}_request.json" : $"{name}.request.json"));

    private static LlmReply Reply(string name) => Codec.ReadReply(Dialect, Fixture.Text(Name, $"{name}.reply.json"));

    private static Task<StreamRead> Stream(string name) => Codec.ReadStream(Dialect, Fixture.Bytes(Name, $"{name}.stream.txt"));
}
