using LlmGateway.Dialects.Gemini;

namespace LlmGateway.Dialects.Tests.Gemini;

/// <summary>What Gemini's documented bytes say in the middle, value by value.</summary>
public sealed class DocumentedTests
{
    private const string Name = "gemini";

    private static GeminiDialect Dialect => GeminiDialect.Instance;

    [Fact]
    public void A_request_of_text_is_read()
    {
        var request = Request("text");

        Assert.Equal([(LlmRole.System, "You are a cat. Your name is Neko."), (LlmRole.User, "Hello"), (LlmRole.Assistant, "Great to meet you. What would you like to know?"), (LlmRole.User, "I have two dogs in my house. How many paws are in my house?")], request.Messages.Select(message => (message.Role, message.Content)));
        Assert.Equal(("m", 800, 1.0, 0.8, 10, 7L), (request.Model, request.MaxTokens, request.Temperature, request.TopP, request.TopK, request.Seed));
        Assert.Equal((0.5, -0.5, true, 2), (request.PresencePenalty, request.FrequencyPenalty, request.LogProbs, request.TopLogProbs));
        Assert.Equal(["Title"], request.StopSequences);
        Assert.Equal(["cachedContent", "generationConfig", "safetySettings", "serviceTier"], request.Extensions!.Members.Keys.Order());
        Middle.AssertSameJson("""{"responseModalities":["TEXT"],"mediaResolution":"MEDIA_RESOLUTION_LOW"}""", request.Extensions.Members["generationConfig"]);
    }

    [Fact]
    public void One_candidate_is_what_is_usual_and_no_loss()
    {
        var request = Codec.ReadRequest(Dialect, """{"contents":[{"parts":[{"text":"Hi"}]}],"generationConfig":{"candidateCount":1}}""", "m");
        var two = Codec.ReadRequest(Dialect, """{"contents":[{"parts":[{"text":"Hi"}]}],"generationConfig":{"candidateCount":2}}""", "m");

        Assert.Null(request.Extensions);
        Assert.Equal("""{"candidateCount":2}""", two.Extensions!.Members["generationConfig"]);
    }

    [Fact]
    public void Tools_of_the_callers_and_of_the_vendors_are_read()
    {
        var request = Request("tools");

        Assert.Equal(["schedule_meeting", "set_light", "googleSearch", "codeExecution", "urlContext"], request.Tools.Select(tool => tool.Name));
        Assert.Equal("attendees", request.Tools[0].Parameters.GetProperty("required")[0].GetString());
        Assert.Equal("\"BLOCKING\"", request.Tools[1].Extensions!.Members["behavior"]);
        Assert.All(request.Tools.Skip(2), tool => Assert.Equal(Name, tool.Raw!.Dialect));
        Assert.Equal(LlmToolChoiceMode.Required, request.ToolChoice!.Mode);
        Assert.Equal(["schedule_meeting", "set_light"], request.ToolChoice.AllowedTools!);
        Middle.AssertSameJson("""{"retrievalConfig":{"latLng":{"latitude":34.050481,"longitude":-118.248526}}}""", request.Extensions!.Members["toolConfig"]);
    }

