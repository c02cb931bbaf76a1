using LlmGateway.Dialects.OpenAIResponses;

namespace LlmGateway.Dialects.Tests.OpenAIResponses;

/// <summary>What the documented bytes of Responses say in the middle, value by value.</summary>
public sealed class DocumentedTests
{
    private const string Name = "openai_responses";

    private static ResponsesDialect Dialect => ResponsesDialect.Instance;

    [Fact]
    public void A_request_of_text_is_read()
    {
        var request = Request("text");

        Assert.Equal(
            [(LlmRole.System, "You are a helpful assistant."), (LlmRole.Developer, "Talk like a pirate."), (LlmRole.User, "knock knock."), (LlmRole.Assistant, "Who's there?"), (LlmRole.User, "Orange you glad?")],
            request.Messages.Select(message => (message.Role, message.Content)));
        Assert.Equal((512, 0.7, 0.9, true, 2), (request.MaxTokens, request.Temperature, request.TopP, request.LogProbs, request.TopLogProbs));
        Assert.Equal(("flex", "a", "u1", true), (request.ServiceTier, request.Metadata["team"], request.User, request.Stream));
        Assert.Equal("\"final_answer\"", request.Messages[3].Parts[0].Extensions!.Members["message.phase"]);
        Assert.Equal(
            ["background", "conversation", "include", "max_tool_calls", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "store", "stream_options", "text", "truncation"],
            request.Extensions!.Members.Keys.Order());
    }

    [Fact]
    public void A_string_is_a_message_of_the_users()
    {
        var request = Request("string_input");

        Assert.Equal((LlmRole.User, "Tell me a three sentence bedtime story about a unicorn."), (Assert.Single(request.Messages).Role, request.Messages[0].Content));
        Assert.Equal("\"resp_123\"", request.Extensions!.Members["previous_response_id"]);
    }

    [Fact]
    public void Tools_and_what_is_to_be_chosen_are_read()
    {
        var request = Request("tools");
        var allowed = Request("allowed_tools");
        var hosted = Request("hosted_choice");
        var custom = Request("custom_tool");

        Assert.Equal([("get_current_weather", true), ("get_time", false), ("web_search", null), ("mcp", (bool?)null)], request.Tools.Select(tool => (tool.Name, tool.Strict)));
        Assert.Equal("location", request.Tools[0].Parameters.GetProperty("required")[0].GetString());
        Assert.Equal("true", request.Tools[1].Extensions!.Members["defer_loading"]);
        Assert.Equal((LlmToolChoice.Named("get_current_weather"), false), (request.ToolChoice, request.ParallelToolCalls));
        Assert.DoesNotContain("tool_choice", request.Extensions!.Members.Keys);
        Assert.Equal((LlmToolChoiceMode.Auto, "get_weather"), (allowed.ToolChoice!.Mode, Assert.Single(allowed.ToolChoice.AllowedTools!)));
        Assert.Contains("image_generation", allowed.Extensions!.Members["tool_choice"], StringComparison.Ordinal);
        Assert.Null(hosted.ToolChoice);
        Assert.Equal("""{"type": "web_search"}""", hosted.Extensions!.Members["tool_choice"]);
        Assert.Equal(LlmToolChoice.Named("code_exec"), custom.ToolChoice);
        Assert.Contains("\"custom\"", custom.Extensions!.Members["tool_choice"], StringComparison.Ordinal);
    }

    [Fact]
    public void Results_of_parallel_calls_are_one_message()
    {
        var messages = Request("parallel_tools.next").Messages;

        var results = messages[2].Parts.Cast<ToolResultPart>().ToList();
        Assert.Equal([LlmRole.User, LlmRole.Assistant, LlmRole.Tool, LlmRole.User], messages.Select(message => message.Role));
        Assert.Equal(["""{"location":"Paris, France"}""", """{"location": "Bogotá, Colombia", "precise": 1.50}"""], messages[1].Parts.Cast<ToolCallPart>().Select(call => call.ArgumentsJson));
        Assert.Equal([("call_12345xyz", "14"), ("call_67890abc", "18")], results.Select(result => (result.CallId, result.Content)));
        Assert.Equal(("iVBORw0KGgo=", "image/png"), (((ImagePart)results[1].Parts[1]).Source.Base64, ((ImagePart)results[1].Parts[1]).Source.MediaType));
    }

