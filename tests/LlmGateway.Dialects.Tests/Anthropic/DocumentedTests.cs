using LlmGateway.Dialects.Anthropic;

namespace LlmGateway.Dialects.Tests.Anthropic;

/// <summary>What Anthropic's documented bytes say in the middle, value by value.</summary>
public sealed class DocumentedTests
{
    private const string Name = "anthropic";
    private const string Signature = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds...";
    private const string Redacted = "EmwKAhgBEgy3va3pzix/LafPsn4aDFIT2Xlxh0L5L8rLVyIwxtE3rAFBa8cr3qpPkNRj2YfWXGmKDxH4mPnZ5sQ7vB9URj2pLmN3kF8/dW5hR7xJ0aP1oLs9yTcMnKVf2wRpEGjH9XZaBt4UvDcPrQ...";

    private static AnthropicDialect Dialect => AnthropicDialect.Instance;

    [Fact]
    public void A_request_of_text_is_read()
    {
        var request = Request("text");

        Assert.Equal(("claude-opus-5-5", 1024, 1.0, 5, "auto"), (request.Model, request.MaxTokens, request.Temperature, request.TopK, request.ServiceTier));
        Assert.Equal("13803d75-b4b5-4c3e-b2a2-6f21399b021b", request.User);
        Assert.Equal(["###"], request.StopSequences);
        Assert.Equal([LlmRole.System, LlmRole.User, LlmRole.Assistant, LlmRole.User], request.Messages.Select(message => message.Role));
        Assert.Equal(("You are a helpful assistant.", "Can you explain LLMs in plain English?"), (request.Messages[0].Content, request.Messages[3].Content));
        Assert.Null(request.Extensions);
    }

    [Fact]
    public void Tools_of_the_callers_and_of_the_vendors_are_read()
    {
        var request = Request("tools");

        Assert.True(request.Stream);
        Assert.Equal((LlmToolChoiceMode.Required, false), (request.ToolChoice!.Mode, request.ParallelToolCalls));
        var (own, search) = (request.Tools[0], request.Tools[1]);
        Assert.Equal(("get_weather", "Get the current weather in a given location", true, new CacheMark()), (own.Name, own.Description, own.Strict, own.Cache));
        Assert.Equal("location", own.Parameters.GetProperty("required")[0].GetString());
        Assert.Equal("true", own.Extensions!.Members["eager_input_streaming"]);
        Assert.Equal(("web_search", Name), (search.Name, search.Raw!.Dialect));
    }

    [Fact]
    public void Results_of_parallel_calls_are_read_with_their_images_and_errors()
    {
        var messages = Request("parallel_tools.next").Messages;

        var calls = messages[1].Parts.OfType<ToolCallPart>().ToList();
        Assert.Equal([("toolu_01A09q90qw90lq917835lq9", "get_weather", """{"location": "San Francisco, CA"}"""), ("toolu_01B", "get_time", "{}")], calls.Select(call => (call.Id, call.Name, call.ArgumentsJson)));
        Assert.Equal(LlmRole.User, messages[2].Role);
        var results = messages[2].Parts.OfType<ToolResultPart>().ToList();
        Assert.Equal(("15 degrees", false, true), (results[0].Content, results[0].IsError, results[1].IsError));
        Assert.Equal(("image/jpeg", "/9j/4AAQSkZJRg=="), (((ImagePart)results[0].Parts[1]).Source.MediaType, ((ImagePart)results[0].Parts[1]).Source.Base64));
        Assert.Equal(new CacheMark("1h"), messages[2].Parts[2].Cache);
    }

    [Fact]
    public void Images_documents_and_parts_without_a_name_are_read()
    {
        var parts = Request("images").Messages[0].Parts;

        Assert.Equal("/9j/4AAQSkZJRg==", ((ImagePart)parts[0]).Source.Base64);
        Assert.Equal("https://upload.wikimedia.org/wikipedia/commons/a/a7/Camponotus_flavomarginatus_ant.jpg", ((ImagePart)parts[1]).Source.Url);
        Assert.Equal("file_abc123", ((ImagePart)parts[2]).Source.FileId);
        Assert.Equal("application/pdf", ((DocumentPart)parts[3]).Source.MediaType);
        var plain = (DocumentPart)parts[4];
        Assert.Equal(("The grass is green. The sky is blue.", "My Document", "This is a trustworthy document.", true), (plain.Source.Text, plain.Name, plain.Context, plain.Citations));
        Assert.All([parts[5], parts[6]], part => Assert.IsType<RawPart>(part));
    }

    [Fact]
    public void Thinking_is_asked_for_by_effort_or_budget()
    {
        var adaptive = Request("thinking").Reasoning!;
        var budget = Request("thinking_budget");

        Assert.Equal((true, "medium", null, "auto"), (adaptive.Enabled, adaptive.Effort, adaptive.BudgetTokens, adaptive.Summary));
        Assert.Equal((true, "high", 10000), (budget.Reasoning!.Enabled, budget.Reasoning.Effort, budget.Reasoning.BudgetTokens));
        Assert.Equal("u", budget.User);
        Assert.Equal(["container", "metadata", "output_config"], budget.Extensions!.Members.Keys.Order());
    }

