using System.Text.Json;
using LlmGateway.Dialects.OpenAI;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>Items of the model's own, which stand in replies and come back as input: https://platform.openai.com/docs/api-reference/responses/object.</summary>
internal static class ResponsesItems
{
    private const string Name = ResponsesDialect.DialectName;

    /// <summary>What names in the bag of a text begin with that are members of its message, such as its phase.</summary>
    private const string OfMessage = "message.";

    /// <param name="json">Where to.</param>
    /// <param name="part">The text or the refusal.</param>
    /// <param name="id">The item's id, in replies; null in requests.</param>
    /// <param name="losses">The losses so far.</param>
    /// <param name="logProbs">The log-probabilities of the text, in replies.</param>
    public static void WriteMessage(Utf8JsonWriter json, LlmPart part, string? id, List<string> losses, IReadOnlyList<TokenLogProb>? logProbs = null)
    {
        json.WriteStartObject();
        Head(json, "message", id);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteStartArray("content"u8);
        WriteContent(json, part, losses, logProbs);
        json.WriteEndArray();
        foreach (var (name, value) in part.Extensions is { Dialect: Name } own ? own.Members : new Dictionary<string, string>())
        {
            if (!name.StartsWith(OfMessage, StringComparison.Ordinal)) continue;
            json.WritePropertyName(name[OfMessage.Length..]);
            json.WriteExact(value, $"The extension '{name}'");
        }

        json.WriteEndObject();
    }

    public static void WriteContent(Utf8JsonWriter json, LlmPart part, List<string> losses, IReadOnlyList<TokenLogProb>? logProbs = null)
    {
        json.WriteStartObject();
        if (part is RefusalPart refusal)
        {
            json.WriteString("type"u8, "refusal"u8);
            json.WriteString("refusal"u8, refusal.Text);
        }
        else if (part is TextPart text)
        {
            json.WriteString("type"u8, "output_text"u8);
            json.WriteString("text"u8, text.Text);
            json.WriteStartArray("annotations"u8);
            foreach (var citation in text.Citations) WriteAnnotation(json, citation, losses);
            json.WriteEndArray();
            if (logProbs is { Count: > 0 }) OpenAILogProbs.WriteList(json, logProbs);
        }

        json.WriteBag(losses.Own(part.Extensions, Name, "content[]"), static name => name.StartsWith(OfMessage, StringComparison.Ordinal));
        json.WriteEndObject();
    }

    public static void WriteAnnotation(Utf8JsonWriter json, Citation citation, List<string> losses)
    {
        if (citation.Raw is { Dialect: ResponsesDialect.DialectName } raw)
        {
            json.WriteExact(raw.Json, "An annotation");
            return;
        }

        if (citation.Raw is { } other) losses.NoPlace($"details of {other.Dialect}'s citations", Name);
        else if (citation.CitedText is not null) losses.NoPlace("cited text of a citation", Name);
        json.WriteStartObject();
        json.WriteString("type"u8, "url_citation"u8);
        json.WriteNumber("start_index"u8, citation.StartIndex ?? 0);
        json.WriteNumber("end_index"u8, citation.EndIndex ?? 0);
        json.WriteString("title"u8, citation.Title ?? "");
        json.WriteString("url"u8, citation.Url ?? "");
        json.WriteEndObject();
    }

