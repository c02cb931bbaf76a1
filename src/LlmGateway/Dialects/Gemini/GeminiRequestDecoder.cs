using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Reads the body of generateContent; the model and whether to stream stand in the URL.</summary>
internal static class GeminiRequestDecoder
{
    private const string Name = GeminiDialect.DialectName;
    private const string OfConfig = "generationConfig.";
    private const string OfThinking = "generationConfig.thinkingConfig.";

    private static readonly HashSet<string> Known =
        ["model", "contents", "systemInstruction", "system_instruction", "generationConfig", "generation_config", "tools", "toolConfig", "tool_config", "labels"];

    private static readonly HashSet<string> KnownOfConfig =
    [
        "temperature", "topP", "top_p", "topK", "top_k", "maxOutputTokens", "max_output_tokens", "stopSequences", "stop_sequences", "seed", "presencePenalty", "presence_penalty",
        "frequencyPenalty", "frequency_penalty", "responseLogprobs", "response_logprobs", "logprobs", "responseMimeType", "response_mime_type",
        "responseJsonSchema", "response_json_schema", "_responseJsonSchema", "responseSchema", "response_schema", "thinkingConfig", "thinking_config",
    ];

    public static LlmRequest Decode(ReadOnlyMemory<byte> body, RequestAddress address)
        => RequestRead.Parse(body, "The request", root => Decode(root, address));

