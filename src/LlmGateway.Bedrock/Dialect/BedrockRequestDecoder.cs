using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Reads the body of <c>POST /model/{modelId}/converse</c> and <c>…/converse-stream</c>.</summary>
internal static class BedrockRequestDecoder
{
    private const string Name = BedrockDialect.DialectName;

    public static LlmRequest Decode(ReadOnlyMemory<byte> body, RequestAddress address)
        => JsonRead.Parse(body, ProviderErrorKind.InvalidRequest, "The request", root => Decode(root, address));

    private static LlmRequest Decode(JsonElement root, RequestAddress address)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Invalid("The request is not a JSON object.");
        if (root.Member("messages"u8, JsonValueKind.Array) is not { } messages) throw Invalid("messages: it is missing, or not a list.");
        var model = address.Model ?? "";
        var maker = BedrockModels.MakerOf(model);
        var inference = root.Object("inferenceConfig"u8);
        var additional = root.Object("additionalModelRequestFields"u8);
        var output = root.Object("outputConfig"u8);
        var read = new HashSet<string>();
        var reasoning = BedrockReasoning.Decode(additional, output, maker, read);
        var topK = BedrockTopK.Read(additional, maker);
        if (topK is not null) read.Add(BedrockTopK.FieldOf(maker)!);
        var schema = BedrockSchema.Read(output?.Object("textFormat"u8));
        if (schema is not null) read.Add("outputConfig.textFormat");
        var metadata = MetadataOf(root);
        var choice = BedrockToolDecoder.ChoiceOf(root);
        return new LlmRequest
        {
            Model = model,
            Stream = address.Stream ?? false,
            Messages = MessagesOf(root, messages),
            MaxTokens = inference?.Int("maxTokens"u8),
            Temperature = inference?.Real("temperature"u8),
            TopP = inference?.Real("topP"u8),
            TopK = topK,
            StopSequences = inference is { } stops && StopsOf(stops) is { } texts ? texts : [],
            Tools = BedrockToolDecoder.ToolsOf(root),
            ToolChoice = choice,
            OutputSchema = schema,
            Reasoning = reasoning,
            ServiceTier = BedrockTier.Read(root),
            Metadata = metadata ?? new Dictionary<string, string>(),
            Extensions = BagOf(root, read, metadata is not null, choice is not null),
        };
    }

    internal static DialectException Invalid(string message) => new(ProviderErrorKind.InvalidRequest, message);

    private static List<LlmMessage> MessagesOf(JsonElement root, JsonElement messages)
    {
        var all = new List<LlmMessage>(messages.GetArrayLength() + 1);
        var system = BedrockBlockDecoder.PartsOf(root, "system"u8);
        if (system.Count > 0) all.Add(new LlmMessage(LlmRole.System, system));
        var place = 0;
        foreach (var message in messages.EnumerateArray()) all.Add(MessageOf(message, place++));
        return all;
    }

    private static LlmMessage MessageOf(JsonElement message, int place)
    {
        if (message.ValueKind != JsonValueKind.Object) throw Invalid($"messages.{place}: it is not an object.");
        var role = message.Text("role"u8) switch
        {
            "user" => LlmRole.User,
            "assistant" => LlmRole.Assistant,
            "system" => LlmRole.System,
            null => throw Invalid($"messages.{place}.role: it is missing, or not a string."),
            _ => throw Invalid($"messages.{place}.role: it may be user or assistant."),
        };
        if (message.Member("content"u8, JsonValueKind.Array) is null) throw Invalid($"messages.{place}.content: it is missing, or not a list.");
        var parts = BedrockBlockDecoder.PartsOf(message, "content"u8);

        // A turn of results alone is the tools' turn; one with more in it stays the user's.
        if (role == LlmRole.User && parts.Count > 0 && parts.TrueForAll(part => part is ToolResultPart)) role = LlmRole.Tool;
        return new LlmMessage(role, parts) { Extensions = BagReader.Rest(message, Name, static name => name is "role" or "content") };
    }

    private static List<string>? StopsOf(JsonElement inference)
    {
        if (inference.Member("stopSequences"u8, JsonValueKind.Array) is not { } list) return null;
        var texts = inference.Texts("stopSequences"u8);
        return texts.Count == list.GetArrayLength() ? texts : null;
    }

    private static Dictionary<string, string>? MetadataOf(JsonElement root)
    {
        if (root.Object("requestMetadata"u8) is not { } labels) return null;
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in labels.EnumerateObject())
        {
            if (label.Value.ValueKind != JsonValueKind.String) return null;
            metadata[label.Name] = label.Value.GetString()!;
        }

        return metadata.Count > 0 ? metadata : null;
    }

    private static LlmExtensions? BagOf(JsonElement root, HashSet<string> read, bool hasMetadata, bool hasChoice)
    {
        var rest = new List<KeyValuePair<string, string>>();
        foreach (var member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "messages":
                case "system" when member.Value.ValueKind == JsonValueKind.Array:
                case "requestMetadata" when hasMetadata:
                case "serviceTier" when BedrockTier.Read(root) is not null:
                    break;
                case "inferenceConfig" when member.Value.ValueKind == JsonValueKind.Object:
                    AddRest(member, name => IsOfInference(member.Value, name));
                    break;
                case "toolConfig" when member.Value.ValueKind == JsonValueKind.Object:
                    AddRest(member, name => (name == "tools" && member.Value.Member("tools"u8, JsonValueKind.Array) is not null) || (name == "toolChoice" && hasChoice));
                    break;
                case "additionalModelRequestFields" when member.Value.ValueKind == JsonValueKind.Object:
                    AddRest(member, read.Contains);
                    break;
                case "outputConfig" when member.Value.ValueKind == JsonValueKind.Object:
                    AddRest(member, name => read.Contains($"outputConfig.{name}"));
                    break;
                default:
                    rest.Add(new(member.Name, member.Value.GetRawText()));
                    break;
            }
        }

        return rest.Count == 0 ? null : new LlmExtensions(Name, rest);

        void AddRest(JsonProperty container, Func<string, bool> isRead)
        {
            if (BedrockContainers.RestOf(container.Value, isRead) is { } text) rest.Add(new(container.Name, text));
        }
    }

    private static bool IsOfInference(JsonElement inference, string name) => name switch
    {
        "maxTokens" => inference.Int("maxTokens"u8) is not null,
        "temperature" => inference.Real("temperature"u8) is not null,
        "topP" => inference.Real("topP"u8) is not null,
        "stopSequences" => StopsOf(inference) is not null,
        _ => false,
    };
}
