using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Writes the tools of a request, and whether they are to be called.</summary>
internal static class OpenAIToolEncoder
{
    private const string Name = OpenAIDialect.DialectName;

    public static void Write(Utf8JsonWriter json, LlmRequest request, WirePeer peer, List<string> losses)
    {
        var tools = request.Tools.Where(tool => tool.Raw is null || tool.Raw.Dialect == Name).ToList();
        foreach (var tool in request.Tools.Except(tools)) losses.NoPlace($"{tool.Raw!.Dialect}'s tool {tool.Name}", Name);
        if (tools.Count == 0)
        {
            if (request.ToolChoice is { Mode: LlmToolChoiceMode.Required or LlmToolChoiceMode.Named }) throw new DialectException(ProviderErrorKind.InvalidRequest, "A tool must be called, but the request defines none: give tools, or leave tool_choice out.");
            return;
        }

        if (!OpenAIRequestEncoder.Takes(peer, "tools", losses)) return;
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools) WriteTool(json, tool, losses);
        json.WriteEndArray();
        WriteChoice(json, request, peer, losses);
        if (request.ParallelToolCalls is { } parallel && OpenAIRequestEncoder.Takes(peer, "parallel_tool_calls", losses)) json.WriteBoolean("parallel_tool_calls"u8, parallel);
    }

    private static void WriteTool(Utf8JsonWriter json, LlmTool tool, List<string> losses)
    {
        if (tool.Cache is not null) losses.NoPlace("cache mark", Name);
        if (tool.Raw is { } raw)
        {
            json.WriteExact(raw.Json, $"The tool '{tool.Name}'");
            return;
        }

        var own = losses.Own(tool.Extensions, Name, "tools[]");
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description) json.WriteString("description"u8, description);
        if (tool.Parameters.ValueKind != JsonValueKind.Undefined)
        {
            json.WritePropertyName("parameters"u8);
            tool.Parameters.WriteTo(json);
        }

        if (tool.Strict is { } strict) json.WriteBoolean("strict"u8, strict);
        json.WriteBag(own);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, LlmRequest request, WirePeer peer, List<string> losses)
    {
        if (request.Extensions is { Dialect: Name } own && own.Members.ContainsKey("tool_choice")) return; // A choice of the dialect's own, which the bag says exactly.
        if (request.ToolChoice is not { } choice || !OpenAIRequestEncoder.Takes(peer, "tool_choice", losses)) return;
        json.WritePropertyName("tool_choice"u8);
        if (choice.Mode == LlmToolChoiceMode.Named)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            WriteName(json, choice.ToolName ?? "");
            json.WriteEndObject();
        }
        else if (choice.AllowedTools is { } allowed)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "allowed_tools"u8);
            json.WriteStartObject("allowed_tools"u8);
            json.WriteString("mode"u8, choice.Mode == LlmToolChoiceMode.Required ? "required"u8 : "auto"u8);
            json.WriteStartArray("tools"u8);
            foreach (var name in allowed)
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "function"u8);
                WriteName(json, name);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
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

    private static void WriteName(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, name);
        json.WriteEndObject();
    }
}
