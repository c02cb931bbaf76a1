using System.Text.Json.Nodes;

namespace LlmGateway.Dialects.Tests;

/// <summary>
/// Vendors document several spellings of one thing. This turns a request into the one that our encoders write, so that
/// what is left is compared member by member; and what came as text in a file into what does not depend on its white space.
/// </summary>
internal static class DocumentedForm
{
    public static string OfRequest(string dialect, string json)
    {
        var root = JsonNode.Parse(json)!.AsObject();
        switch (dialect)
        {
            case "anthropic":
                if (root["system"] is JsonValue) root["system"] = Blocks(root["system"]!, "text");
                foreach (var message in root["messages"]!.AsArray()) Anthropic(message!.AsObject());
                break;
            case "openai":
                if (root.Remove("max_tokens", out var maxTokens)) root["max_completion_tokens"] = maxTokens;
                foreach (var message in root["messages"]!.AsArray()) message!["content"] = OnlyText(message["content"]);
                break;
            case "openai_responses":
                if (root["input"] is JsonValue text) root["input"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text.DeepClone() });
                foreach (var item in root["input"]!.AsArray()) Responses(item!.AsObject());
                foreach (var tool in Items(root["tools"])) if ((string?)tool["type"] == "function") tool["strict"] ??= true;
                break;
            case "gemini":
                Gemini(root);
                break;
        }

        return root.ToJsonString();
    }

    /// <summary>
    /// A call in the form before tools is written as a tool call, and its finish reason with it. Gemini's signature of a
    /// text stands beside it, or after it in a part without text.
    /// </summary>
    public static LlmReply OfReply(LlmReply reply) => reply with
    {
        Parts = [.. Signed(reply.Parts.Select(OfPart))],
        Extensions = Compact(reply.Extensions),
        VendorFinishReason = reply.VendorFinishReason == "function_call" ? "tool_calls" : reply.VendorFinishReason,
    };

    private static LlmPart OfPart(LlmPart part)
    {
        var plain = part with { Extensions = Compact(part.Extensions) };
        return plain switch
        {
            ToolCallPart call => call with { ArgumentsJson = call.ArgumentsJson.Length == 0 ? "" : Compact(call.ArgumentsJson) },
            RawPart raw => raw with { Json = Compact(raw.Json) },
            TextPart text => text with { Citations = [.. text.Citations.Select(citation => citation with { Raw = citation.Raw is { } raw ? raw with { Json = Compact(raw.Json) } : null })] },
            _ => plain,
        };
    }

    private static List<LlmPart> Signed(IEnumerable<LlmPart> parts)
    {
        var all = new List<LlmPart>();
        foreach (var part in parts)
        {
            var isLate = part is { Signature: not null, Origin: "gemini" } and (TextPart { Text: "" } or ThinkingPart { Text: "" });
            if (isLate && all is [.., { Signature: null } last] && last.GetType() == part.GetType()) all[^1] = last with { Signature = part.Signature, Origin = part.Origin };
            else all.Add(part);
        }

        return all;
    }

    private static LlmExtensions? Compact(LlmExtensions? bag) => bag is null ? null : new LlmExtensions(bag.Dialect, bag.Members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Compact(member.Value))));

    private static string Compact(string json) => JsonNode.Parse(json)?.ToJsonString() ?? "null";

    private static IEnumerable<JsonObject> Items(JsonNode? list) => list is JsonArray all ? all.OfType<JsonObject>() : [];

    private static JsonArray Blocks(JsonNode text, string type) => [new JsonObject { ["type"] = type, ["text"] = text.DeepClone() }];

    /// <summary>A list of one plain text is that text.</summary>
    private static JsonNode? OnlyText(JsonNode? content)
        => content is JsonArray { Count: 1 } list && list[0] is JsonObject { Count: 2 } only && only.ContainsKey("text") ? only["text"]!.DeepClone() : content?.DeepClone();

    private static void Anthropic(JsonObject message)
    {
        if (message["content"] is JsonValue text) message["content"] = Blocks(text, "text");
        foreach (var block in Items(message["content"])) if ((string?)block["type"] == "tool_result") block["content"] = OnlyText(block["content"]);
    }

    /// <summary>Ids and states of items are the vendor's own addresses of them, which a conversation that is sent whole does not need.</summary>
    private static void Responses(JsonObject item)
    {
        item["type"] ??= "message";
        var type = (string?)item["type"];
        if (type is "message" or "function_call" or "function_call_output") item.Remove("id");
        if (type is "message" or "function_call" or "function_call_output" or "reasoning") item.Remove("status");
        if (type == "function_call_output") item["output"] = OnlyText(item["output"]);
        if (type != "message") return;
        var isAssistant = (string?)item["role"] == "assistant";
        if (item["content"] is JsonValue text) item["content"] = Blocks(text, isAssistant ? "output_text" : "input_text");
        if (isAssistant) foreach (var part in Items(item["content"])) if ((string?)part["type"] == "output_text") part["annotations"] ??= new JsonArray();
    }

    private static void Gemini(JsonObject root)
    {
        Rename(root, "system_instruction", "systemInstruction");
        if (root["systemInstruction"] is JsonObject system) system.Remove("role");
        root["generationConfig"] ??= new JsonObject();
        foreach (var content in Items(root["contents"]))
        {
            content["role"] ??= "user";
            foreach (var part in Items(content["parts"]))
            {
                Rename(part, "inline_data", "inlineData");
                Rename(part, "file_data", "fileData");
                foreach (var media in new[] { part["inlineData"], part["fileData"] }.OfType<JsonObject>())
                {
                    Rename(media, "mime_type", "mimeType");
                    Rename(media, "file_uri", "fileUri");
                }
            }
        }

        foreach (var function in Items(root["tools"]).SelectMany(tool => Items(tool["functionDeclarations"]))) Rename(function, "parameters", "parametersJsonSchema");
        if (root["generationConfig"] is JsonObject config) Rename(config, "responseSchema", "responseJsonSchema");
    }

    private static void Rename(JsonObject json, string from, string to)
    {
        if (json.Remove(from, out var value)) json[to] = value;
    }
}
