using System.Text.Json;

namespace LlmGateway.Dialects.Tests.Laws;

/// <summary>Everything that a request or a reply can say beyond the plainest one, a thing at a time.</summary>
internal static class Features
{
    private static readonly JsonElement Schema = JsonElement.Parse("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""");

    public static readonly IReadOnlyDictionary<string, Func<LlmRequest, LlmRequest>> OfRequests = new Dictionary<string, Func<LlmRequest, LlmRequest>>
    {
        ["temperature"] = r => r with { Temperature = 0.25 },
        ["top_p"] = r => r with { TopP = 0.5 },
        ["top_k"] = r => r with { TopK = 7 },
        ["seed"] = r => r with { Seed = 42 },
        ["frequency_penalty"] = r => r with { FrequencyPenalty = 0.5 },
        ["presence_penalty"] = r => r with { PresencePenalty = -0.5 },
        ["log_probs"] = r => r with { LogProbs = true, TopLogProbs = 3 },
        ["stop"] = r => r with { StopSequences = ["END", "\n\n"] },
        ["service_tier"] = r => r with { ServiceTier = "priority" },
        ["metadata"] = r => r with { Metadata = new Dictionary<string, string> { ["k"] = "v" } },
        ["user"] = r => r with { User = "u1" },
        ["effort"] = r => r with { Reasoning = new LlmReasoning { Effort = "low" } },
        ["budget"] = r => r with { Reasoning = new LlmReasoning { Enabled = true, BudgetTokens = 2048 }, MaxTokens = 4096 },
        ["no_thinking"] = r => r with { Reasoning = new LlmReasoning { Enabled = false } },
        ["json_mode"] = r => r with { JsonMode = true },
        ["schema"] = r => r with { OutputSchema = new OutputSchema("place", Schema, OutputMode.Native) { Description = "Where.", Strict = true } },
        ["tool"] = r => r with { Tools = [Tool("f")] },
        ["strict_tool"] = r => r with { Tools = [Tool("f") with { Strict = true }] },
        ["tool_none"] = r => r with { Tools = [Tool("f")], ToolChoice = new LlmToolChoice(LlmToolChoiceMode.None) },
        ["tool_named"] = r => r with { Tools = [Tool("f"), Tool("g")], ToolChoice = LlmToolChoice.Named("g") },
        ["tools_allowed"] = r => r with { Tools = [Tool("f"), Tool("g")], ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Required) { AllowedTools = ["f"] } },
        ["one_call_at_a_time"] = r => r with { Tools = [Tool("f")], ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Auto), ParallelToolCalls = false },
        ["cached_tool"] = r => r with { Tools = [Tool("f") with { Cache = new CacheMark("1h") }] },
        ["cached_text"] = r => User(r, new TextPart("Long.") { Cache = new CacheMark() }),
        ["two_systems"] = r => r with { Messages = [LlmMessage.System("A."), .. r.Messages, LlmMessage.Assistant("Yes?"), LlmMessage.System("B."), LlmMessage.User("Go.")] },
        ["developer"] = r => r with { Messages = [new LlmMessage(LlmRole.Developer, "A."), .. r.Messages] },
        ["named_user"] = r => r with { Messages = [new LlmMessage(LlmRole.User, "Hi") { Name = "ann" }] },
        ["image_bytes"] = r => User(r, new ImagePart(MediaSource.FromBase64("AAAA", "image/png"))),
        ["image_url"] = r => User(r, new ImagePart(MediaSource.FromUrl("https://example.com/a.png", "image/png"))),
        ["image_detail"] = r => User(r, new ImagePart(MediaSource.FromBase64("AAAA", "image/png")) { Detail = "low" }),
        ["image_file"] = r => User(r, new ImagePart(MediaSource.FromFile("file_1", "image/png"))),
        ["document_bytes"] = r => User(r, new DocumentPart(MediaSource.FromBase64("AAAA", "application/pdf")) { Name = "a" }),
        ["document_url"] = r => User(r, new DocumentPart(MediaSource.FromUrl("https://example.com/a.pdf", "application/pdf"))),
        ["document_text"] = r => User(r, new DocumentPart(MediaSource.FromText("Once.")) { Name = "tale", Context = "old", Citations = true }),
        ["audio"] = r => User(r, new AudioPart(MediaSource.FromBase64("AAAA", "audio/wav"))),
        ["video"] = r => User(r, new VideoPart(MediaSource.FromBase64("AAAA", "video/mp4"))),
        ["refusal"] = r => Answered(r, new RefusalPart("No.")),
        ["thought"] = r => Answered(r, new ThinkingPart("Hm.", "U0lH") { Origin = "anthropic" }, new TextPart("Yes.")),
        ["encrypted_thought"] = r => Answered(r, new ThinkingPart("") { EncryptedContent = "ENCR", Origin = "anthropic" }, new TextPart("Yes.")),
        ["citation"] = r => Answered(r, new TextPart("Yes.") { Citations = [new Citation { Url = "https://example.com/", Title = "T", CitedText = "x" }] }),
        ["failed_call"] = r => Called(r, new ToolResultPart("c1", "Broken.", isError: true)),
        ["picture_in_result"] = r => Called(r, new ToolResultPart("c1", [new TextPart("Look:"), new ImagePart(MediaSource.FromBase64("AAAA", "image/png"))])),
        ["signed_call"] = r => r with { Messages = [.. r.Messages, new LlmMessage(LlmRole.Assistant, [new ToolCallPart("c1", "f", "{}") { Signature = "U0lH", Origin = "gemini" }]), new LlmMessage(LlmRole.Tool, [new ToolResultPart("c1", "1") { Name = "f" }])], Tools = [Tool("f")] },
        ["empty_text"] = r => r with { Messages = [.. r.Messages, LlmMessage.Assistant("Yes."), new LlmMessage(LlmRole.User, [new TextPart(""), new TextPart("Go.")])] },
        ["two_users"] = r => r with { Messages = [.. r.Messages, LlmMessage.User("And?")] },
        ["prefill"] = r => r with { Messages = [.. r.Messages, LlmMessage.Assistant("The answer is")] },
    };

    public static readonly IReadOnlyDictionary<string, Func<LlmReply, LlmReply>> OfReplies = new Dictionary<string, Func<LlmReply, LlmReply>>
    {
        ["thought"] = r => r with { Parts = [new ThinkingPart("Hm.", "U0lH") { Origin = "anthropic" }, .. r.Parts] },
        ["encrypted_thought"] = r => r with { Parts = [new ThinkingPart("") { EncryptedContent = "ENCR", Origin = "anthropic" }, .. r.Parts] },
        ["plain_thought"] = r => r with { Parts = [new ThinkingPart("Hm."), .. r.Parts] },
        ["refusal"] = r => r with { Parts = [new RefusalPart("No.")], FinishReason = FinishReason.Refusal },
        ["citation"] = r => r with { Parts = [new TextPart("Yes.") { Citations = [new Citation { Url = "https://example.com/", Title = "T", CitedText = "x" }] }] },
        ["calls"] = r => r with { Parts = [.. r.Parts, new ToolCallPart("c1", "f", """{"a": 1.0}"""), new ToolCallPart("c2", "f", "{}")], FinishReason = FinishReason.ToolCalls },
        ["signed_call"] = r => r with { Parts = [new ToolCallPart("c1", "f", "{}") { Signature = "U0lH", Origin = "gemini" }], FinishReason = FinishReason.ToolCalls },
        ["image"] = r => r with { Parts = [.. r.Parts, new ImagePart(MediaSource.FromBase64("AAAA", "image/png"))] },
        ["two_texts"] = r => r with { Parts = [new TextPart("A"), new TextPart("B")] },
        ["length"] = r => r with { FinishReason = FinishReason.Length },
        ["filter"] = r => r with { FinishReason = FinishReason.ContentFilter },
        ["stop_sequence"] = r => r with { StopSequence = "END" },
        ["service_tier"] = r => r with { ServiceTier = "priority" },
        ["log_probs"] = r => r with { LogProbs = [new TokenLogProb("Yes", -0.5) { Top = [new TokenLogProb("No", -1.5)] }] },
        ["cache"] = r => r with { Usage = new TokenUsage { InputTokens = 100, CacheReadTokens = 40, CacheWriteTokens = 30, CacheWrite1hTokens = 10, OutputTokens = 9 } },
        ["reasoning_tokens"] = r => r with { Usage = new TokenUsage { InputTokens = 100, OutputTokens = 9, ReasoningTokens = 4 } },
        ["audio_tokens"] = r => r with { Usage = new TokenUsage { InputTokens = 100, OutputTokens = 9, AudioInputTokens = 4, AudioOutputTokens = 3 } },
        ["no_usage"] = r => r with { Usage = null },
    };

    public static LlmRequest PlainRequest => new() { Model = "m", MaxTokens = 100, Messages = [LlmMessage.User("Hi")] };

    public static LlmReply PlainReply => new() { Id = "r_1", Model = "m", Parts = [new TextPart("Yes.")], FinishReason = FinishReason.Stop, Usage = new TokenUsage { InputTokens = 5, OutputTokens = 7 } };

    private static LlmTool Tool(string name) => new(name, "Does.", Schema);

    private static LlmRequest User(LlmRequest request, LlmPart part) => request with { Messages = [new LlmMessage(LlmRole.User, [new TextPart("Look."), part])] };

    private static LlmRequest Answered(LlmRequest request, params LlmPart[] parts) => request with { Messages = [.. request.Messages, new LlmMessage(LlmRole.Assistant, parts), LlmMessage.User("Go on.")] };

    private static LlmRequest Called(LlmRequest request, ToolResultPart result) => request with
    {
        Messages = [.. request.Messages, new LlmMessage(LlmRole.Assistant, [new ToolCallPart("c1", "f", "{}")]), new LlmMessage(LlmRole.Tool, [result])],
        Tools = [Tool("f")],
    };
}
