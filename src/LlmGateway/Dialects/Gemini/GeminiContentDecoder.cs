using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Reads the conversation of a request. Calls and results without ids are paired by name and order.</summary>
internal static class GeminiContentDecoder
{
    private const string Name = GeminiDialect.DialectName;

    public static IReadOnlyList<LlmMessage> Decode(JsonElement root, JsonElement contents)
    {
        var all = new List<LlmMessage>();
        var open = new List<ToolCallPart>();
        if ((root.AskedObjectOrText("systemInstruction"u8) ?? root.AskedObjectOrText("system_instruction"u8)) is { } system) all.Add(new LlmMessage(LlmRole.System, PartsOf(system, "system", open)));
        else if (root.TextOf("systemInstruction"u8, "system_instruction"u8) is { } words) all.Add(LlmMessage.System(words));
        var place = 0;
        IEnumerable<JsonElement> turns = contents.ValueKind == JsonValueKind.Object ? [contents] : contents.EnumerateArray();
        foreach (var content in turns) all.Add(MessageOf(content, place++, open));
        return all;
    }

    private static LlmMessage MessageOf(JsonElement content, int place, List<ToolCallPart> open)
    {
        if (content.ValueKind != JsonValueKind.Object) throw GeminiRequestDecoder.Invalid($"contents[{place}] is not an object.");
        if (content.Object("parts"u8) is null) content.CheckList("parts"u8, $"contents[{place}].parts", mayBeText: false);
        var parts = PartsOf(content, place.ToString(System.Globalization.CultureInfo.InvariantCulture), open);
        var role = content.Text("role"u8) switch
        {
            "model" => LlmRole.Assistant,
            "user" or "function" or null => parts.Count > 0 && parts.TrueForAll(part => part is ToolResultPart) ? LlmRole.Tool : LlmRole.User,
            "system" => LlmRole.System,
            { } other => throw GeminiRequestDecoder.Invalid($"contents[{place}].role is '{other}'; it may be user or model."),
        };
        return new LlmMessage(role, parts) { Extensions = BagReader.Rest(content, Name, static name => name is "role" or "parts") };
    }

    private static List<LlmPart> PartsOf(JsonElement content, string scope, List<ToolCallPart> open)
    {
        var parts = new List<LlmPart>();

        // The vendor takes one of anything for a list of one, and its own examples write so.
        IEnumerable<JsonElement> items = content.Object("parts"u8) is { } only ? [only] : content.Items("parts"u8);
        foreach (var json in items)
        {
            var part = GeminiPartDecoder.Read(json, () => GeminiIds.Make(scope, parts.Count), name => Answered(open, name));
            if (part is ToolCallPart call) open.Add(call);
            if (part is ToolResultPart result) open.RemoveAll(one => one.Id == result.CallId);
            parts.Add(part);
        }

        return parts;
    }

    /// <summary>The oldest call of that tool that has no result yet.</summary>
    private static string? Answered(List<ToolCallPart> open, string name) => open.Find(call => call.Name == name)?.Id;
}
