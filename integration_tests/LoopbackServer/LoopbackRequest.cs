using System.Text;
using System.Text.Json;

namespace LoopbackServer;

/// <summary>One request, as it came.</summary>
public sealed class LoopbackRequest
{
    private static readonly byte[] Nothing = "{}"u8.ToArray();

    public LoopbackRequest(string method, string path, IReadOnlyDictionary<string, string> headers, byte[] body)
    {
        (Method, Path, Headers) = (method, path, headers);
        Raw = Encoding.UTF8.GetString(body);
        using var json = JsonDocument.Parse(body.Length == 0 ? Nothing : body);
        Body = json.RootElement.Clone();
    }

    public string Method { get; }

    public string Path { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public JsonElement Body { get; }

    /// <summary>The body's text, to look for what must not be in it.</summary>
    public string Raw { get; }

    /// <summary>The model that was asked.</summary>
    public string? Model => Body.TryGetProperty("model", out var model) ? model.GetString() : null;

    /// <summary>The blocks of the system prompt.</summary>
    public IReadOnlyList<string> System => Body.TryGetProperty("system", out var system) ? TextsOf(system) : [];

    /// <summary>The tools that were offered, by name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Tools => Body.TryGetProperty("tools", out var tools)
        ? tools.EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("input_schema"))
        : new Dictionary<string, JsonElement>();

    /// <summary>The text blocks of the last user turn.</summary>
    public IReadOnlyList<string> LastUserTexts => Body.TryGetProperty("messages", out var messages)
        ? TextsOf(messages.EnumerateArray().Last(m => m.GetProperty("role").ValueEquals("user")).GetProperty("content"))
        : [];

    /// <summary>What was asked: the last text of the last user turn. A client's own reminders stand before it.</summary>
    public string Question => LastUserTexts.Count > 0 ? LastUserTexts[^1] : "";

    /// <summary>The schema of the answer, wherever the client put it; null for free text.</summary>
    public JsonElement? OutputSchema
    {
        get
        {
            if (ForcedTool is { } tool) return Tools[tool];
            return Body.TryGetProperty("output_config", out var config) && config.TryGetProperty("format", out var format) ? format.GetProperty("schema") : null;
        }
    }

    /// <summary>The tool that must be called: by the API's rule, or by the CLI's own name for it.</summary>
    public string? ForcedTool
    {
        get
        {
            if (Body.TryGetProperty("tool_choice", out var choice) && choice.GetProperty("type").ValueEquals("tool")) return choice.GetProperty("name").GetString();
            return Tools.ContainsKey("StructuredOutput") ? "StructuredOutput" : null;
        }
    }

    private static List<string> TextsOf(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? [content.GetString()!]
        : [.. content.EnumerateArray().Where(b => b.GetProperty("type").ValueEquals("text")).Select(b => b.GetProperty("text").GetString()!)];
}
