using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGateway.Dialects;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// The messages in what the CLI printed, whatever stands around them: one object, an array, or a line each; after
/// warnings, with or without terminal codes.
/// </summary>
internal sealed partial class ClaudeOutput
{
    private const string SyntheticModel = "<synthetic>";
    private const string OutputTool = "StructuredOutput";

    private readonly List<JsonElement> _assistant = [];
    private readonly List<JsonElement> _limits = [];

    private ClaudeOutput(List<JsonElement> messages)
    {
        foreach (var message in messages)
        {
            switch (message.Text("type"u8))
            {
                case "result":
                    Result = message;
                    break;
                case "system" when message.Text("subtype"u8) == "init":
                    Init = message;
                    break;
                case "assistant" when message.Member("message"u8, JsonValueKind.Object) is not null:
                    _assistant.Add(message);
                    break;
                case "rate_limit_event" when message.Member("rate_limit_info"u8, JsonValueKind.Object) is { } limit:
                    _limits.Add(limit);
                    break;
            }
        }
    }

    /// <summary>The last message of type <c>result</c>; undefined where there is none.</summary>
    public JsonElement Result { get; }

    /// <summary>Where the CLI says its key came from; null where it does not say.</summary>
    public string? KeySource => Init.Text("apiKeySource"u8);

    /// <summary>Whether the CLI took the schema: it then offers the model a tool for the answer. Null where it does not say.</summary>
    public bool? TookSchema => Init.Member("tools"u8, JsonValueKind.Array)?.EnumerateArray().Any(t => t.GetRawText() == $"\"{OutputTool}\"");

    /// <summary>The code of the error that the CLI tells of, such as <c>rate_limit</c>.</summary>
    public string? ErrorCode => _assistant.Select(m => m.Text("error"u8)).LastOrDefault(c => c is not null);

    public string? RequestId => _assistant.Select(m => m.Text("request_id"u8)).LastOrDefault(i => i is not null);

    /// <summary>The messages of the model itself; the CLI's own words come as messages too.</summary>
    public IEnumerable<JsonElement> FromModel => _assistant.Select(m => m.GetProperty("message")).Where(m => m.Text("model"u8) != SyntheticModel);

    /// <summary>All that the model wrote. Where it reached its limit and the CLI asked it to go on, that is several pieces of one answer.</summary>
    public string ModelText => string.Concat(Blocks("text").Select(b => b.Text("text"u8)));

    /// <summary>The last answer that the model gave for the schema, as JSON, fitting or not; null where it gave none.</summary>
    public string? ModelStructuredOutput => Blocks("tool_use")
        .Where(b => b.Text("name"u8) == OutputTool)
        .Select(b => b.TryGetProperty("input"u8, out var input) ? input.GetRawText() : null)
        .LastOrDefault(i => i is not null);

    /// <summary>When a limit of the subscription that was reached ends; null where none is told.</summary>
    public DateTimeOffset? LimitResetsAt
    {
        get
        {
            foreach (var limit in _limits)
            {
                if (limit.Text("status"u8) == "rejected" && limit.Member("resetsAt"u8, JsonValueKind.Number) is { } at && at.TryGetInt64(out var seconds)) return Time(seconds);
            }

            var match = LimitTime().Match(Result.Text("result"u8) ?? "");
            return match.Success ? Time(long.Parse(match.ValueSpan[1..], CultureInfo.InvariantCulture)) : null;
        }
    }

    private JsonElement Init { get; }

    /// <summary>Null where no message of type <c>result</c> is found.</summary>
    public static ClaudeOutput? Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(TerminalCode().Replace(text, ""));
        var messages = new List<JsonElement>();
        var position = 0;

        // What begins like JSON and is none is read in vain; this keeps that linear.
        var budget = (8L * bytes.Length) + 1024;
        while (position < bytes.Length && budget > 0)
        {
            var rest = bytes.AsSpan(position);
            var lineLength = rest.IndexOf((byte)'\n') is >= 0 and var end ? end : rest.Length;
            if (StartOfJson(rest[..lineLength]) is not { } start)
            {
                position += lineLength + 1;
            }
            else if (TryParse(rest[start..], out var value, out var consumed))
            {
                Collect(value, messages);
                position += start + consumed;
            }
            else
            {
                budget -= consumed + 1;
                position += lineLength + 1;
            }
        }

        var output = new ClaudeOutput(messages);
        return output.Result.ValueKind == JsonValueKind.Undefined ? null : output;
    }

    private IEnumerable<JsonElement> Blocks(string type)
        => FromModel.SelectMany(m => m.Member("content"u8, JsonValueKind.Array) is { } content ? content.EnumerateArray().ToArray() : []).Where(b => b.Text("type"u8) == type);

    /// <summary>JSON begins a line; a message may also follow a warning on the same line.</summary>
    private static int? StartOfJson(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOfAnyExcept(" \t\r\uFEFF"u8);
        if (first < 0) return null;
        if (line[first] is (byte)'{' or (byte)'[') return first;
        var later = line.IndexOf("[{\"type\""u8);
        if (later < 0) later = line.IndexOf("{\"type\""u8);
        return later < 0 ? null : later;
    }

    private static bool TryParse(ReadOnlySpan<byte> bytes, out JsonElement value, out int consumed)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 256 });
        try
        {
            reader.Read();
            reader.Skip();
            consumed = (int)reader.BytesConsumed;
            reader = new Utf8JsonReader(bytes[..consumed], new JsonReaderOptions { MaxDepth = 256 });
            value = JsonElement.ParseValue(ref reader);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            consumed = (int)reader.BytesConsumed;
            return false;
        }
    }

    private static void Collect(JsonElement value, List<JsonElement> messages)
    {
        if (value.ValueKind == JsonValueKind.Object) messages.Add(value);
        else if (value.ValueKind == JsonValueKind.Array) messages.AddRange(value.EnumerateArray());
    }

    private static DateTimeOffset? Time(long seconds)
        => seconds is > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>Escape sequences by ECMA-48: CSI, OSC, and those of two characters.</summary>
    [GeneratedRegex(@"\x1B(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1B]*(\x07|\x1B\\)|[@-Z\\^_=>78])")]
    private static partial Regex TerminalCode();

    /// <summary>Older versions tell a limit's end behind a bar: "usage limit reached|1760000000".</summary>
    [GeneratedRegex(@"\|[0-9]{10}\b")]
    private static partial Regex LimitTime();
}
