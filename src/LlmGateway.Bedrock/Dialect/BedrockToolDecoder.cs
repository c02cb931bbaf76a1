using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Reads the tools of a request: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html.</summary>
internal static class BedrockToolDecoder
{
    private const string Name = BedrockDialect.DialectName;

    public static IReadOnlyList<LlmTool> ToolsOf(JsonElement root)
    {
        var tools = new List<LlmTool>();
        if (root.Object("toolConfig"u8) is not { } config) return tools;
        foreach (var tool in config.Items("tools"u8))
        {
            if (tools.Count > 0 && tools[^1].Cache is null && BedrockBlockDecoder.CacheOf(tool) is { } mark) tools[^1] = tools[^1] with { Cache = mark };
            else tools.Add(ToolOf(tool));
        }

        return tools;
    }

    /// <summary>Null where there is none, or one of an unknown kind, which travels in the bag.</summary>
    public static LlmToolChoice? ChoiceOf(JsonElement root)
    {
        if (root.Object("toolConfig"u8)?.Object("toolChoice"u8) is not { } choice || choice.GetPropertyCount() != 1) return null;
        if (choice.Object("auto"u8) is { } auto && auto.GetPropertyCount() == 0) return new LlmToolChoice(LlmToolChoiceMode.Auto);
        if (choice.Object("any"u8) is { } any && any.GetPropertyCount() == 0) return new LlmToolChoice(LlmToolChoiceMode.Required);
        if (choice.Object("tool"u8) is { } tool && BedrockBlockDecoder.HasOnly(tool, "name") && tool.Text("name"u8) is { } name) return LlmToolChoice.Named(name);
        return null;
    }

    private static LlmTool ToolOf(JsonElement tool)
    {
        if (tool.ValueKind != JsonValueKind.Object) throw BedrockRequestDecoder.Invalid("toolConfig.tools: it holds something that is no object.");
        if (!BedrockBlockDecoder.HasOnly(tool, "toolSpec") || tool.Object("toolSpec"u8) is not { } spec)
        {
            var kind = tool.Object("systemTool"u8)?.Text("name"u8) ?? (tool.GetPropertyCount() > 0 ? tool.EnumerateObject().First().Name : "tool");
            return LlmTool.VendorSide(kind, new RawPart(Name, tool.GetRawText()));
        }

        var name = spec.Text("name"u8) ?? throw BedrockRequestDecoder.Invalid("toolConfig.tools: a name is missing, or not a string.");
        var schema = spec.Object("inputSchema"u8);
        var isRead = schema is { } input && BedrockBlockDecoder.HasOnly(input, "json") && input.Object("json"u8) is not null;
        if (!isRead) return LlmTool.VendorSide(name, new RawPart(Name, tool.GetRawText()));
        return new LlmTool(name, spec.Text("description"u8), schema!.Value.Object("json"u8)!.Value.Clone())
        {
            Strict = spec.Flag("strict"u8),
            Extensions = BagReader.Rest(spec, Name, member => member switch
            {
                "name" or "inputSchema" => true,
                "description" => spec.Text("description"u8) is not null,
                "strict" => spec.Flag("strict"u8) is not null,
                _ => false,
            }),
        };
    }
}