    private static LlmRequest Decode(JsonElement root, RequestAddress address)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Invalid("The request is not a JSON object.");
        if ((root.Member("contents"u8, JsonValueKind.Array) ?? root.Object("contents"u8)) is not { } contents) throw Invalid("contents is missing, or not a list.");
        var model = address.Model ?? root.Text("model"u8) ?? throw Invalid("model is missing: it stands in the URL.");
        var config = root.AskedObjectOf("generationConfig"u8, "generation_config"u8) ?? default;
        var schema = SchemaOf(config);
        var calling = root.AskedObjectOf("toolConfig"u8, "tool_config"u8)?.AskedObjectOf("functionCallingConfig"u8, "function_calling_config"u8, "toolConfig.");
        return new LlmRequest
        {
            Model = model.StartsWith("models/", StringComparison.Ordinal) ? model["models/".Length..] : model,
            Messages = GeminiContentDecoder.Decode(root, contents),
            MaxTokens = config.AskedIntOf("maxOutputTokens"u8, "max_output_tokens"u8, OfConfig),
            Temperature = config.AskedReal("temperature"u8, OfConfig, mayBeText: true),
            TopP = config.AskedRealOf("topP"u8, "top_p"u8, OfConfig),
            TopK = config.AskedIntOf("topK"u8, "top_k"u8, OfConfig),
            StopSequences = [.. config.AskedTexts("stopSequences"u8, OfConfig), .. config.AskedTexts("stop_sequences"u8, OfConfig)],
            Seed = config.AskedWhole("seed"u8, OfConfig, mayBeText: true),
            PresencePenalty = config.AskedRealOf("presencePenalty"u8, "presence_penalty"u8, OfConfig),
            FrequencyPenalty = config.AskedRealOf("frequencyPenalty"u8, "frequency_penalty"u8, OfConfig),
            LogProbs = config.AskedFlag("responseLogprobs"u8, OfConfig) ?? config.AskedFlag("response_logprobs"u8, OfConfig),
            TopLogProbs = config.AskedInt("logprobs"u8, OfConfig, mayBeText: true),
            OutputSchema = schema,
            JsonMode = schema is null && config.AskedTextOf("responseMimeType"u8, "response_mime_type"u8, OfConfig) == "application/json",
            Reasoning = ReasoningOf(config),
            Tools = [.. root.OneOrMore("tools"u8).SelectMany(ToolsOf)],
            ToolChoice = ChoiceOf(calling),
            Metadata = LabelsOf(root),
            Stream = address.Stream ?? false,
            Extensions = Extras(root, config),
        };
    }

    /// <summary>What configuration and tool configuration say beyond the known travels in objects of its own.</summary>
    private static LlmExtensions? Extras(JsonElement root, JsonElement config)
    {
        var all = new List<KeyValuePair<string, string>>();
        foreach (var member in BagReader.Rest(root, Name, Known.Contains)?.Members ?? new Dictionary<string, string>()) all.Add(member);
        var mime = config.TextOf("responseMimeType"u8, "response_mime_type"u8);
        var rest = BagReader.Rest(config, Name, name => IsUsual(config, name) || (KnownOfConfig.Contains(name) && !(name is "responseMimeType" or "response_mime_type" && mime is not (null or "application/json" or "text/plain"))));
        if (rest is not null) all.Add(new("generationConfig", BagObject.ToObject(rest.Members)));
        if (root.ObjectOf("toolConfig"u8, "tool_config"u8) is { } tools && ExtrasOfTools(tools) is { } more) all.Add(new("toolConfig", more));
        return all.Count == 0 ? null : new LlmExtensions(Name, all);
    }

    /// <summary>One answer is all that other protocols could give.</summary>
    private static bool IsUsual(JsonElement config, string name) => name is "candidateCount" or "candidate_count" && config.IntOf("candidateCount"u8, "candidate_count"u8) == 1;

    /// <summary>The mode is among them where the middle has no word for it.</summary>
    private static string? ExtrasOfTools(JsonElement tools)
    {
        var all = new List<KeyValuePair<string, string>>();
        if (tools.ObjectOf("functionCallingConfig"u8, "function_calling_config"u8) is { } calling)
        {
            var isKnown = calling.Text("mode"u8) is "NONE" or "ANY" or "AUTO" or null || Allowed(calling).Count > 0;
            if (BagReader.Rest(calling, Name, name => name is "allowedFunctionNames" or "allowed_function_names" || (name == "mode" && isKnown)) is { } rest) all.Add(new(GeminiToolEncoder.Calling, BagObject.ToObject(rest.Members)));
        }

        all.AddRange(BagReader.Rest(tools, Name, static name => name is "functionCallingConfig" or "function_calling_config")?.Members ?? new Dictionary<string, string>());
        return all.Count == 0 ? null : BagObject.ToObject(all);
    }

    private static OutputSchema? SchemaOf(JsonElement config)
    {
        var schema = config.AskedObjectOf("responseJsonSchema"u8, "response_json_schema"u8, OfConfig) ?? config.AskedObject("_responseJsonSchema"u8, OfConfig);
        if (schema is null && config.AskedObjectOf("responseSchema"u8, "response_schema"u8, OfConfig) is { } open) schema = GeminiOpenApi.ToJsonSchema(open);
        return schema is { } found ? new OutputSchema("answer", found.Clone(), OutputMode.Native) : null;
    }

    private static LlmReasoning? ReasoningOf(JsonElement config)
    {
        if (config.AskedObjectOf("thinkingConfig"u8, "thinking_config"u8, OfConfig) is not { } thinking) return null;
        var budget = thinking.AskedIntOf("thinkingBudget"u8, "thinking_budget"u8, OfThinking);
        return new LlmReasoning
        {
            Enabled = budget == 0 ? false : null,
            BudgetTokens = budget == 0 ? null : budget,
            Effort = thinking.AskedTextOf("thinkingLevel"u8, "thinking_level"u8, OfThinking)?.ToLowerInvariant(),
            Summary = (thinking.AskedFlag("includeThoughts"u8, OfThinking) ?? thinking.AskedFlag("include_thoughts"u8, OfThinking)) switch { true => "auto", false => "none", null => null },
        };
    }

    private static IEnumerable<LlmTool> ToolsOf(JsonElement tool)
    {
        if (tool.ValueKind != JsonValueKind.Object) throw Invalid("tools[] holds something that is no object.");
        foreach (var function in (IEnumerable<JsonElement>)[.. tool.OneOrMore("functionDeclarations"u8, "tools[]."), .. tool.OneOrMore("function_declarations"u8, "tools[].")])
        {
            yield return new LlmTool(
                function.Text("name"u8) ?? throw Invalid("tools[].functionDeclarations[].name is missing, or not a string."),
                function.AskedText("description"u8, "tools[].functionDeclarations[]."),
                ParametersOf(function))
            {
                Extensions = BagReader.Rest(function, Name, static name => name is "name" or "description" or "parameters" or "parametersJsonSchema" or "parameters_json_schema"),
            };
        }

        foreach (var member in tool.EnumerateObject())
        {
            if (member.Name is "functionDeclarations" or "function_declarations") continue;
            yield return LlmTool.VendorSide(member.Name, new RawPart(Name, BagObject.ToObject([new(member.Name, member.Value.GetRawText())])));
        }
    }

    private static JsonElement ParametersOf(JsonElement function)
    {
        if (function.AskedObjectOf("parametersJsonSchema"u8, "parameters_json_schema"u8, "tools[].functionDeclarations[].") is { } schema) return schema.Clone();
        return function.AskedObject("parameters"u8, "tools[].functionDeclarations[].") is { } open ? GeminiOpenApi.ToJsonSchema(open) : default;
    }

    private static LlmToolChoice? ChoiceOf(JsonElement? calling)
    {
        if (calling is not { } config) return null;
        var allowed = Allowed(config);
        return config.Text("mode"u8) switch
        {
            "NONE" => new LlmToolChoice(LlmToolChoiceMode.None),
            "ANY" when allowed.Count == 1 => LlmToolChoice.Named(allowed[0]),
            "ANY" => new LlmToolChoice(LlmToolChoiceMode.Required) { AllowedTools = allowed.Count > 0 ? allowed : null },
            _ => new LlmToolChoice(LlmToolChoiceMode.Auto) { AllowedTools = allowed.Count > 0 ? allowed : null },
        };
    }

    private static List<string> Allowed(JsonElement calling) => calling.Texts("allowedFunctionNames"u8) is { Count: > 0 } names ? names : calling.Texts("allowed_function_names"u8);

    private static Dictionary<string, string> LabelsOf(JsonElement root)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (root.AskedObject("labels"u8) is not { } all) return labels;
        foreach (var label in all.EnumerateObject()) labels[label.Name] = label.Value.ValueKind == JsonValueKind.String ? label.Value.GetString()! : label.Value.GetRawText();
        return labels;
    }

    internal static DialectException Invalid(string message) => new(ProviderErrorKind.InvalidRequest, message);
}
