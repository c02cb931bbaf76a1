using System.Text.Json;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>Reads the body of <c>POST /responses</c>.</summary>
internal static class ResponsesRequestDecoder
{
    private const string Name = ResponsesDialect.DialectName;

    private static readonly HashSet<string> Known =
    [
        "model", "input", "instructions", "max_output_tokens", "temperature", "top_p", "top_logprobs", "tools", "tool_choice", "parallel_tool_calls", "text", "reasoning",
        "service_tier", "metadata", "user", "stream",
    ];

    public static LlmRequest Decode(ReadOnlyMemory<byte> body) => RequestRead.Parse(body, "The request", Decode);

    private static LlmRequest Decode(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Invalid("The request is not a JSON object.");
        var reasoning = root.AskedObject("reasoning"u8);
        return new LlmRequest
        {
            Model = root.Text("model"u8) ?? throw Invalid("model is missing, or not a string."),
            Messages = ResponsesInputDecoder.Decode(root),
            MaxTokens = root.AskedInt("max_output_tokens"u8),
            Temperature = root.AskedReal("temperature"u8),
            TopP = root.AskedReal("top_p"u8),
            TopLogProbs = root.AskedInt("top_logprobs"u8),
            LogProbs = root.Texts("include"u8).Contains("message.output_text.logprobs") ? true : null,
            Tools = [.. root.AskedItems("tools"u8).Select(ToolOf)],
            ToolChoice = ChoiceOf(root),
            ParallelToolCalls = root.AskedFlag("parallel_tool_calls"u8),
            OutputSchema = SchemaOf(root),
            JsonMode = root.AskedObject("text"u8)?.AskedObject("format"u8, "text.")?.Text("type"u8) == "json_object",
            Reasoning = reasoning is { } asked && (asked.AskedText("effort"u8, "reasoning.") ?? asked.AskedText("summary"u8, "reasoning.")) is not null ? LlmReasoning.OfEffort(asked.Text("effort"u8)) with { Summary = asked.AskedText("summary"u8, "reasoning.") } : null,
            ServiceTier = root.AskedText("service_tier"u8),
            Metadata = MetadataOf(root),
            User = root.AskedText("user"u8),
            Stream = root.AskedFlag("stream"u8) ?? false,

            // Never null: what came in this dialect says by itself what the vendor is to keep.
            Extensions = new LlmExtensions(Name, Extras(root)),
        };
    }

    private static List<KeyValuePair<string, string>> Extras(JsonElement root)
    {
        var all = new List<KeyValuePair<string, string>>(BagReader.Rest(root, Name, name => Known.Contains(name) && (name != "tool_choice" || IsRead(root)))?.Members ?? new Dictionary<string, string>());
        if (root.Object("text"u8) is { } text)
        {
            var isKnown = text.Object("format"u8) is not { } format || format.Text("type"u8) is "text" or "json_object" or "json_schema";
            if (BagReader.Rest(text, Name, field => field == "format" && isKnown) is { } rest) all.Add(new("text", BagObject.ToObject(rest.Members)));
        }

        if (root.Object("reasoning"u8) is { } reasoning && BagReader.Rest(reasoning, Name, static field => field is "effort" or "summary") is { } more) all.Add(new("reasoning", BagObject.ToObject(more.Members)));
        return all;
    }

    /// <summary>A choice of anything but functions travels in the bag, which the encoder then writes instead of its own.</summary>
    private static bool IsRead(JsonElement root)
        => root.Object("tool_choice"u8) is not { } choice || choice.Text("type"u8) is null or "function" || (choice.Text("type"u8) == "allowed_tools" && choice.Items("tools"u8).All(tool => tool.Text("type"u8) == "function"));

    private static LlmTool ToolOf(JsonElement tool)
    {
        if (tool.ValueKind != JsonValueKind.Object) throw Invalid("tools[] holds something that is no object.");
        var type = tool.Text("type"u8);
        if (type != "function") return LlmTool.VendorSide(tool.Text("name"u8) ?? type ?? "", new RawPart(Name, tool.GetRawText()));
        return new LlmTool(tool.Text("name"u8) ?? throw Invalid("tools[].name is missing, or not a string."), tool.AskedText("description"u8, "tools[]."), tool.AskedObject("parameters"u8, "tools[].")?.Clone() ?? default)
        {
            Strict = tool.AskedFlag("strict"u8, "tools[].") ?? true,
            Extensions = BagReader.Rest(tool, Name, static field => field is "type" or "name" or "description" or "parameters" or "strict"),
        };
    }

    private static LlmToolChoice? ChoiceOf(JsonElement root)
    {
        if (root.Text("tool_choice"u8) is { } word)
        {
            return new LlmToolChoice(word switch
            {
                "none" => LlmToolChoiceMode.None,
                "required" => LlmToolChoiceMode.Required,
                _ => LlmToolChoiceMode.Auto,
            });
        }

        if (root.AskedObjectOrText("tool_choice"u8) is not { } choice) return null;
        if (choice.Text("type"u8) == "allowed_tools")
        {
            return new LlmToolChoice(choice.Text("mode"u8) == "required" ? LlmToolChoiceMode.Required : LlmToolChoiceMode.Auto)
            {
                AllowedTools = [.. choice.Items("tools"u8).Select(tool => tool.Text("name"u8)).OfType<string>()],
            };
        }

        if (choice.Text("type"u8) is not (null or "function" or "custom")) return null; // A tool of the vendor's, which the bag names.
        return LlmToolChoice.Named(choice.Text("name"u8) ?? throw Invalid("tool_choice.name is missing, or not a string."));
    }

    private static OutputSchema? SchemaOf(JsonElement root)
    {
        if (root.Object("text"u8)?.Object("format"u8) is not { } format || format.Text("type"u8) != "json_schema") return null;
        return new OutputSchema(format.Text("name"u8) ?? "answer", format.Object("schema"u8)?.Clone() ?? throw Invalid("text.format.schema is missing, or not an object."), OutputMode.Native)
        {
            Description = format.Text("description"u8),
            Strict = format.AskedFlag("strict"u8, "text.format.") ?? false,
        };
    }

    private static Dictionary<string, string> MetadataOf(JsonElement root)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.AskedObject("metadata"u8) is not { } labels) return metadata;
        foreach (var label in labels.EnumerateObject()) metadata[label.Name] = label.Value.ValueKind == JsonValueKind.String ? label.Value.GetString()! : label.Value.GetRawText();
        return metadata;
    }

    internal static DialectException Invalid(string message) => new(ProviderErrorKind.InvalidRequest, message);
}