    [Fact]
    public void An_object_that_says_more_than_the_middle_knows_is_written_once()
    {
        var (body, _) = Codec.Request(Dialect, Request("thinking_budget"));

        Assert.Equal(body.IndexOf("\"output_config\"", StringComparison.Ordinal), body.LastIndexOf("\"output_config\"", StringComparison.Ordinal));
        Assert.Equal(body.IndexOf("\"metadata\"", StringComparison.Ordinal), body.LastIndexOf("\"metadata\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Thoughts_of_the_turn_before_are_kept_byte_for_byte()
    {
        var parts = Request("thinking.next").Messages[1].Parts;

        Assert.Equal(("", "EosnCkYICxIMMb3LzNrMu...", Name), (((ThinkingPart)parts[0]).Text, parts[0].Signature, parts[0].Origin));
        Assert.Equal(("EmwKAhgBEgy3va3pzix/LafPsn4a", Name), (((ThinkingPart)parts[1]).EncryptedContent, parts[1].Origin));
        Assert.Equal("""{"location": "Paris", "precise": 1.50}""", ((ToolCallPart)parts[2]).ArgumentsJson);
        Assert.Contains("1.50", Codec.Request(Dialect, Request("thinking.next")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_and_marks_of_the_cache_are_read()
    {
        var cached = Request("cache");

        Assert.Equal("boolean", Request("schema").OutputSchema!.Schema.GetProperty("properties").GetProperty("demo_requested").GetProperty("type").GetString());
        Assert.Equal([null, new CacheMark()], cached.Messages[0].Parts.Select(part => part.Cache));
        Assert.Equal(new CacheMark("1h"), cached.Messages[1].Parts[0].Cache);
        Assert.Equal(["cache_control"], cached.Extensions!.Members.Keys);
    }

    [Fact]
    public void A_reply_of_text_is_read()
    {
        var reply = Reply("text");

        Assert.Equal(("Hello!", "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY", "claude-opus-5-5"), (reply.Text, reply.Id, reply.Model));
        Assert.Equal((FinishReason.Stop, "end_turn"), (reply.FinishReason, reply.VendorFinishReason));
        Assert.Equal((25, 15), (reply.Usage!.InputTokens, reply.Usage.OutputTokens));
        Assert.Empty(reply.Losses);
    }

    [Fact]
    public async Task Calls_are_read_with_the_arguments_that_the_pieces_make()
    {
        var one = (await Stream("tools")).Reply;
        var two = (await Stream("parallel_tools")).Reply;

        Assert.Equal(new ToolCallPart("toolu_01T1x1fJ34qAmk2tNTrN7Up6", "get_weather", """{"location": "San Francisco, CA"}"""), one.Parts[1]);
        Assert.Equal(("Okay, let's check the weather for San Francisco, CA:", FinishReason.ToolCalls, "tool_use"), (one.Text, one.FinishReason, one.VendorFinishReason));
        Assert.Equal((472, 89), (one.Usage!.InputTokens, one.Usage.OutputTokens));
        Assert.Equal(["""{"location": "San Francisco, CA"}""", "{}"], two.Parts.OfType<ToolCallPart>().Select(call => call.ArgumentsJson));
    }

    [Fact]
    public async Task Thoughts_are_read_with_their_signatures()
    {
        foreach (var reply in (LlmReply[])[Reply("thinking"), (await Stream("thinking")).Reply])
        {
            var thought = (ThinkingPart)reply.Parts[0];
            Assert.StartsWith("I need to find the GCD of 1071 and 462 using the Euclidean algorithm.\n\n1071 = 2 × 462 + 147\n462", thought.Text, StringComparison.Ordinal);
            Assert.Equal((Signature, Name, null), (thought.Signature, thought.Origin, thought.EncryptedContent));
            Assert.Equal((Redacted, Name, null), (((ThinkingPart)reply.Parts[1]).EncryptedContent, reply.Parts[1].Origin, reply.Parts[1].Signature));
            Assert.Equal("The greatest common divisor of 1071 and 462 is **21**.", reply.Text);
            Assert.Equal((40, 210, 180), (reply.Usage!.InputTokens, reply.Usage.OutputTokens, reply.Usage.ReasoningTokens));
        }
    }

    [Fact]
    public async Task A_thought_that_is_not_shown_keeps_its_signature_and_a_stream_without_counts_is_whole()
    {
        var read = await Stream("thinking_omitted");

        Assert.True(read.IsComplete);
        Assert.Equal(0, read.Reply.SkippedEvents);
        Assert.Equal(("", "EosnCkYICxIMMb3LzNrMu..."), (((ThinkingPart)read.Reply.Parts[0]).Text, read.Reply.Parts[0].Signature));
        Assert.Null(read.Reply.Usage);
    }

    [Fact]
    public async Task Input_counts_what_was_read_from_and_written_to_the_cache()
    {
        foreach (var reply in (LlmReply[])[Reply("cache_usage"), (await Stream("cache_usage")).Reply])
        {
            var usage = reply.Usage!;
            Assert.Equal((2048 + 1800 + 248, 1800, 248, 100, 503), (usage.InputTokens, usage.CacheReadTokens, usage.CacheWriteTokens, usage.CacheWrite1hTokens, usage.OutputTokens));
            Assert.Equal("standard", reply.ServiceTier);
        }
    }

    [Fact]
    public async Task A_refusal_is_a_finish_reason_with_its_details()
    {
        foreach (var reply in (LlmReply[])[Reply("refusal"), (await Stream("refusal")).Reply])
        {
            Assert.Equal((FinishReason.Refusal, "refusal", "I would be happy to assist you. You can "), (reply.FinishReason, reply.VendorFinishReason, reply.Text));
            Assert.Contains("cyber", reply.Extensions!.Members["stop_details"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Citations_and_tools_of_the_vendors_are_read_and_the_later_count_of_the_input_is_right()
    {
        foreach (var reply in (LlmReply[])[Reply("citations"), (await Stream("citations")).Reply])
        {
            Assert.Equal([typeof(TextPart), typeof(RawPart), typeof(RawPart), typeof(TextPart)], reply.Parts.Select(part => part.GetType()));
            Assert.Contains("weather NYC today", ((RawPart)reply.Parts[1]).Json, StringComparison.Ordinal);
            var citation = Assert.Single(((TextPart)reply.Parts[3]).Citations);
            Assert.Equal(("https://world-weather.info/forecast/usa/new_york/may-2025/", "Weather in New York City", "May 2025: 18 degrees"), (citation.Url, citation.Title, citation.CitedText));
            Assert.Equal((10682, 510), (reply.Usage!.InputTokens, reply.Usage.OutputTokens));
            Assert.Equal([new BilledFee("web_search", 1)], reply.Billing.Fees);
        }
    }

    [Fact]
    public async Task A_stream_that_breaks_is_not_whole()
    {
        var cut = await Stream("truncated");
        var failed = await Stream("error_in_stream");

        Assert.Equal((false, "Hello", null), (cut.IsComplete, cut.Reply.Text, cut.Error));
        Assert.Equal((false, "Hello", ProviderErrorKind.Overloaded), (failed.IsComplete, failed.Reply.Text, failed.Error!.Kind));
        Assert.Equal(("overloaded_error", "Overloaded"), (failed.Error.VendorError!.Code, failed.Error.VendorError.Message));
    }

    [Theory]
    [InlineData(429, "rate_limit", ProviderErrorKind.RateLimited)]
    [InlineData(401, "auth", ProviderErrorKind.Authentication)]
    [InlineData(529, "overloaded", ProviderErrorKind.Overloaded)]
    [InlineData(400, "context_length", ProviderErrorKind.ContextLength)]
    [InlineData(400, "invalid", ProviderErrorKind.InvalidRequest)]
    [InlineData(404, "not_found", ProviderErrorKind.NotFound)]
    [InlineData(400, "billing", ProviderErrorKind.Billing)]
    public void A_documented_error_is_of_its_kind(int status, string name, ProviderErrorKind kind)
    {
        var error = Dialect.DecodeError(status, Fixture.Bytes(Name, $"error_{name}.json"));

        Assert.Equal((kind, "req_011CSHoEeqs5C35K2UUqR7Fy"), (error.Kind, error.RequestId));
        Assert.False(string.IsNullOrEmpty(error.Message));
    }

    /// <summary>https://platform.claude.com/docs/en/build-with-claude/compaction#streaming</summary>
    [Fact]
    public async Task A_block_of_a_kind_without_a_name_is_made_whole_of_its_pieces()
    {
        var read = await Codec.ReadStream(Dialect, """
            data: {"type":"content_block_start","index":0,"content_block":{"type":"compaction","content":""}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"Summary of "}}

            data: {"type":"content_block_delta","index":0,"delta":{"type":"compaction_delta","content":"the conversation"}}

            data: {"type":"content_block_stop","index":0}

            data: {"type":"message_stop"}


            """);

        Middle.AssertSameJson("""{"type":"compaction","content":"Summary of the conversation"}""", Assert.IsType<RawPart>(Assert.Single(read.Reply.Parts)).Json);
        Assert.Equal(0, read.Reply.SkippedEvents);
    }

    private static LlmRequest Request(string name) => Codec.ReadRequest(Dialect, Fixture.Text(Name, name.Contains('.', StringComparison.Ordinal) ? $"{name}_request.json" : $"{name}.request.json"));

    private static LlmReply Reply(string name) => Codec.ReadReply(Dialect, Fixture.Text(Name, $"{name}.reply.json"));

    private static Task<StreamRead> Stream(string name) => Codec.ReadStream(Dialect, Fixture.Bytes(Name, $"{name}.stream.txt"));
}