    [Fact]
    public void Calls_of_custom_tools_are_the_models_and_their_results_are_not()
    {
        var request = Request("custom_tool");

        Assert.Equal([LlmRole.User, LlmRole.Assistant, LlmRole.Tool], request.Messages.Select(message => message.Role));
        Assert.Contains("custom_tool_call_output", ((RawPart)request.Messages[2].Parts[0]).Json, StringComparison.Ordinal);
        Assert.Equal("ok", ((ToolResultPart)request.Messages[2].Parts[1]).Content);

        // The conversation does not end with a message of the assistant's.
        var (body, _) = Codec.Request(Dialect, request, WirePeer.Any with { Model = WirePeer.Any.Model with { Prefill = false } });
        Assert.Contains("custom_tool_call_output", body, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_and_files_are_read()
    {
        var parts = Request("images").Messages[0].Parts;

        Assert.Equal(("https://upload.wikimedia.org/wikipedia/commons/boardwalk.jpg", "high"), (((ImagePart)parts[1]).Source.Url, ((ImagePart)parts[1]).Detail));
        Assert.Equal(("/9j/4AAQSkZJRg==", "image/jpeg"), (((ImagePart)parts[2]).Source.Base64, ((ImagePart)parts[2]).Source.MediaType));
        Assert.Equal("file-abc", ((ImagePart)parts[3]).Source.FileId);
        Assert.Equal("file-6F2ksmvXxt4VdoqmHRw6kL", ((DocumentPart)parts[4]).Source.FileId);
        Assert.Equal("https://www.berkshirehathaway.com/letters/2024ltr.pdf", ((DocumentPart)parts[5]).Source.Url);
        Assert.Equal(("draconomicon.pdf", "JVBERi0=", "application/pdf"), (((DocumentPart)parts[6]).Name, ((DocumentPart)parts[6]).Source.Base64, ((DocumentPart)parts[6]).Source.MediaType));
    }

    [Fact]
    public void Reasoning_is_asked_for_and_kept_byte_for_byte()
    {
        var asked = Request("thinking");
        var parts = Request("thinking.next").Messages[1].Parts;

        Assert.Equal(("medium", "auto"), (asked.Reasoning!.Effort, asked.Reasoning.Summary));
        Assert.Equal("""{"generate_summary":"detailed"}""", asked.Extensions!.Members["reasoning"]);
        var thought = (ThinkingPart)parts[0];
        Assert.Equal(("I need the tool.\n\nParis, in France.", "gAAAAABoISQ24OyVRYbkYfukdJoqdzWT-3uiErKInHDC-lgAaXeky2N77j7aibc2olHISjX5...", Name), (thought.Text, thought.EncryptedContent, thought.Origin));
        Assert.Equal(["id", "summary"], thought.Extensions!.Members.Keys.Order());
        Assert.Equal(new ToolCallPart("call_lQ8BnZBTsBPBpHMdFIOXZ3Zj", "get_weather", """{"location": "Paris"}"""), parts[1]);
    }

    [Fact]
    public void Schemas_and_formats_are_read()
    {
        var request = Request("schema");

        Assert.Equal(("math_response", "The steps.", true), (request.OutputSchema!.Name, request.OutputSchema.Description, request.OutputSchema.Strict));
        Assert.Equal("final_answer", request.OutputSchema.Schema.GetProperty("required")[1].GetString());
        Assert.Equal("""{"verbosity":"high"}""", request.Extensions!.Members["text"]);
        Assert.True(Request("json_mode").JsonMode);
    }

    [Fact]
    public void What_the_vendor_searched_comes_back_as_it_was()
    {
        var parts = Request("web_search.next").Messages[1].Parts;

        Assert.Contains("positive news", Assert.IsType<RawPart>(parts[0]).Json, StringComparison.Ordinal);
        Assert.Equal(("Title...", 26, 33), (((TextPart)parts[1]).Citations[0].Title, ((TextPart)parts[1]).Citations[0].StartIndex, ((TextPart)parts[1]).Citations[0].EndIndex));
    }

    [Fact]
    public async Task Text_is_read_with_its_counts_and_its_tier()
    {
        foreach (var reply in await Both("text"))
        {
            Assert.Equal(("Hi there! How can I assist you today?", "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b", "gpt-5.4", "default"), (reply.Text, reply.Id, reply.Model, reply.ServiceTier));
            Assert.Equal((37, 11, 0), (reply.Usage!.InputTokens, reply.Usage.OutputTokens, reply.Usage.CacheReadTokens));
            Assert.Equal((FinishReason.Stop, "completed", DateTimeOffset.FromUnixTimeSeconds(1741476542)), (reply.FinishReason, reply.VendorFinishReason, reply.CreatedAt));
            Assert.Equal(["billing", "completed_at"], reply.Extensions!.Members.Keys.Order());
            Assert.Empty(reply.Losses);
        }
    }

    [Fact]
    public async Task Phases_of_the_answer_are_kept_with_each_text()
    {
        foreach (var reply in await Both("phases"))
        {
            Assert.Equal(
                [("I will look.", "\"commentary\""), ("Found.", "\"final_answer\""), (" Twice.", "\"final_answer\"")],
                reply.Parts.Cast<TextPart>().Select(text => (text.Text, text.Extensions!.Members["message.phase"])));
        }
    }

    [Fact]
    public async Task Calls_are_read_with_the_exact_text_of_their_arguments()
    {
        foreach (var reply in await Both("tools"))
        {
            Assert.Equal(new ToolCallPart("call_unLAR8MvFNptuiZK6K6HCy5k", "get_current_weather", """{"location": "Boston, MA", "days": 1.50}"""), Assert.Single(reply.Parts));
            Assert.Equal((FinishReason.ToolCalls, "completed", 291, 23), (reply.FinishReason, reply.VendorFinishReason, reply.Usage!.InputTokens, reply.Usage.OutputTokens));
        }
    }

    [Fact]
    public async Task Calls_whose_pieces_are_mixed_are_kept_apart()
    {
        foreach (var reply in await Both("parallel_tools"))
        {
            Assert.Equal(
                [("call_12345xyz", "get_weather", """{"location":"Paris, France"}"""), ("call_67890abc", "get_weather", """{"location":"Bogotá, Colombia"}"""), ("call_99999def", "get_time", "{}")],
                reply.Parts.Cast<ToolCallPart>().Select(call => (call.Id, call.Name, call.ArgumentsJson)));
        }
    }

    [Fact]
    public async Task Reasoning_is_read_with_its_summaries_and_what_is_encrypted()
    {
        foreach (var reply in await Both("thinking"))
        {
            var thought = (ThinkingPart)reply.Parts[0];
            Assert.Equal("**Comparing**\n\n.8 is more than .11.\n\n**Answering**\n\nSo 9.8.", thought.Text);
            Assert.Equal(("gAAAAABoISQ24OyVRYbkYfukdJoqdzWT-3uiErKInHDC-lgAaXeky2N77j7aibc2olHISjX5...", Name), (thought.EncryptedContent, thought.Origin));
            Assert.Equal("\"rs_6820f383d7c08191846711c5df8233bc0ac5ba57aafcbac7\"", thought.Extensions!.Members["id"]);
            Assert.Equal(("9.8 is greater.", 15, 40, 30), (reply.Text, reply.Usage!.InputTokens, reply.Usage.OutputTokens, reply.Usage.ReasoningTokens));
        }

        foreach (var reply in await Both("hidden_thinking"))
        {
            Assert.Equal(("", FinishReason.ToolCalls), (((ThinkingPart)reply.Parts[0]).Text, reply.FinishReason));
            Assert.NotNull(((ThinkingPart)reply.Parts[0]).EncryptedContent);
            Assert.Equal("call_unLAR8MvFNptuiZK6K6HCy5k", ((ToolCallPart)reply.Parts[1]).Id);
        }

        foreach (var reply in await Both("reasoning_text"))
        {
            Assert.Equal(("We need to add.\n\nThen check.", "4"), (((ThinkingPart)reply.Parts[0]).Text, reply.Text));
            Assert.Contains("reasoning_text", reply.Parts[0].Extensions!.Members["content"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Cached_tokens_are_part_of_the_input()
    {
        foreach (var reply in await Both("cache_usage"))
        {
            Assert.Equal((2006, 1920, 300, 64), (reply.Usage!.InputTokens, reply.Usage.CacheReadTokens, reply.Usage.OutputTokens, reply.Usage.ReasoningTokens));
        }
    }

    [Fact]
    public async Task Searches_and_what_they_found_are_read()
    {
        foreach (var reply in await Both("web_search"))
        {
            Assert.Contains("positive news", Assert.IsType<RawPart>(reply.Parts[0]).Json, StringComparison.Ordinal);
            Assert.Equal(
                [("https://...", "Title...", 26, 33), (null, "deep_research_blog.pdf", null, (int?)null)],
                ((TextPart)reply.Parts[1]).Citations.Select(citation => (citation.Url, citation.Title, citation.StartIndex, citation.EndIndex)));
            Assert.Equal((FinishReason.Stop, new BilledFee("web_search", 1)), (reply.FinishReason, Assert.Single(reply.Billing.Fees)));
        }
    }

    [Fact]
    public async Task A_call_of_a_custom_tool_waits_for_its_result()
    {
        foreach (var reply in await Both("custom_tool"))
        {
            Assert.Contains("hello world", Assert.IsType<RawPart>(reply.Parts[1]).Json, StringComparison.Ordinal);
            Assert.Equal((FinishReason.ToolCalls, "completed"), (reply.FinishReason, reply.VendorFinishReason));
        }
    }

    [Fact]
    public async Task A_refusal_is_a_part_of_its_own()
    {
        foreach (var reply in await Both("refusal"))
        {
            Assert.Equal("I'm sorry, I cannot assist with that request.", Assert.IsType<RefusalPart>(Assert.Single(reply.Parts)).Text);
            Assert.Equal((FinishReason.Refusal, "completed", ""), (reply.FinishReason, reply.VendorFinishReason, reply.Text));
            Assert.Null(reply.Extensions);
        }
    }

    [Theory]
    [InlineData("length", FinishReason.Length, "max_output_tokens")]
    [InlineData("filter", FinishReason.ContentFilter, "content_filter")]
    public async Task An_incomplete_answer_says_why(string name, FinishReason reason, string word)
    {
        var read = await Stream(name);

        Assert.True(read.IsComplete);
        foreach (var reply in (LlmReply[])[Reply(name), read.Reply])
        {
            Assert.Equal((reason, word, "Once upon"), (reply.FinishReason, reply.VendorFinishReason, reply.Text));
        }
    }

    [Fact]
    public async Task Log_probabilities_are_read()
    {
        foreach (var reply in await Both("logprobs"))
        {
            Assert.Equal([("Hel", -0.31725305, 2), ("lo", -0.02, 0)], reply.LogProbs.Select(token => (token.Token, token.LogProb, token.Top.Count)));
            Assert.Equal(new byte[] { 72, 105 }, reply.LogProbs[0].Top[1].Bytes);
        }
    }

    [Fact]
    public async Task Annotations_items_and_events_that_come_otherwise_are_read_too()
    {
        var late = await Codec.ReadStream(Dialect, """
            data: {"type":"response.created","response":{"id":"r","status":"in_progress","output":[]}}

            data: {"type":"response.something_new","output_index":0,"delta":{}}

            data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hi"}

            data: {"type":"response.output_item.done","output_index":0,"item":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[{"type":"url_citation","url":"https://a"}]},{"type":"output_audio","data":"AAAA"}]}}

            data: {"type":"response.completed","response":{"id":"r","status":"completed"}}


            """);
        var last = await Codec.ReadStream(Dialect, """
            data: {"type":"response.created","response":{"id":"r","status":"in_progress","output":[]}}

            data: {"type":"response.completed","response":{"id":"r","status":"completed","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}]}}


            """);

        Assert.Equal((0, "Hi", "https://a"), (late.Reply.SkippedEvents, late.Reply.Text, Assert.Single(((TextPart)late.Reply.Parts[0]).Citations).Url));
        Middle.AssertSameJson("""{"type":"message","role":"assistant","content":[{"type":"output_audio","data":"AAAA"}]}""", ((RawPart)late.Reply.Parts[1]).Json);
        Assert.Equal((true, "Hi"), (last.IsComplete, last.Reply.Text));
    }

    [Fact]
    public async Task A_stream_that_breaks_is_not_whole()
    {
        var cut = await Stream("truncated");
        var error = await Stream("error_in_stream");
        var failed = await Stream("failed");

        Assert.Equal((false, "Hi there!", null), (cut.IsComplete, cut.Reply.Text, cut.Error));
        Assert.Equal((false, "Hi there!", ProviderErrorKind.RateLimited), (error.IsComplete, error.Reply.Text, error.Error!.Kind));
        Assert.Equal(("rate_limit_exceeded", "Rate limit reached for gpt-5.4."), (error.Error.VendorError!.Code, error.Error.VendorError.Message));
        Assert.Equal((false, "Hi there!", ProviderErrorKind.ServerError, "The model failed to generate a response."), (failed.IsComplete, failed.Reply.Text, failed.Error!.Kind, failed.Error.VendorError!.Message));
        Assert.Equal((37, 4), (failed.Reply.Usage!.InputTokens, failed.Reply.Usage.OutputTokens));
    }

    [Fact]
    public void A_reply_that_failed_is_its_error()
    {
        var error = Assert.Throws<DialectException>(() => Codec.ReadReply(Dialect, Fixture.Text(Name, "failed.body.json")));

        Assert.Equal((ProviderErrorKind.InvalidRequest, "invalid_prompt"), (error.Kind, error.VendorError!.Code));
    }

    [Theory]
    [InlineData(401, "auth", ProviderErrorKind.Authentication)]
    [InlineData(400, "context_length", ProviderErrorKind.ContextLength)]
    [InlineData(400, "invalid", ProviderErrorKind.InvalidRequest)]
    [InlineData(400, "not_found", ProviderErrorKind.NotFound)]
    [InlineData(503, "overloaded", ProviderErrorKind.Overloaded)]
    [InlineData(500, "internal", ProviderErrorKind.ServerError)]
    [InlineData(429, "quota", ProviderErrorKind.Billing)]
    [InlineData(429, "rate_limit", ProviderErrorKind.RateLimited)]
    public void A_documented_error_is_of_its_kind(int status, string name, ProviderErrorKind kind)
    {
        var error = Dialect.DecodeError(status, Fixture.Bytes(Name, $"error_{name}.json"));

        Assert.Equal(kind, error.Kind);
        Assert.False(string.IsNullOrEmpty(error.Message));
    }

    private static LlmRequest Request(string name) => Codec.ReadRequest(Dialect, Fixture.Text(Name, name.Contains('.', StringComparison.Ordinal) ? $"{name}_request.json" : $"{name}.request.json"));

    private static LlmReply Reply(string name) => Codec.ReadReply(Dialect, Fixture.Text(Name, $"{name}.reply.json"));

    private static Task<StreamRead> Stream(string name) => Codec.ReadStream(Dialect, Fixture.Bytes(Name, $"{name}.stream.txt"));

    private static async Task<LlmReply[]> Both(string name) => [Reply(name), (await Stream(name)).Reply];
}