    public static void WriteCall(Utf8JsonWriter json, ToolCallPart call, string? id, List<string> losses)
    {
        json.WriteStartObject();
        Head(json, "function_call", id);
        json.WriteString("call_id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, call.ArgumentsJson);
        json.WriteBag(losses.Own(call.Extensions, Name, "input[]"));
        json.WriteEndObject();
    }

    /// <summary>With its id, summary and content as they came: the vendor wants all of it back.</summary>
    public static void WriteReasoning(Utf8JsonWriter json, ThinkingPart thinking, string? id = null)
    {
        var own = thinking.Extensions?.Dialect == Name ? thinking.Extensions : null;
        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning"u8);
        if (own?.Members.ContainsKey("id") != true && id is not null) json.WriteString("id"u8, id);
        if (own?.Members.ContainsKey("summary") != true) WriteSummary(json, own?.Members.ContainsKey("content") == true ? "" : thinking.Text);
        if (thinking.EncryptedContent is { } encrypted) json.WriteString("encrypted_content"u8, encrypted);
        json.WriteBag(own);
        json.WriteEndObject();
    }

    public static void WriteSummary(Utf8JsonWriter json, string text)
    {
        json.WriteStartArray("summary"u8);
        if (text.Length > 0)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "summary_text"u8);
            json.WriteString("text"u8, text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The parts that an item of the model's is.</summary>
    public static IEnumerable<LlmPart> Read(JsonElement item)
    {
        switch (item.Text("type"u8) ?? "message")
        {
            case "message" when item.Text("content"u8) is { } text:
                yield return new TextPart(text) { Extensions = Bag(RestOf(item)) };
                break;
            case "message":
                var rest = RestOf(item);
                foreach (var content in item.Items("content"u8)) yield return ReadContent(content, item, rest);
                break;
            case "function_call" when item.Text("call_id"u8) is { } callId && item.Text("name"u8) is { } name:
                yield return new ToolCallPart(callId, name, item.Text("arguments"u8) ?? "")
                {
                    Extensions = BagReader.Rest(item, Name, static field => field is "type" or "id" or "call_id" or "name" or "arguments" or "status"),
                };
                break;
            case "reasoning":
                yield return ReadReasoning(item);
                break;
            default:
                yield return new RawPart(Name, item.GetRawText());
                break;
        }
    }

    /// <summary>The bag holds id, summary and content as they came; the text is for people.</summary>
    public static ThinkingPart ReadReasoning(JsonElement item)
    {
        var texts = item.Items("summary"u8).Concat(item.Items("content"u8)).Select(part => part.Text("text"u8)).OfType<string>();
        return new ThinkingPart(string.Join("\n\n", texts))
        {
            EncryptedContent = item.Text("encrypted_content"u8),
            Origin = Name,
            Extensions = BagReader.Rest(item, Name, static field => field is "type" or "encrypted_content" or "status"),
        };
    }

    /// <summary>Whether an item of this type asks the caller to do something and to send what came of it.</summary>
    public static bool IsCall(string? type) => type is "function_call" or "custom_tool_call" or "computer_call" or "local_shell_call" or "apply_patch_call";

    /// <summary>Whether an item is what came of such a call, beside that of a function.</summary>
    public static bool IsResult(string? type) => type is "mcp_approval_response" || type?.EndsWith("_call_output", StringComparison.Ordinal) == true;

    private static LlmPart ReadContent(JsonElement content, JsonElement item, List<KeyValuePair<string, string>> ofMessage)
    {
        LlmPart? part = content.Text("type"u8) switch
        {
            "output_text" or "text" or "input_text" when content.Text("text"u8) is { } text => new TextPart(text) { Citations = [.. content.Items("annotations"u8).Select(ReadAnnotation)] },
            "refusal" when content.Text("refusal"u8) is { } refusal => new RefusalPart(refusal),
            _ => null,
        };
        if (part is null) return new RawPart(Name, WithOnly(item, content)); // An item, as all raw parts of the model's are.
        var rest = BagReader.Rest(content, Name, static field => field is "type" or "text" or "refusal" or "annotations" or "logprobs")?.Members ?? new Dictionary<string, string>();
        return Bag([.. rest, .. ofMessage]) is { } bag ? part with { Extensions = bag } : part;
    }

    private static List<KeyValuePair<string, string>> RestOf(JsonElement message)
    {
        var rest = BagReader.Rest(message, Name, static field => field is "type" or "id" or "role" or "content" or "status");
        return rest is null ? [] : [.. rest.Members.Select(static member => KeyValuePair.Create(OfMessage + member.Key, member.Value))];
    }

    private static LlmExtensions? Bag(List<KeyValuePair<string, string>> members) => members.Count == 0 ? null : new LlmExtensions(Name, members);

    private static string WithOnly(JsonElement item, JsonElement content)
        => BagObject.ToObject([.. item.EnumerateObject().Where(member => member.Name != "content").Select(member => KeyValuePair.Create(member.Name, member.Value.GetRawText())), new("content", $"[{content.GetRawText()}]")]);

    public static Citation ReadAnnotation(JsonElement annotation) => new()
    {
        Url = annotation.Text("url"u8),
        Title = annotation.Text("title"u8) ?? annotation.Text("filename"u8),
        StartIndex = annotation.Int("start_index"u8),
        EndIndex = annotation.Int("end_index"u8),
        Raw = new RawPart(Name, annotation.GetRawText()),
    };

    private static void Head(Utf8JsonWriter json, string type, string? id)
    {
        json.WriteString("type"u8, type);
        if (id is null) return;
        json.WriteString("id"u8, id);
        json.WriteString("status"u8, "completed"u8);
    }
}
