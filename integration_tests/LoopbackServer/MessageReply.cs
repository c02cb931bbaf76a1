using System.Text.Json.Nodes;
using LoopbackServer.Answers;

namespace LoopbackServer;

/// <summary>One reply of the API: a text or the call of a tool, and its usage.</summary>
internal sealed record MessageReply(string Id, string Model, string? Tool, string Content, int InputTokens, int CacheWriteTokens, int OutputTokens)
{
    private const int CharactersPerToken = 4;

    public string StopReason => Tool is null ? "end_turn" : "tool_use";

    /// <summary>The tokens follow from the texts, so that a longer question has more of them; the system prompt counts as written to the cache.</summary>
    public static MessageReply For(LoopbackRequest request, Finding finding)
    {
        var content = request.OutputSchema is { } schema ? SchemaFiller.Fill(schema, finding).ToJsonString() : finding.Sentence;
        var system = request.System.Sum(s => s.Length);
        var messages = request.Body.GetProperty("messages").GetRawText().Length;
        return new MessageReply($"msg_loopback_{Guid.NewGuid():N}", request.Model ?? "unnamed", request.ForcedTool, content, Tokens(messages), Tokens(system), Tokens(content.Length));
    }

    public JsonObject ToJson()
    {
        var message = Head();
        message["content"] = new JsonArray(Block(Content));
        message["stop_reason"] = StopReason;
        message["usage"] = Usage(OutputTokens);
        return message;
    }

    /// <summary>The message as a stream begins it: without content, with the first token of output.</summary>
    public JsonObject Head() => new()
    {
        ["id"] = Id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = Model,
        ["content"] = new JsonArray(),
        ["stop_reason"] = null,
        ["stop_sequence"] = null,
        ["usage"] = Usage(1),
    };

    /// <summary>The block with this much of its content.</summary>
    public JsonObject Block(string content) => Tool is null
        ? new JsonObject { ["type"] = "text", ["text"] = content }
        : new JsonObject { ["type"] = "tool_use", ["id"] = $"toolu_{Id}", ["name"] = Tool, ["input"] = content.Length == 0 ? new JsonObject() : JsonNode.Parse(content) };

    private JsonObject Usage(int outputTokens) => new()
    {
        ["input_tokens"] = InputTokens,
        ["cache_creation_input_tokens"] = CacheWriteTokens,
        ["cache_read_input_tokens"] = 0,
        ["output_tokens"] = outputTokens,
    };

    private static int Tokens(int characters) => (characters + CharactersPerToken - 1) / CharactersPerToken;
}
