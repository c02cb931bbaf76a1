using System.Reflection;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects.Tests.Laws;
using LlmGateway.Vendors;

namespace LlmGateway.Dialects.Tests;

/// <summary>
/// The pages of docs/dialects and docs/vendors.md are made from the code, and must be what it does. After a change run
/// these tests with <c>APPROVE_DOCS=1</c> and look at the difference.
/// </summary>
public class PageTests
{
    private static readonly string Docs = Path.Combine(typeof(PageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!, "docs");

    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"additionalProperties":false}""").RootElement;

    private static readonly Dictionary<string, (string Title, string Source, string Intro)> About = new()
    {
        ["openai"] = ("Chat Completions", "https://platform.openai.com/docs/api-reference/chat", "OpenAI's, and what most vendors speak. Compatible servers' own forms are read too: `reasoning_content` and `reasoning`, calls without index or id, counts in `x_groq`, errors of other shapes. A stream is complete with its finish reason; counts are asked for with `stream_options.include_usage`."),
        ["openai_responses"] = ("Responses", "https://platform.openai.com/docs/api-reference/responses", "Used without the vendor's memory: each request carries the whole conversation, says `store: false`, and asks for the encrypted reasoning, which goes back byte for byte. A stream is complete with `response.completed` or `response.incomplete`; what an item says at its end fills in for deltas that were lost."),
        ["anthropic"] = ("Messages", "https://platform.claude.com/docs/en/api/messages", "Anthropic's, with `count_tokens`. Signed and redacted thinking goes back byte for byte. Usage counts all input, cached included. A stream is complete with its stop reason or `message_stop`; of counts that come twice the larger is right, since some compatible servers begin with zeros."),
        ["gemini"] = ("generateContent", "https://ai.google.dev/api/generate-content", "Google's, also as Vertex has it. Calls without an id get one that says where they stand, the same each time the conversation is read, and it is not sent back. Thought signatures stay with their parts. A turn of calls ends with `STOP` and is `tool_calls` here. A stream is complete with its finish reason; where each piece has one, with its end."),
        ["bedrock"] = ("Converse", "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html", "Amazon Bedrock's Converse and ConverseStream, in the package `LlmGateway.Bedrock`. Model and streaming stand in the URL; the stream is AWS's binary event stream, framed and checked by our own code; requests carry a Bedrock key or a SigV4 signature."),
    };

    private static readonly (string What, Func<LlmRequest, LlmRequest> Say)[] Requests =
    [
        ("system message first", r => r with { Messages = [LlmMessage.System("s"), .. r.Messages] }),
        ("system message in the middle", r => r with { Messages = [.. r.Messages, LlmMessage.Assistant("a"), LlmMessage.System("s"), LlmMessage.User("u")] }),
        ("developer message", r => r with { Messages = [new LlmMessage(LlmRole.Developer, "d"), .. r.Messages] }),
        ("two user turns in a row", r => r with { Messages = [.. r.Messages, LlmMessage.User("u")] }),
        ("name of a message", r => r with { Messages = [new LlmMessage(LlmRole.User, "u") { Name = "n" }] }),
        ("image, bytes", r => Part(r, new ImagePart(MediaSource.FromBase64("AAAA", "image/png")))),
        ("image, URL", r => Part(r, new ImagePart(MediaSource.FromUrl("https://a/b.png")))),
        ("image detail", r => Part(r, new ImagePart(MediaSource.FromBase64("AAAA", "image/png")) { Detail = "high" })),
        ("document, bytes", r => Part(r, new DocumentPart(MediaSource.FromBase64("AAAA", "application/pdf")) { Name = "d" })),
        ("document, URL", r => Part(r, new DocumentPart(MediaSource.FromUrl("https://a/b.pdf", "application/pdf")))),
        ("document, plain text", r => Part(r, new DocumentPart(MediaSource.FromText("t")))),
        ("audio, bytes", r => Part(r, new AudioPart(MediaSource.FromBase64("AAAA", "audio/wav")))),
        ("video, bytes", r => Part(r, new VideoPart(MediaSource.FromBase64("AAAA", "video/mp4")))),
        ("cache mark", r => Part(r, new TextPart("t") { Cache = new CacheMark("1h") })),
        ("tools", r => r with { Tools = [Tool] }),
        ("strict tool", r => r with { Tools = [Tool with { Strict = true }] }),
        ("tool choice: none", r => r with { Tools = [Tool], ToolChoice = new LlmToolChoice(LlmToolChoiceMode.None) }),
        ("tool choice: required", r => r with { Tools = [Tool], ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Required) }),
        ("tool choice: named", r => r with { Tools = [Tool], ToolChoice = LlmToolChoice.Named("f") }),
        ("tool choice: some of the tools", r => r with { Tools = [Tool, Tool with { Name = "g" }], ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Auto) { AllowedTools = ["f"] } }),
        ("parallel tool calls off", r => r with { Tools = [Tool], ParallelToolCalls = false }),
        ("tool result with an error", r => Result(r, new ToolResultPart("c", "e", isError: true))),
        ("tool result with an image", r => Result(r, new ToolResultPart("c", [new TextPart("t"), new ImagePart(MediaSource.FromBase64("AAAA", "image/png"))]))),
        ("tool result without its call", r => r with { Messages = [.. r.Messages, new LlmMessage(LlmRole.Tool, [new ToolResultPart("c", "r")])] }),
        ("thinking of its own", r => r),
        ("thinking of another vendor", r => r with { Messages = [.. r.Messages, new LlmMessage(LlmRole.Assistant, [new ThinkingPart("t", "s") { Origin = "elsewhere" }, new TextPart("a")]), LlmMessage.User("u")] }),
        ("a vendor's own field", r => r with { Extensions = new LlmExtensions("elsewhere", [new("x", "1")]) }),
        ("schema", r => r with { OutputSchema = new OutputSchema("answer", Schema, OutputMode.Native) }),
        ("JSON without a schema", r => r with { JsonMode = true }),
        ("temperature", r => r with { Temperature = 0.5 }),
        ("top_p", r => r with { TopP = 0.5 }),
        ("top_k", r => r with { TopK = 5 }),
        ("stop sequences", r => r with { StopSequences = ["x"] }),
        ("seed", r => r with { Seed = 1 }),
        ("frequency_penalty", r => r with { FrequencyPenalty = 0.5 }),
        ("presence_penalty", r => r with { PresencePenalty = 0.5 }),
        ("logprobs", r => r with { LogProbs = true, TopLogProbs = 2 }),
        ("reasoning effort", r => r with { Reasoning = new LlmReasoning { Effort = "high" } }),
        ("reasoning budget", r => r with { Reasoning = new LlmReasoning { BudgetTokens = 2048 } }),
        ("reasoning summary", r => r with { Reasoning = new LlmReasoning { Effort = "high", Summary = "auto" } }),
        ("service tier: auto", r => r with { ServiceTier = "auto" }),
        ("metadata", r => r with { Metadata = new Dictionary<string, string> { ["k"] = "v" } }),
        ("user", r => r with { User = "u" }),
    ];

    private static readonly (string What, Func<LlmReply, LlmReply> Say)[] Replies =
    [
        ("text and tool calls", r => r with { Parts = [new TextPart("t"), new ToolCallPart("c", "f", "{}")], FinishReason = FinishReason.ToolCalls }),
        ("refusal", r => r with { Parts = [new RefusalPart("no")], FinishReason = FinishReason.Refusal }),
        ("thinking of another vendor", r => r with { Parts = [new ThinkingPart("t", "s") { Origin = "elsewhere" }, new TextPart("a")] }),
        ("citation of another vendor", r => r with { Parts = [new TextPart("t") { Citations = [new Citation { Url = "https://a", Title = "T", CitedText = "c", Raw = new RawPart("elsewhere", "{}") }] }] }),
        ("cut at its limit", r => r with { FinishReason = FinishReason.Length }),
        ("content filter", r => r with { FinishReason = FinishReason.ContentFilter }),
        ("an unknown finish reason", r => r with { FinishReason = FinishReason.Other, VendorFinishReason = "elsewhere" }),
        ("stop sequence that was met", r => r with { StopSequence = "x" }),
        ("log-probabilities", r => r with { LogProbs = [new TokenLogProb("t", -1)] }),
        ("cache reads and writes", r => r with { Usage = r.Usage! with { CacheReadTokens = 1, CacheWriteTokens = 1 } }),
        ("cache writes of 1 hour", r => r with { Usage = r.Usage! with { CacheWriteTokens = 2, CacheWrite1hTokens = 1 } }),
        ("reasoning tokens", r => r with { Usage = r.Usage! with { ReasoningTokens = 1 } }),
        ("audio tokens", r => r with { Usage = r.Usage! with { AudioInputTokens = 1 } }),
    ];

    private static LlmTool Tool => new("f", "d", Schema);

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public void The_page_of_a_dialect_says_what_it_keeps_and_what_is_lost(string name)
    {
        var dialect = All.Of(name);
        var (title, source, intro) = About[name];
        var page = new StringBuilder($"# {title} (`{name}`)\n\n{intro}\n\nSource: {source}. The tables are made from the code (`PageTests`).\n\n## Requests\n\n| said in the middle | becomes |\n|---|---|\n");
        foreach (var (what, say) in Requests)
        {
            var request = what == "thinking of its own"
                ? Base with { Messages = [.. Base.Messages, new LlmMessage(LlmRole.Assistant, [new ThinkingPart("t", "s") { Origin = name }, new TextPart("a")]), LlmMessage.User("u")] }
                : say(Base);
            page.Append($"| {what} | {Outcome(losses => { var (_, found) = Codec.Request(dialect, request); losses.AddRange(found); })} |\n");
        }

        page.Append("\n## Replies\n\n| said in the middle | becomes |\n|---|---|\n");
        foreach (var (what, say) in Replies)
        {
            page.Append($"| {what} | {Outcome(losses => { var (_, found) = Codec.Reply(dialect, say(Reply(dialect))); losses.AddRange(found); })} |\n");
        }

        Check($"dialects/{name.Replace('_', '-')}.md", page.ToString());
    }

    [Fact]
    public void The_page_of_the_vendors_is_their_table()
    {
        var page = new StringBuilder(
            """
            # Vendors

