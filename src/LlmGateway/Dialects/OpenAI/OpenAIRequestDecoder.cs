using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Reads the body of <c>POST /chat/completions</c>.</summary>
internal static class OpenAIRequestDecoder
{
    private const string Name = OpenAIDialect.DialectName;

    private static readonly HashSet<string> Known =
    [
        "model", "messages", "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "stop", "seed", "frequency_penalty", "presence_penalty",
        "logprobs", "top_logprobs", "tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort", "service_tier", "metadata", "user", "stream",
        "functions", "function_call",
    ];

    public static LlmRequest Decode(ReadOnlyMemory<byte> body) => RequestRead.Parse(body, "The request", Decode);

    private static LlmRequest Decode(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Invalid("The request is not a JSON object.");
        if (root.Member("messages"u8, JsonValueKind.Array) is not { } messages) throw Invalid("messages is missing, or not a list.");
        var stream = root.AskedFlag("stream"u8) ?? false;
        return new LlmRequest
        {
            Model = root.Text("model"u8) ?? throw Invalid("model is missing, or not a string."),
            Messages = OpenAIMessageDecoder.Decode(messages),
            MaxTokens = root.AskedInt("max_completion_tokens"u8) ?? root.AskedInt("max_tokens"u8),
            Temperature = root.AskedReal("temperature"u8),
            TopP = root.AskedReal("top_p"u8),
            TopK = root.AskedInt("top_k"u8),
            StopSequences = root.AskedTexts("stop"u8),
            Seed = root.AskedWhole("seed"u8),
            FrequencyPenalty = root.AskedReal("frequency_penalty"u8),
            PresencePenalty = root.AskedReal("presence_penalty"u8),
            LogProbs = root.AskedFlag("logprobs"u8),
            TopLogProbs = root.AskedInt("top_logprobs"u8),
            Tools = [.. root.AskedItems("tools"u8).Select(ToolOf), .. root.AskedItems("functions"u8).Select(function => FunctionOf(function, function))],
            ToolChoice = ChoiceOf(root),
            ParallelToolCalls = root.AskedFlag("parallel_tool_calls"u8),
            OutputSchema = SchemaOf(root),
            JsonMode = root.AskedObject("response_format"u8)?.AskedText("type"u8, "response_format.") == "json_object",
            Reasoning = root.AskedText("reasoning_effort"u8) is { } effort ? LlmReasoning.OfEffort(effort) : null,
            ServiceTier = root.AskedText("service_tier"u8),
            Metadata = MetadataOf(root),
            User = root.AskedText("user"u8),
            Stream = stream,
            Extensions = BagReader.Rest(root, Name, name => Known.Contains(name) ? IsRead(root, name) : IsUsual(root, name)),
        };
    }

    /// <summary>Formats and choices that the middle has no name for travel in the bag, which the encoder then writes instead of its own.</summary>
    private static bool IsRead(JsonElement root, string name) => name switch
    {
        "response_format" => root.Object("response_format"u8) is not { } format || format.Text("type"u8) is "text" or "json_object" || SchemaOf(root) is not null,
        "tool_choice" => root.Object("tool_choice"u8) is not { } choice || choice.Text("type"u8) is null or "function" || (choice.Object("allowed_tools"u8) is { } allowed && allowed.Items("tools"u8).All(tool => tool.Text("type"u8) is null or "function")),
        _ => true,
    };

    /// <summary>What every encoder asks for anyway, and what no protocol could do otherwise, is nothing to carry along.</summary>
    private static bool IsUsual(JsonElement root, string name) => name switch
    {
        "stream_options" => root.Object("stream_options"u8) is { } options && options.Flag("include_usage"u8) == true && options.EnumerateObject().Count() == 1,
        "n" => root.Whole("n"u8) == 1,
        _ => false,
    };

    private static LlmTool ToolOf(JsonElement tool)
    {
        if (tool.ValueKind != JsonValueKind.Object) throw Invalid("tools[] holds something that is no object.");
        if (tool.Object("function"u8) is not { } function || tool.Text("type"u8) is not ("function" or null))
        {
            return LlmTool.VendorSide(tool.Object("custom"u8)?.Text("name"u8) ?? tool.Text("type"u8) ?? "", new RawPart(Name, tool.GetRawText()));
        }

        return FunctionOf(tool, function);
    }

    /// <summary>A function in a tool, or one of the form before tools, which stands by itself.</summary>
    private static LlmTool FunctionOf(JsonElement tool, JsonElement function)
    {
        return new LlmTool(
            function.Text("name"u8) ?? throw Invalid("tools[].function.name is missing, or not a string."),
            function.AskedText("description"u8, "tools[].function."),
            function.AskedObject("parameters"u8, "tools[].function.")?.Clone() ?? default)
        {
            Strict = function.AskedFlag("strict"u8, "tools[].function."),
            Cache = OpenAIMessageDecoder.CacheOf(tool),
            Extensions = BagReader.Rest(function, Name, name => name is "name" or "description" or "parameters" or "strict"),
        };
    }

    private static LlmToolChoice? ChoiceOf(JsonElement root)
    {
        if ((root.Text("tool_choice"u8) ?? root.Text("function_call"u8)) is { } word)
        {
            return new LlmToolChoice(word switch
            {
                "none" => LlmToolChoiceMode.None,
                "required" or "any" => LlmToolChoiceMode.Required,
                _ => LlmToolChoiceMode.Auto,
            });
        }

        if (root.AskedObjectOrText("function_call"u8)?.Text("name"u8) is { } function) return LlmToolChoice.Named(function);
        if (root.AskedObjectOrText("tool_choice"u8) is not { } choice) return null;
        if (choice.Object("allowed_tools"u8) is { } allowed)
        {
            return new LlmToolChoice(allowed.Text("mode"u8) == "required" ? LlmToolChoiceMode.Required : LlmToolChoiceMode.Auto)
            {
                AllowedTools = [.. allowed.Items("tools"u8).Select(tool => tool.Object("function"u8)?.Text("name"u8) ?? tool.Text("name"u8)).OfType<string>()],
            };
        }

        if ((choice.Object("function"u8) ?? choice.Object("custom"u8))?.Text("name"u8) is { } name) return LlmToolChoice.Named(name);
        return choice.Text("type"u8) is null or "function" or "custom" ? throw Invalid("tool_choice.function.name is missing, or not a string.") : null;
    }

    private static OutputSchema? SchemaOf(JsonElement root)
    {
        if (root.Object("response_format"u8) is not { } format || format.Text("type"u8) != "json_schema") return null;
        var inner = format.Object("json_schema"u8) ?? throw Invalid("response_format.json_schema is missing, or not an object.");

        // Documented as optional: https://github.com/openai/openai-openapi, ResponseFormatJsonSchema. A name alone is nothing that another vendor could use.
        if (!inner.TryGetProperty("schema"u8, out var schema) || schema.ValueKind == JsonValueKind.Null) return null;
        if (schema.ValueKind != JsonValueKind.Object) throw Invalid("response_format.json_schema.schema is not an object.");
        return new OutputSchema(inner.Text("name"u8) ?? "answer", schema.Clone(), OutputMode.Native)
        {
            Description = inner.Text("description"u8),
            Strict = inner.AskedFlag("strict"u8, "response_format.json_schema.") ?? false,
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
