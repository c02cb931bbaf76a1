using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Benchmarks;

/// <summary>One request and its reply, the same for every dialect: a system prompt, a tool, a turn with a call and its result, a text back.</summary>
internal static class Exchange
{
    public static IEnumerable<string> Dialects
    {
        get
        {
            ProviderRegistry.Default.AddBedrock();
            return Dialect.Names;
        }
    }

    public static LlmRequest Request { get; } = new()
    {
        Model = "m",
        MaxTokens = 1000,
        Temperature = 0.5,
        Messages =
        [
            LlmMessage.System("You are a careful accountant. Answer briefly."),
            LlmMessage.User("What is the total of invoice BV-2026-1187 of 6 October 2026?"),
            new LlmMessage(LlmRole.Assistant, [new ToolCallPart("call_1", "find_invoice", """{"number":"BV-2026-1187"}""")]),
            new LlmMessage(LlmRole.Tool, [new ToolResultPart("call_1", """{"vendor":"Brandt & Vogel","total":1439.31,"currency":"EUR"}""") { Name = "find_invoice" }]),
        ],
        Tools = [new LlmTool("find_invoice", "Finds an invoice by its number.", JsonElement.Parse("""{"type":"object","properties":{"number":{"type":"string"}},"required":["number"],"additionalProperties":false}"""))],
    };

    public static byte[] Reply(IDialect dialect)
    {
        var output = new ArrayBufferWriter<byte>();
        dialect.EncodeReply(
            new LlmReply { Id = "r_1", Model = "m", Parts = [new TextPart("The total of invoice BV-2026-1187 by Brandt & Vogel is EUR 1439.31.")], Usage = new TokenUsage { InputTokens = 412, CacheReadTokens = 100, OutputTokens = 96 } },
            output,
            []);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Stream(IDialect dialect, int pieces)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = dialect.CreateStreamEncoder([]);
        encoder.Encode(new HeaderDelta { Id = "r_1", Model = "m" }, output);
        for (var i = 0; i < pieces; i++) encoder.Encode(new TextDelta(0, " invoice"), output);
        encoder.Encode(new UsageDelta(new TokenUsage { InputTokens = 412, OutputTokens = pieces }), output);
        encoder.Encode(new FinishDelta(FinishReason.Stop, null), output);
        encoder.Complete(output);
        return output.WrittenSpan.ToArray();
    }
}