            Changing vendor is a change of `LLM_PROVIDER` and a key. `LLM_API_KEY` stands for any vendor's key, `LLM_BASE_URL` for any vendor's address; an address without a path gets the row's path. `${…}` is filled from the variable of that name. Made from `src/LlmGateway/Vendors/vendors.json` (`PageTests`), where each row also says what its models can do and which fields the vendor refuses.

            Rows of your own, in the same form, stand in a file that `LLM_VENDORS_FILE` names; a row of a built-in name replaces it:

            ```json
            {"vendors": {"mine": {"dialect": "openai", "base_url": "https://llm.example.com/v1", "key_env": "MY_KEY", "default_model": "mine-1"}}}
            ```

            `azure_openai` and `vertex` also take a bearer token from `ProviderServices.TokenProvider`, asked for with each request. `azure_openai` uses the v1 API, or a dated one where `AZURE_OPENAI_API_VERSION` is set; the model is the deployment's name. `bedrock` needs the package `LlmGateway.Bedrock` and `ProviderRegistry.Default.AddBedrock()`; the command line has it.

            | vendor | dialect | address | key | default model | embeddings | sources |
            |---|---|---|---|---|---|---|

            """);
        foreach (var vendor in Vendor.All.OrderBy(vendor => vendor.Name, StringComparer.Ordinal))
        {
            var key = vendor.KeyVariables.Count == 0 ? "none needed" : string.Join(", ", vendor.KeyVariables.Select(variable => $"`{variable}`")) + (vendor.IsKeyOptional ? " (not needed)" : "");
            var sources = string.Join(" ", vendor.Sources.Select((source, i) => $"[{i + 1}]({source})"));
            page.Append($"| `{vendor.Name}` | [{vendor.Dialect}](dialects/{vendor.Dialect.Replace('_', '-')}.md) | `{vendor.BaseUrl}` | {key} | {(vendor.DefaultModel.Length > 0 ? $"`{vendor.DefaultModel}`" : "name one")} | {vendor.EmbeddingFormat ?? "no"} | {sources} |\n");
        }

        Check("vendors.md", page.ToString());
    }

    private static LlmRequest Base { get; } = new() { Model = "m", MaxTokens = 100, Messages = [LlmMessage.User("u")] };

    private static LlmReply Reply(IDialect dialect) => new()
    {
        Id = dialect.RepliesNameModel ? "r" : null,
        Model = dialect.RepliesNameModel ? "m" : null,
        Parts = [new TextPart("t")],
        Usage = new TokenUsage { InputTokens = 10, OutputTokens = 5 },
    };

    private static LlmRequest Part(LlmRequest request, LlmPart part) => request with { Messages = [new LlmMessage(LlmRole.User, [new TextPart("u"), part])] };

    private static LlmRequest Result(LlmRequest request, ToolResultPart result)
        => request with { Tools = [Tool], Messages = [.. request.Messages, new LlmMessage(LlmRole.Assistant, [new ToolCallPart("c", "f", "{}")]), new LlmMessage(LlmRole.Tool, [result])] };

    private static string Outcome(Action<List<string>> say)
    {
        var losses = new List<string>();
        try
        {
            say(losses);
        }
        catch (DialectException e)
        {
            return $"refused: {e.Message}";
        }

        return losses.Count == 0 ? "the same" : $"reported: {string.Join(" ", losses)}";
    }

    private static void Check(string page, string text)
    {
        var path = Path.Combine(Docs, page);
        if (Environment.GetEnvironmentVariable("APPROVE_DOCS") is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"docs/{page} is missing: run with APPROVE_DOCS=1.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }
}
