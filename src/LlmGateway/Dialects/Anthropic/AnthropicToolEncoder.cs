using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Writes the tools of a request, and whether they are to be called: https://platform.claude.com/docs/en/agents-and-tools/tool-use/implement-tool-use.</summary>
internal static class AnthropicToolEncoder
{
    private const string Name = AnthropicDialect.DialectName;

    public static void Write(Utf8JsonWriter json, LlmRequest request, List<string> losses)
    {
        var tools = Usable(request, losses);
        if (tools.Count == 0)
        {
            if (request.ToolChoice is { Mode: LlmToolChoiceMode.Required or LlmToolChoiceMode.Named }) throw new DialectException(ProviderErrorKind.InvalidRequest, "A tool must be called, but the request defines none: give tools, or leave tool_choice out.");
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in tools) WriteTool(json, tool, losses);
        json.WriteEndArray();
        WriteChoice(json, request);
    }

    /// <summary>There is no choice among some of the tools here; leaving the others out says the same.</summary>
    private static List<LlmTool> Usable(LlmRequest request, List<string> losses)
    {
        var tools = new List<LlmTool>();
        var allowed = request.ToolChoice?.AllowedTools;
        foreach (var tool in request.Tools)
        {
            if (tool.Raw is { } raw && raw.Dialect != Name) losses.NoPlace($"{raw.Dialect}'s tool {tool.Name}", Name);
            else if (allowed?.Contains(tool.Name) == false) losses.Once($"tools that tool_choice does not allow were left out: the {Name} dialect has no list of allowed ones.");
            else tools.Add(tool);
        }

        return tools;
    }

    private static void WriteTool(Utf8JsonWriter json, LlmTool tool, List<string> losses)
    {
        if (tool.Raw is { } raw)
        {
            json.WriteExact(raw.Json, $"The tool '{tool.Name}'");
            return;
        }

        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description) json.WriteString("description"u8, description);
        json.WritePropertyName("input_schema"u8);
        if (tool.Parameters.ValueKind == JsonValueKind.Undefined)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "object"u8);
            json.WriteEndObject();
        }
        else
        {
            tool.Parameters.WriteTo(json);
        }

        if (tool.Strict is { } strict) json.WriteBoolean("strict"u8, strict);
        AnthropicBlockEncoder.WriteCache(json, tool.Cache);
        json.WriteBag(losses.Own(tool.Extensions, Name, "tools[]"));
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, LlmRequest request)
    {
        if (request.ToolChoice is null && request.ParallelToolCalls is not false) return;
        var choice = request.ToolChoice ?? new LlmToolChoice(LlmToolChoiceMode.Auto);
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, choice.Mode switch
        {
            LlmToolChoiceMode.None => "none"u8,
            LlmToolChoiceMode.Required => "any"u8,
            LlmToolChoiceMode.Named => "tool"u8,
            _ => "auto"u8,
        });
        if (choice is { Mode: LlmToolChoiceMode.Named, ToolName: { } name }) json.WriteString("name"u8, name);
        if (choice.Mode != LlmToolChoiceMode.None && request.ParallelToolCalls is { } parallel) json.WriteBoolean("disable_parallel_tool_use"u8, !parallel);
        json.WriteEndObject();
    }
}
