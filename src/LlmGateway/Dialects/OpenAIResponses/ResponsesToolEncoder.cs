using System.Text.Json;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>Writes the tools of a request, which are flat here, and whether they are to be called.</summary>
internal static class ResponsesToolEncoder
{
    private const string Name = ResponsesDialect.DialectName;

    public static void Write(Utf8JsonWriter json, LlmRequest request, List<string> losses)
    {
        var tools = request.Tools.Where(tool => tool.Raw is null || tool.Raw.Dialect == Name).ToList();
        foreach (var tool in request.Tools.Except(tools)) losses.NoPlace($"{tool.Raw!.Dialect}'s tool {tool.Name}", Name);
        if (tools.Count == 0)
        {
            if (request.ToolChoice is { Mode: LlmToolChoiceMode.Required or LlmToolChoiceMode.Named }) throw new DialectException(ProviderErrorKind.InvalidRequest, "A tool must be called, but the request defines none: give tools, or leave tool_choice out.");
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var tool in tools) WriteTool(json, tool, losses);
        json.WriteEndArray();
        if (request.ToolChoice is { } choice && !(request.Extensions is { Dialect: Name } own && own.Members.ContainsKey("tool_choice"))) WriteChoice(json, choice);
        if (request.ParallelToolCalls is { } parallel) json.WriteBoolean("parallel_tool_calls"u8, parallel);
    }

    private static void WriteTool(Utf8JsonWriter json, LlmTool tool, List<string> losses)
    {
        if (tool.Cache is not null) losses.NoPlace("cache mark", Name);
        if (tool.Raw is { } raw)
        {
            json.WriteExact(raw.Json, $"The tool '{tool.Name}'");
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description) json.WriteString("description"u8, description);
        json.WritePropertyName("parameters"u8);
        if (tool.Parameters.ValueKind == JsonValueKind.Undefined) json.WriteNullValue();
        else tool.Parameters.WriteTo(json);

        // Strict is the default here, and refuses schemas that are not: https://platform.openai.com/docs/guides/function-calling#strict-mode.
        json.WriteBoolean("strict"u8, tool.Strict ?? false);
        json.WriteBag(losses.Own(tool.Extensions, Name, "tools[]"));
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, LlmToolChoice choice)
    {
        json.WritePropertyName("tool_choice"u8);
        if (choice.Mode == LlmToolChoiceMode.Named)
        {
            WriteFunction(json, choice.ToolName ?? "");
        }
        else if (choice.AllowedTools is { } allowed)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "allowed_tools"u8);
            json.WriteString("mode"u8, choice.Mode == LlmToolChoiceMode.Required ? "required"u8 : "auto"u8);
            json.WriteStartArray("tools"u8);
            foreach (var name in allowed) WriteFunction(json, name);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        else
        {
            json.WriteStringValue(choice.Mode switch
            {
                LlmToolChoiceMode.None => "none"u8,
                LlmToolChoiceMode.Required => "required"u8,
                _ => "auto"u8,
            });
        }
    }

    private static void WriteFunction(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, name);
        json.WriteEndObject();
    }
}