    [Fact]
    public void What_is_said_of_calls_beyond_their_choice_is_written_once()
    {
        var (tools, _) = Codec.Request(Dialect, Request("tools"));
        var (validated, _) = Codec.Request(Dialect, Request("validated"));

        Assert.Equal(tools.IndexOf("\"toolConfig\"", StringComparison.Ordinal), tools.LastIndexOf("\"toolConfig\"", StringComparison.Ordinal));
        Assert.Contains("""{"functionCallingConfig":{"mode":"VALIDATED","streamFunctionCallArguments":true}}""", validated, StringComparison.Ordinal);
        Assert.Equal(new LlmToolChoice(LlmToolChoiceMode.Auto), Request("validated").ToolChoice);
        Assert.Contains("\"mode\":\"NONE\"", Codec.Request(Dialect, Request("validated") with { ToolChoice = new LlmToolChoice(LlmToolChoiceMode.None) }).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_without_ids_belong_to_their_calls_in_order()
    {
        var messages = Request("parallel_tools.next").Messages;

        var calls = messages[1].Parts.Cast<ToolCallPart>().ToList();
        var results = messages[2].Parts.Cast<ToolResultPart>().ToList();
        Assert.Equal([LlmRole.User, LlmRole.Assistant, LlmRole.Tool], messages.Select(message => message.Role));
        Assert.Equal(["""{"power": true}""", """{"energetic": true, "loud": true}""", """{"brightness": 0.50}""", """{"brightness": 0.25}"""], calls.Select(call => call.ArgumentsJson));
        Assert.Equal(4, calls.Select(call => call.Id).Distinct().Count());
        Assert.Equal(calls.Select(call => (call.Id, call.Name)), results.Select(result => (result.CallId, result.Name!)));
        Assert.Equal([("""{"status": "Disco ball powered on"}""", false), ("No speakers.", true), ("half", false), ("""{"result": {"brightness": 0.250}}""", false)], results.Select(result => (result.Content, result.IsError)));
        Assert.Contains("0.250", Codec.Request(Dialect, Request("parallel_tools.next")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_with_ids_carry_pictures_and_what_else_is_said_of_them()
    {
        var messages = Request("tool_ids.next").Messages;

        var call = (ToolCallPart)messages[1].Parts[0];
        var result = (ToolResultPart)messages[2].Parts[0];
        var picture = (ImagePart)result.Parts[1];
        Assert.Equal(("adk-1", "EpoFCpcFAR4...", Name), (call.Id, call.Signature, call.Origin));
        Assert.Equal(("adk-1", "get_image", """{"image_ref": {"$ref": "green_shirt.jpg"}}"""), (result.CallId, result.Name, result.Content));
        Assert.Equal(("/9j/4AAQSkZJRg==", "image/jpeg"), (picture.Source.Base64, picture.Source.MediaType));
        Assert.Equal("""{"displayName":"green_shirt.jpg"}""", picture.Extensions!.Members["inlineData"]);
        Middle.AssertSameJson("""{"willContinue":false,"scheduling":"WHEN_IDLE"}""", result.Extensions!.Members["functionResponse"]);
    }

    [Fact]
    public void Pictures_documents_sounds_and_films_are_told_by_their_types()
    {
        var parts = Request("images").Messages[0].Parts;

        Assert.Equal([typeof(ImagePart), typeof(ImagePart), typeof(DocumentPart), typeof(DocumentPart), typeof(AudioPart), typeof(VideoPart), typeof(TextPart)], parts.Select(part => part.GetType()));
        Assert.Equal(("/9j/4AAQSkZJRg==", "image/jpeg"), (((ImagePart)parts[0]).Source.Base64, ((ImagePart)parts[0]).Source.MediaType));
        Assert.Equal("https://generativelanguage.googleapis.com/v1beta/files/abc-123", ((ImagePart)parts[1]).Source.FileId);
        Assert.Equal("gs://cloud-samples-data/generative-ai/pdf/2403.05530.pdf", ((DocumentPart)parts[2]).Source.Url);
        Assert.Equal(("JVBERi0=", "draconomicon.pdf"), (((DocumentPart)parts[3]).Source.Base64, ((DocumentPart)parts[3]).Name));
        Assert.Equal(("SUQz", "audio/mp3"), (((AudioPart)parts[4]).Source.Base64, ((AudioPart)parts[4]).Source.MediaType));
        Assert.Equal("https://www.youtube.com/watch?v=9hE5-98ZeCg", ((VideoPart)parts[5]).Source.Url);
        Assert.Contains("1250s", parts[5].Extensions!.Members["videoMetadata"], StringComparison.Ordinal);
    }

    [Fact]
    public void Schemas_of_both_forms_and_formats_are_read()
    {
        var schema = Request("schema").OutputSchema!.Schema;
        var older = Codec.ReadRequest(Dialect, Fixture.Text(Name, "open_api_schema.body.json"), "m").OutputSchema!.Schema;

        Assert.Equal("ingredients", schema.GetProperty("required")[1].GetString());
        Middle.AssertSameJson("""{"type":"array","minItems":1,"items":{"type":"object","properties":{"recipeName":{"type":"string"},"minutes":{"type":["integer","null"]}}}}""", older.GetRawText());
        Assert.True(Request("json_mode").JsonMode);
        Assert.Equal("Woodwind", Request("enum_mode").OutputSchema!.Schema.GetProperty("enum")[2].GetString());
    }

    [Fact]
    public void Thinking_is_asked_for_by_level_or_budget()
    {
        var level = Request("thinking").Reasoning!;

        Assert.Equal(("low", null, "auto"), (level.Effort, level.BudgetTokens, level.Summary));
        Assert.Equal((null, 1024, null), (Request("thinking_budget").Reasoning!.Effort, Request("thinking_budget").Reasoning!.BudgetTokens, Request("thinking_budget").Reasoning!.Summary));
    }

    [Fact]
    public void Thoughts_and_signatures_of_the_turns_before_are_kept_with_their_parts()
    {
        var request = Request("thinking.next");
        var code = Request("code_execution.next").Messages[1].Parts;

        var parts = request.Messages.SelectMany(message => message.Parts).ToList();
        Assert.Equal(("I need the flight's status first.", Name, null), (((ThinkingPart)parts[1]).Text, parts[1].Origin, parts[1].Signature));
        Assert.Equal(["<Signature A>", "<Signature B>", "<Signature C>"], parts.Select(part => part.Signature).OfType<string>());
        Assert.Equal(new TextPart("") { Signature = "<Signature C>", Origin = Name }, parts[7]);
        Assert.Equal([typeof(TextPart), typeof(RawPart), typeof(RawPart), typeof(TextPart)], code.Select(part => part.GetType()));
        Assert.Contains("CpcB...", ((RawPart)code[1]).Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_is_read_with_its_counts_and_ratings()
    {
        foreach (var reply in await Both("text"))
        {
            Assert.Equal(("AI works by learning from data.", "c4d3aLG9B5eVvdIP1Iuv8Aw", "gemini-2.5-flash"), (reply.Text, reply.Id, reply.Model));
            Assert.Equal((FinishReason.Stop, "STOP", 11, 7), (reply.FinishReason, reply.VendorFinishReason, reply.Usage!.InputTokens, reply.Usage.OutputTokens));
            Assert.Equal(["candidates[0]", "createTime"], reply.Extensions!.Members.Keys.Order());
            Assert.Contains("\"LOW\"", reply.Extensions.Members["candidates[0]"], StringComparison.Ordinal);
            Assert.Contains("-0.15", reply.Extensions.Members["candidates[0]"], StringComparison.Ordinal);
            Assert.Empty(reply.Losses);
        }
    }

    [Fact]
    public async Task Calls_are_read_with_the_exact_text_of_their_arguments()
    {
        foreach (var reply in await Both("tools"))
        {
            var call = Assert.IsType<ToolCallPart>(Assert.Single(reply.Parts));
            Assert.Equal(("gemini-call-c4d3aLG9B5eVvdIP1Iuv8Aw-0", "schedule_meeting", """{"date": "2025-03-27", "topic": "Q3 planning", "attendees": ["Bob", "Alice"], "hours": 1.50}"""), (call.Id, call.Name, call.ArgumentsJson));
            Assert.Equal((FinishReason.ToolCalls, "STOP", 141, 32), (reply.FinishReason, reply.VendorFinishReason, reply.Usage!.InputTokens, reply.Usage.OutputTokens));
        }
    }

    [Fact]
    public async Task Parallel_calls_have_ids_of_their_own_and_the_first_the_signature()
    {
        foreach (var reply in await Both("parallel_tools"))
        {
            var calls = reply.Parts.Cast<ToolCallPart>().ToList();
            Assert.Equal(["power_disco_ball", "start_music", "dim_lights", "stop"], calls.Select(call => call.Name));
            Assert.Equal(["gemini-call-c4d3aLG9B5eVvdIP1Iuv8Aw-0", "gemini-call-c4d3aLG9B5eVvdIP1Iuv8Aw-1", "adk-7", "gemini-call-c4d3aLG9B5eVvdIP1Iuv8Aw-3"], calls.Select(call => call.Id));
            Assert.Equal(["<Signature A>", null, null, null], calls.Select(call => call.Signature));
            Assert.Equal(("""{"brightness": 0.50}""", "{}"), (calls[2].ArgumentsJson, calls[3].ArgumentsJson));
            Assert.Equal((207, 139, 98), (reply.Usage!.InputTokens, reply.Usage.OutputTokens, reply.Usage.ReasoningTokens));
        }
    }

    /// <summary>https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc</summary>
    [Fact]
    public async Task Pieces_of_a_calls_arguments_are_not_taken_for_calls()
    {
        var read = await Codec.ReadStream(Dialect, """
            data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"f","willContinue":true}}]}}]}

            data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"partialArgs":[{"jsonPath":"$.a","numberValue":1}],"willContinue":true}}]}}]}

            data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{}}]},"finishReason":"STOP"}]}


            """);

        Assert.Equal(3, read.Reply.Parts.OfType<RawPart>().Count());
        Assert.Equal(FinishReason.Stop, read.Reply.FinishReason);
    }

    [Fact]
    public async Task Thoughts_are_read_with_the_signature_of_the_answer()
    {
        foreach (var reply in await Both("thinking"))
        {
            Assert.Equal(("**Weighing the clues**\n\nThe red house has the cat.", Name), (((ThinkingPart)reply.Parts[0]).Text, reply.Parts[0].Origin));
            Assert.Equal("The yellow house has the goldfish.", reply.Text);
            Assert.Equal(("<Signature_A>", Name), (reply.Parts[^1].Signature, reply.Parts[^1].Origin));
            Assert.Equal((24, 709, 700), (reply.Usage!.InputTokens, reply.Usage.OutputTokens, reply.Usage.ReasoningTokens));
        }
    }

    [Fact]
    public async Task Input_counts_what_is_cached_and_what_tools_brought_in()
    {
        foreach (var reply in await Both("cache_usage"))
        {
            var usage = reply.Usage!;
            Assert.Equal((696219 + 102, 696190, 214 + 86, 86, 696190), (usage.InputTokens, usage.CacheReadTokens, usage.OutputTokens, usage.ReasoningTokens, usage.AudioInputTokens));
            Assert.Equal(696621, usage.TotalTokens);
            Assert.Contains("cacheTokensDetails", reply.Extensions!.Members["usageMetadata"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_finish_reason_in_each_chunk_ends_nothing_and_sources_come_after_it()
    {
        foreach (var reply in await Both("grounding"))
        {
            Assert.Equal("Spain won Euro 2024, defeating England 2-1 in the final. This victory marks Spain's record fourth European Championship title.", reply.Text);
            Assert.Equal((FinishReason.Stop, 12, 28), (reply.FinishReason, reply.Usage!.InputTokens, reply.Usage.OutputTokens));
            Assert.Contains("uefa.com", reply.Extensions!.Members["candidates[0]"], StringComparison.Ordinal);
            Assert.Contains("HARM_CATEGORY_HARASSMENT", reply.Extensions.Members["candidates[0]"], StringComparison.Ordinal);
            Assert.Equal([new BilledFee("grounding", 1), new BilledFee("grounding_query", 2)], reply.Billing.Fees);
        }
    }

    [Fact]
    public async Task Citations_of_every_chunk_belong_to_the_text_once()
    {
        foreach (var reply in await Both("citations"))
        {
            var citations = Assert.IsType<TextPart>(Assert.Single(reply.Parts)).Citations;
            Assert.Equal([("https://example.com/a", 574, 705), ("https://github.com/example/b", 899, 1026)], citations.Select(citation => (citation.Url, citation.StartIndex, citation.EndIndex)));
        }
    }

    [Fact]
    public void Citations_of_a_reply_without_text_are_a_reported_loss()
    {
        var reply = Codec.ReadReply(Dialect, """{"candidates":[{"finishReason":"RECITATION","citationMetadata":{"citationSources":[{"uri":"https://a"}]}}]}""");

        Assert.Equal((FinishReason.ContentFilter, "RECITATION", 1), (reply.FinishReason, reply.VendorFinishReason, reply.Losses.Count));
    }

    [Fact]
    public async Task Code_and_its_result_are_parts_between_the_texts()
    {
        foreach (var reply in await Both("code_execution"))
        {
            Assert.Equal([typeof(TextPart), typeof(RawPart), typeof(RawPart), typeof(TextPart)], reply.Parts.Select(part => part.GetType()));
            Assert.Contains("OUTCOME_OK", ((RawPart)reply.Parts[2]).Json, StringComparison.Ordinal);
            Assert.Equal(("To print it I use Python.It was printed.", 59, 81), (reply.Text, reply.Usage!.InputTokens, reply.Usage.OutputTokens));
        }
    }

    [Fact]
    public async Task Blocked_prompts_and_blocked_answers_are_filtered()
    {
        foreach (var reply in await Both("blocked"))
        {
            Assert.Equal((FinishReason.ContentFilter, "OTHER", 7, 0), (reply.FinishReason, reply.VendorFinishReason, reply.Usage!.InputTokens, reply.Usage.OutputTokens));
            Assert.Empty(reply.Parts);
            Assert.Contains("HARM_CATEGORY_DANGEROUS_CONTENT", reply.Extensions!.Members["promptFeedback"], StringComparison.Ordinal);
        }

        foreach (var reply in await Both("filter"))
        {
            Assert.Equal((FinishReason.ContentFilter, "SAFETY"), (reply.FinishReason, reply.VendorFinishReason));
            Assert.Contains("\"blocked\": true", reply.Extensions!.Members["candidates[0]"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Limits_unknown_reasons_pictures_and_logprobs_are_read()
    {
        var length = Reply("length");
        var unknown = Reply("unknown_finish");
        var image = Reply("image");
        var logProbs = Reply("logprobs").LogProbs;

        Assert.Equal((FinishReason.Length, "MAX_TOKENS", 500, 500), (length.FinishReason, length.VendorFinishReason, length.Usage!.OutputTokens, length.Usage.ReasoningTokens));
        Assert.Equal((FinishReason.Other, "MALFORMED_FUNCTION_CALL", "Hm."), (unknown.FinishReason, unknown.VendorFinishReason, unknown.Text));
        Assert.Equal(("iVBORw0KGgo=", "<Signature_D>"), (((ImagePart)image.Parts[1]).Source.Base64, image.Parts[1].Signature));
        Assert.Equal((1290, true), (image.Usage!.ImageOutputTokens, image.Billing.IsNone));
        Assert.Equal([("Hi", -0.31725305, 2), ("!", -0.02, 1)], logProbs.Select(token => (token.Token, token.LogProb, token.Top.Count)));
        Assert.Equal(("Hello", 9259L), (logProbs[0].Top[1].Token, logProbs[0].Top[1].TokenId));
    }

    [Fact]
    public async Task A_stream_that_breaks_is_not_whole()
    {
        var cut = await Stream("truncated");
        var failed = await Stream("error_in_stream");

        Assert.Equal((false, "AI works by", null), (cut.IsComplete, cut.Reply.Text, cut.Error));
        Assert.Equal((11, 2), (cut.Reply.Usage!.InputTokens, cut.Reply.Usage.OutputTokens));
        Assert.Equal((false, "AI works", ProviderErrorKind.Overloaded), (failed.IsComplete, failed.Reply.Text, failed.Error!.Kind));
        Assert.Equal(("UNAVAILABLE", "The model is overloaded. Please try again later."), (failed.Error.VendorError!.Code, failed.Error.VendorError.Message));
    }

    [Fact]
    public async Task Where_each_chunk_has_a_finish_reason_only_the_end_of_the_bytes_is_an_end()
    {
        var decoder = Dialect.CreateStreamDecoder(WirePeer.Any);
        var deltas = new List<LlmDelta>();
        using var events = ((IDialect)Dialect).ReadEvents(new MemoryStream(Fixture.Bytes(Name, "repeated_finish_truncated.stream.txt")));
        while (await events.ReadAsync(TestContext.Current.CancellationToken)) decoder.Decode(events.Type.Span, events.Data, deltas);

        Assert.False(decoder.IsComplete); // A connection that breaks here is a cut.
        Assert.DoesNotContain(deltas, delta => delta is FinishDelta);
        decoder.End(deltas);
        Assert.True(decoder.IsComplete);
        Assert.Equal(new FinishDelta(FinishReason.Stop, "STOP"), Assert.Single(deltas.OfType<FinishDelta>()));
    }

    [Theory]
    [InlineData(400, "auth", ProviderErrorKind.Authentication)]
    [InlineData(403, "permission", ProviderErrorKind.Authentication)]
    [InlineData(400, "invalid", ProviderErrorKind.InvalidRequest)]
    [InlineData(400, "context_length", ProviderErrorKind.ContextLength)]
    [InlineData(400, "billing", ProviderErrorKind.Billing)]
    [InlineData(404, "not_found", ProviderErrorKind.NotFound)]
    [InlineData(429, "rate_limit", ProviderErrorKind.RateLimited)]
    [InlineData(500, "internal", ProviderErrorKind.ServerError)]
    [InlineData(503, "overloaded", ProviderErrorKind.Overloaded)]
    [InlineData(504, "timeout", ProviderErrorKind.Timeout)]
    [InlineData(503, "in_list", ProviderErrorKind.Overloaded)]
    public void A_documented_error_is_of_its_kind(int status, string name, ProviderErrorKind kind)
    {
        var error = Dialect.DecodeError(status, Fixture.Bytes(Name, $"error_{name}.json"));

        Assert.Equal(kind, error.Kind);
        Assert.False(string.IsNullOrEmpty(error.Message));
        Assert.False(string.IsNullOrEmpty(error.Code));
    }

    [Theory]
    [InlineData("34s", 34.0)]
    [InlineData("0.5s", 0.5)]
    [InlineData("34", null)]
    [InlineData("-1s", null)]
    [InlineData("1e400s", null)]
    public void The_wait_that_only_the_body_names_is_read(string delay, double? seconds)
    {
        var body = Fixture.Text(Name, "error_rate_limit.json").Replace("\"34s\"", $"\"{delay}\"", StringComparison.Ordinal);

        Assert.Equal(seconds, Dialect.DecodeError(429, System.Text.Encoding.UTF8.GetBytes(body)).RetryAfter?.TotalSeconds);
    }

    private static LlmRequest Request(string name) => Codec.ReadRequest(Dialect, Fixture.Text(Name, name.Contains('.', StringComparison.Ordinal) ? $"{name}_request.json" : $"{name}.request.json"), "m");

    private static LlmReply Reply(string name) => Codec.ReadReply(Dialect, Fixture.Text(Name, $"{name}.reply.json"));

    private static Task<StreamRead> Stream(string name) => Codec.ReadStream(Dialect, Fixture.Bytes(Name, $"{name}.stream.txt"));

    private static async Task<LlmReply[]> Both(string name) => [Reply(name), (await Stream(name)).Reply];
}
