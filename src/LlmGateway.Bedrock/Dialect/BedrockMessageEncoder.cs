using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Writes the conversation of a request: the system's blocks, and turns that alternate.</summary>
internal sealed class BedrockMessageEncoder(List<string> losses)
{
    private const string Name = BedrockDialect.DialectName;

    private readonly BedrockBlockEncoder _blocks = new(losses);
    private readonly List<string> _called = [];

    /// <summary>The names of the tools that the conversation calls, each once.</summary>
    public IReadOnlyCollection<string> Called => _called;

    /// <summary>All system messages go to the one place that every model has for them, each part as a block of its own.</summary>
    public void WriteSystem(Utf8JsonWriter json, IReadOnlyList<LlmMessage> messages)
    {
        var isOpen = false;
        var hasTurns = false;
        foreach (var message in messages)
        {
            if (message.Role is not (LlmRole.System or LlmRole.Developer))
            {
                hasTurns = true;
                continue;
            }

            if (message.Name is not null) losses.NoPlace("name of a message", Name);
            if (message.Extensions is { Dialect: Name } own) losses.Once($"members of a system message ({string.Join(", ", own.Members.Keys)}) were left out: the {Name} dialect's system field is a list of blocks alone.");
            else losses.Own(message.Extensions, Name, "messages[]");
            foreach (var part in message.Parts)
            {
                if (IsBlank(part)) continue;
                if (part is not (TextPart or RawPart { Dialect: Name }))
                {
                    losses.NoPlace($"a {part.GetType().Name} in a system message", Name);
                    continue;
                }

                if (hasTurns) losses.Once("A system message that stood later in the conversation was moved to its beginning: Converse's system field has no other place.");
                if (!isOpen)
                {
                    json.WriteStartArray("system"u8);
                    isOpen = true;
                }

                _blocks.Write(json, part);
            }
        }

        if (isOpen) json.WriteEndArray();
    }

    /// <summary>
    /// Neighbours that become the same role on the wire are joined into one turn: Converse wants turns to alternate, and
    /// all results of one turn's tool calls in the turn behind it.
    /// </summary>
    public void WriteMessages(Utf8JsonWriter json, LlmRequest request, WirePeer peer)
    {
        var turns = Turns(request.Messages);
        if (turns.Count == 0) throw Invalid("The conversation has no message with content in it: add one of the user's.");
        if (turns[0].IsAssistant) throw Invalid("The conversation begins with a message of the assistant's, which Converse refuses: begin with one of the user's.");
        if (turns[^1].IsAssistant)
        {
            if (peer.Model.Prefill == false) throw Invalid("The last message is the assistant's, which this model does not go on with: end with a message of the user's.");
            TrimEnd(turns[^1].Parts);
        }

        var calls = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartArray("messages"u8);
        foreach (var turn in turns)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, turn.IsAssistant ? "assistant"u8 : "user"u8);
            json.WriteStartArray("content"u8);
            foreach (var part in turn.Parts.OrderBy(part => part is ToolResultPart ? 0 : 1))
            {
                if (part is ToolCallPart call)
                {
                    calls.Add(call.Id);
                    if (!_called.Contains(call.Name)) _called.Add(call.Name);
                }

                if (part is ToolResultPart result && !calls.Contains(result.CallId))
                {
                    throw Invalid($"The result of tool call '{result.CallId}' has no call before it in the conversation: send the assistant's message with the call too.");
                }

                _blocks.Write(json, part);
            }

            json.WriteEndArray();
            json.WriteBag(turn.Extensions, static member => member is "role" or "content");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private List<Turn> Turns(IReadOnlyList<LlmMessage> messages)
    {
        var turns = new List<Turn>();
        foreach (var message in messages)
        {
            if (message.Role is LlmRole.System or LlmRole.Developer) continue;
            if (message.Name is not null) losses.NoPlace("name of a message", Name);
            var own = losses.Own(message.Extensions, Name, "messages[]");
            var isAssistant = message.Role == LlmRole.Assistant;
            foreach (var part in message.Parts)
            {
                if (IsBlank(part) || !HasPlace(part)) continue;
                if (turns.Count == 0 || turns[^1].IsAssistant != isAssistant) turns.Add(new Turn(isAssistant));
                turns[^1].Parts.Add(part);
            }

            if (own is not null && turns.Count > 0 && turns[^1].IsAssistant == isAssistant)
            {
                turns[^1].Extensions = new LlmExtensions(Name, [.. turns[^1].Extensions?.Members ?? new Dictionary<string, string>(), .. own.Members]);
            }
        }

        return turns;
    }

    /// <summary>Converse refuses blank texts.</summary>
    private bool IsBlank(LlmPart part)
    {
        if (part is not TextPart { Text: var text } || !string.IsNullOrWhiteSpace(text)) return false;
        if (part.Cache is not null) losses.NoPlace("cache mark on an empty text", Name);
        return true;
    }

    /// <summary>Asked before a turn is opened for it: a turn without content is refused.</summary>
    private bool HasPlace(LlmPart part)
    {
        switch (part)
        {
            case ThinkingPart { Origin: not null and not Name }:
                losses.NoPlace("thinking", Name);
                return false;
            case RawPart { Dialect: not Name } raw:
                losses.NoPlace($"{raw.Dialect}'s part of a message", Name);
                return false;
            default:
                return true;
        }
    }

    /// <summary>Claude refuses an answer to be gone on with that ends in white space.</summary>
    private static void TrimEnd(List<LlmPart> parts)
    {
        if (parts[^1] is TextPart text) parts[^1] = text with { Text = text.Text.TrimEnd() };
    }

    private static DialectException Invalid(string message) => new(ProviderErrorKind.InvalidRequest, message);

    private sealed class Turn(bool isAssistant)
    {
        public bool IsAssistant => isAssistant;

        public List<LlmPart> Parts { get; } = [];

        public LlmExtensions? Extensions { get; set; }
    }
}
