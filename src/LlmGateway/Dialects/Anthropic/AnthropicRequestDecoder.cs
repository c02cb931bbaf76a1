using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Reads the body of <c>POST /v1/messages</c>.</summary>
internal static class AnthropicRequestDecoder
{
    private const string Name = AnthropicDialect.DialectName;

    private static readonly HashSet<string> Known =
    [
        "model", "max_tokens", "messages", "system", "temperature", "top_p", "top_k", "stop_sequences", "tools", "tool_choice", "thinking", "service_tier", "stream",
    ];

    public static LlmRequest Decode(ReadOnlyMemory<byte> body, bool isCount) => RequestRead.Parse(body, "The request", root => Decode(root, isCount));

    private static LlmRequest Decode(JsonElement root, bool isCount)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Invalid("The request is not a JSON object.");
        if (root.Member("messages"u8, JsonValueKind.Array) is not { } messages) throw Invalid("messages: it is missing, or not a list.");
        var metadata = root.AskedObject("metadata"u8);
        var choice = root.AskedObject("tool_choice"u8);
        return new LlmRequest
        {
            Model = root.Text("model"u8) ?? throw Invalid("model: it is missing, or not a string."),
            Messages = AnthropicMessageDecoder.Decode(root, messages),
            MaxTokens = root.AskedInt("max_tokens"u8) is >= 1 and var maxTokens ? maxTokens : isCount ? null : throw Invalid("max_tokens: it is missing, or not a number from 1 up."),
            Temperature = root.AskedReal("temperature"u8),
            TopP = root.AskedReal("top_p"u8),
            TopK = root.AskedInt("top_k"u8),
            StopSequences = root.AskedTexts("stop_sequences"u8),
            Tools = [.. root.AskedItems("tools"u8).Select(ToolOf)],
            ToolChoice = ChoiceOf(choice),
            ParallelToolCalls = choice?.AskedFlag("disable_parallel_tool_use"u8, "tool_choice.") is { } disabled ? !disabled : null,
            OutputSchema = SchemaOf(root),
            Reasoning = ReasoningOf(root),
            ServiceTier = root.AskedText("service_tier"u8),
            User = metadata?.AskedText("user_id"u8, "metadata."),
            Stream = root.AskedFlag("stream"u8) ?? false,
            Extensions = Extras(root),
        };
    }

    /// <summary>Of the objects that the middle knows in part, the rest travels under their own names.</summary>
    private static LlmExtensions? Extras(JsonElement root)
    {
        var all = new List<KeyValuePair<string, string>>(BagReader.Rest(root, Name, name => Known.Contains(name) || IsObject(root, name))?.Members ?? new Dictionary<string, string>());
        AddRest("metadata", BagReader.Rest(root.Object("metadata"u8) ?? default, Name, static name => name == "user_id"));
        AddRest("output_config", BagReader.Rest(root.Object("output_config"u8) ?? default, Name, static name => name is "effort" or "format"));
        return all.Count == 0 ? null : new LlmExtensions(Name, all);

        void AddRest(string name, LlmExtensions? rest)
        {
            if (rest is not null) all.Add(new(name, BagObject.ToObject(rest.Members)));
        }
    }

    private static bool IsObject(JsonElement root, string name) => name is "metadata" or "output_config" && root.GetProperty(name).ValueKind is JsonValueKind.Object or JsonValueKind.Null;

    private static LlmTool ToolOf(JsonElement tool)
    {
        if (tool.ValueKind != JsonValueKind.Object) throw Invalid("tools: it holds something that is no object.");
        var name = tool.Text("name"u8);
        if (tool.Text("type"u8) is { } type and not "custom") return LlmTool.VendorSide(name ?? type, new RawPart(Name, tool.GetRawText()));
        return new LlmTool(name ?? throw Invalid("tools: a name is missing, or not a string."), tool.AskedText("description"u8, "tools[]."), tool.AskedObject("input_schema"u8, "tools[].")?.Clone() ?? default)
        {
            Strict = tool.AskedFlag("strict"u8, "tools[]."),
            Cache = AnthropicMessageDecoder.CacheOf(tool),
            Extensions = BagReader.Rest(tool, Name, member => member is "name" or "type" or "description" or "input_schema" or "strict" or "cache_control"),
        };
    }

    private static LlmToolChoice? ChoiceOf(JsonElement? choice) => choice?.Text("type"u8) switch
    {
        null => null,
        "none" => new LlmToolChoice(LlmToolChoiceMode.None),
        "any" => new LlmToolChoice(LlmToolChoiceMode.Required),
        "tool" => LlmToolChoice.Named(choice.Value.Text("name"u8) ?? throw Invalid("tool_choice.name: it is missing, or not a string.")),
        _ => new LlmToolChoice(LlmToolChoiceMode.Auto),
    };

    private static OutputSchema? SchemaOf(JsonElement root)
    {
        // output_format is the beta's older place for it.
        var format = root.AskedObject("output_config"u8)?.AskedObject("format"u8, "output_config.") ?? root.Object("output_format"u8);
        if (format?.Text("type"u8) != "json_schema") return null;
        return new OutputSchema("answer", format.Value.Object("schema"u8)?.Clone() ?? throw Invalid("output_config.format.schema: it is missing, or not an object."), OutputMode.Native);
    }

    private static LlmReasoning? ReasoningOf(JsonElement root)
    {
        var effort = root.AskedObject("output_config"u8)?.AskedText("effort"u8, "output_config.");
        if (root.AskedObject("thinking"u8) is not { } thinking) return effort is null ? null : new LlmReasoning { Effort = effort };
        return new LlmReasoning
        {
            Effort = effort,
            Enabled = thinking.Text("type"u8) != "disabled",
            BudgetTokens = thinking.AskedInt("budget_tokens"u8, "thinking."),
            Summary = thinking.Text("display"u8) switch { "omitted" => "none", "summarized" => "auto", var other => other },
        };
    }

    internal static DialectException Invalid(string message) => new(ProviderErrorKind.InvalidRequest, message);
}
