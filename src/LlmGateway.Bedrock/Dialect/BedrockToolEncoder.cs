using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Writes the tools of a request, and whether they are to be called: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolConfiguration.html.</summary>
internal static class BedrockToolEncoder
{
    private const string Name = BedrockDialect.DialectName;

    /// <param name="json">Where to.</param>
    /// <param name="request">The request.</param>
    /// <param name="called">The names of the tools that the conversation calls, in order.</param>
    /// <param name="own">The request's bag; null for none.</param>
    /// <param name="losses">The losses so far.</param>
    public static void Write(Utf8JsonWriter json, LlmRequest request, IReadOnlyCollection<string> called, LlmExtensions? own, List<string> losses)
    {
        var members = new List<(string Name, Action<Utf8JsonWriter> Write)>();
        var tools = Usable(request, losses);
        if (tools.Count == 0 && request.ToolChoice is { Mode: LlmToolChoiceMode.Required or LlmToolChoiceMode.Named })
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, "A tool must be called, but the request defines none: give tools, or leave tool_choice out.");
        }

        if (request.ToolChoice?.Mode == LlmToolChoiceMode.None && tools.Count > 0)
        {
            if (called.Count == 0)
            {
                losses.Once($"tools were left out, since tool_choice is none: the {Name} dialect has no other way to say it.");
                tools.Clear();
            }
            else
            {
                losses.NoPlace("tool_choice none", Name);
            }
        }

        if (tools.Count == 0 && called.Count > 0)
        {
            // Converse refuses a conversation with calls in it and no tools.
            losses.Once($"the tools that the conversation calls were defined again, by their names alone: the {Name} dialect requires them.");
            tools.AddRange(called.Select(name => new LlmTool(name, null, default)));
        }

        if (tools.Count > 0)
        {
            if (request.ParallelToolCalls == false) losses.NoPlace("parallel_tool_calls", Name);
            members.Add(("tools", writer => WriteTools(writer, tools, losses)));
            if (request.ToolChoice is { Mode: not LlmToolChoiceMode.None } choice) members.Add(("toolChoice", writer => WriteChoice(writer, choice)));
        }

        BedrockContainers.Write(json, "toolConfig", own, members);
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

    private static void WriteTools(Utf8JsonWriter json, List<LlmTool> tools, List<string> losses)
    {
        json.WriteStartArray();
        foreach (var tool in tools)
        {
            if (tool.Raw is { } raw) json.WriteExact(raw.Json, $"The tool '{tool.Name}'");
            else WriteTool(json, tool, losses);
            if (tool.Cache is { } mark) BedrockBlockEncoder.WriteCache(json, mark);
        }

        json.WriteEndArray();
    }

    private static void WriteTool(Utf8JsonWriter json, LlmTool tool, List<string> losses)
    {
        json.WriteStartObject();
        json.WriteStartObject("toolSpec"u8);
        json.WriteString("name"u8, tool.Name);
        if (!string.IsNullOrEmpty(tool.Description)) json.WriteString("description"u8, tool.Description); // An empty one is refused.
        json.WriteStartObject("inputSchema"u8);
        json.WritePropertyName("json"u8);
        if (tool.Parameters.ValueKind == JsonValueKind.Undefined)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "object"u8);
            json.WriteEndObject();
        }
        else
        {
            json.WriteExact(tool.Parameters.GetRawText(), $"The schema of tool '{tool.Name}'");
        }

        json.WriteEndObject();
        if (tool.Strict is { } strict) json.WriteBoolean("strict"u8, strict);
        json.WriteBag(losses.Own(tool.Extensions, Name, "tools[].toolSpec"), static member => member is "name" or "description" or "inputSchema" or "strict");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, LlmToolChoice choice)
    {
        json.WriteStartObject();
        json.WriteStartObject(choice.Mode switch
        {
            LlmToolChoiceMode.Required => "any"u8,
            LlmToolChoiceMode.Named => "tool"u8,
            _ => "auto"u8,
        });
        if (choice.Mode == LlmToolChoiceMode.Named) json.WriteString("name"u8, choice.ToolName ?? "");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
