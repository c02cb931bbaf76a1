using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>
/// The counts of a stream. <c>message_start</c> has the input's, <c>message_delta</c> the output's and, with some
/// compatible servers, the input's and the caches' too, where the first had zeros: of each count the larger is right.
/// </summary>
internal sealed class AnthropicStreamUsage
{
    private readonly Dictionary<string, string> _members = [];

    /// <summary>Whether the counts of the end have come.</summary>
    public bool IsFinal { get; private set; }

    public void Add(JsonElement holder, bool isFinal, List<LlmDelta> deltas)
    {
        if (holder.Object("usage"u8) is not { } usage) return;
        IsFinal |= isFinal;
        foreach (var member in usage.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null) continue;
            if (_members.TryGetValue(member.Name, out var before) && IsLess(member.Value, before)) continue;
            _members[member.Name] = member.Value.GetRawText();
        }

        if (isFinal && AnthropicReplyDecoder.ExtrasOfUsage(_members) is { Count: > 0 } extras) deltas.Add(new HeaderDelta { Extensions = new LlmExtensions(AnthropicDialect.DialectName, extras) });

        // A count of the input alone is not yet a usage; with the first event's, all later ones are.
        if (!_members.ContainsKey("input_tokens") && !isFinal) return;
        var losses = new List<string>();
        if (UsageRead.OrNull(Read, losses) is { } read) deltas.Add(new UsageDelta(read));
        else if (isFinal && losses.Count > 0) deltas.Add(new HeaderDelta { Losses = losses });
    }

    private static bool IsLess(JsonElement value, string before)
        => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var now) && long.TryParse(before, out var then) && now < then;

    private TokenUsage? Read()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in _members)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value);
            }

            json.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return AnthropicUsage.Read(document.RootElement);
    }
}
