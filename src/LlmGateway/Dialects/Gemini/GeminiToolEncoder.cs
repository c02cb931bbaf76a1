using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Writes the tools of a request, and whether they are to be called: https://ai.google.dev/api/caching#Tool.</summary>
internal static class GeminiToolEncoder
{
    /// <summary>The name under which the bag's tool configuration holds what that of the calls says beyond the known.</summary>
    public const string Calling = "functionCallingConfig";

    private const string Name = GeminiDialect.DialectName;

    public static void Write(Utf8JsonWriter json, LlmRequest request, LlmExtensions? own, List<string> losses)
    {
        var functions = request.Tools.Where(tool => tool.Raw is null).ToList();
        var raw = new List<RawPart>();
        foreach (var tool in request.Tools)
        {
            if (tool.Raw is { Dialect: Name } mine) raw.Add(mine);
            else if (tool.Raw is { } other) losses.NoPlace($"{other.Dialect}'s tool {tool.Name}", Name);
        }

        if (functions.Count + raw.Count == 0)
        {
            if (request.ToolChoice is { Mode: LlmToolChoiceMode.Required or LlmToolChoiceMode.Named }) throw new DialectException(ProviderErrorKind.InvalidRequest, "A tool must be called, but the request defines none: give tools, or leave tool_choice out.");
            WriteChoice(json, null, own);
            return;
        }

        json.WriteStartArray("tools"u8);
        if (functions.Count > 0)
        {
            json.WriteStartObject();
            json.WriteStartArray("functionDeclarations"u8);
            foreach (var tool in functions) WriteFunction(json, tool, losses);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        foreach (var tool in raw) json.WriteExact(tool.Json, "A tool");
        json.WriteEndArray();
        WriteChoice(json, request.ToolChoice, own);
    }

    private static void WriteFunction(Utf8JsonWriter json, LlmTool tool, List<string> losses)
    {
        if (tool.Strict is not null) losses.NoPlace("strict of a tool", Name);
        if (tool.Cache is not null) losses.NoPlace("cache mark", Name);
        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description) json.WriteString("description"u8, description);
        if (tool.Parameters.ValueKind != JsonValueKind.Undefined)
        {
            json.WritePropertyName("parametersJsonSchema"u8);
            tool.Parameters.WriteTo(json);
        }

        json.WriteBag(losses.Own(tool.Extensions, Name, "tools[]"));
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, LlmToolChoice? choice, LlmExtensions? own)
    {
        using var document = BagObject.Open(own, "toolConfig");
        var rest = document?.RootElement ?? default;
        if (choice is null && document is null) return;
        json.WriteStartObject("toolConfig"u8);
        var calling = rest.Object("functionCallingConfig"u8);
        if (choice is not null || calling is not null)
        {
            json.WriteStartObject("functionCallingConfig"u8);
            if (choice is not null) WriteMode(json, choice, hasWord: choice.Mode == LlmToolChoiceMode.Auto && calling?.Text("mode"u8) is not null);
            BagObject.WriteRest(json, calling ?? default, except: choice is not null and not { Mode: LlmToolChoiceMode.Auto } ? "mode" : null);
            json.WriteEndObject();
        }

        BagObject.WriteRest(json, rest, except: Calling);
        json.WriteEndObject();
    }

    private static void WriteMode(Utf8JsonWriter json, LlmToolChoice choice, bool hasWord)
    {
        var allowed = choice.Mode == LlmToolChoiceMode.Named ? [choice.ToolName ?? ""] : choice.AllowedTools;
        if (!hasWord)
        {
            json.WriteString("mode"u8, choice.Mode switch
            {
                LlmToolChoiceMode.None => "NONE"u8,
                LlmToolChoiceMode.Required or LlmToolChoiceMode.Named => "ANY"u8,
                _ => allowed is null ? "AUTO"u8 : "VALIDATED"u8, // Names may stand beside ANY and VALIDATED only.
            });
        }

        if (allowed is null) return;
        json.WriteStartArray("allowedFunctionNames"u8);
        foreach (var name in allowed) json.WriteStringValue(name);
        json.WriteEndArray();
    }
}
