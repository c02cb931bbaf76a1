using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGateway.Dialects;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>The messages in what the CLI printed, by what they are.</summary>
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
        var output = new ClaudeOutput(CliMessages.Read(text));
        return output.Result.ValueKind == JsonValueKind.Undefined ? null : output;
    }

    private IEnumerable<JsonElement> Blocks(string type)
        => FromModel.SelectMany(m => m.Member("content"u8, JsonValueKind.Array) is { } content ? content.EnumerateArray().ToArray() : []).Where(b => b.Text("type"u8) == type);

    private static DateTimeOffset? Time(long seconds)
        => seconds is > 0 and < 253402300800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>Older versions tell a limit's end behind a bar: "usage limit reached|1760000000".</summary>
    [GeneratedRegex(@"\|[0-9]{10}\b")]
    private static partial Regex LimitTime();
}
