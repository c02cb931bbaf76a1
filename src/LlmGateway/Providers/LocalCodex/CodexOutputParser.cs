using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGateway.Dialects;
using LlmGateway.Dialects.OpenAI;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalCodex;

/// <summary>
/// Reads what <c>codex exec --json</c> printed: an event a line. A pure function: text in, an answer or a typed error out.
/// Source: https://developers.openai.com/codex/noninteractive, and the output of version 0.169.0.
/// </summary>
internal static partial class CodexOutputParser
{
    private const string IncompleteWords = "Incomplete response returned, reason: ";

    /// <exception cref="CliOutputException">The output is an error, or none of the CLI's.</exception>
    public static CliAnswer Parse(string text)
    {
        try
        {
            var events = CliMessages.Read(text);
            return events.FindLast(e => e.Text("type"u8) is "turn.completed" or "turn.failed" or "error") switch
            {
                { ValueKind: JsonValueKind.Undefined } => throw new CliOutputException(ProviderErrorKind.MalformedReply, "the codex CLI printed no result") { HasNoMessage = true },
                var end when end.Text("type"u8) == "turn.completed" => Success(events, CodexUsage.Read(end)),
                var end => Failure(events, (end.Member("error"u8, JsonValueKind.Object) ?? end).Text("message"u8) ?? "the codex CLI reports an error and gives no reason"),
            };
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair cannot be read.
            throw new CliOutputException(ProviderErrorKind.MalformedReply, "the codex CLI printed text that cannot be read", e);
        }
    }

    private static CliAnswer Success(List<JsonElement> events, TokenUsage? usage)
        => Texts(events, "agent_message").Count == 0
            ? throw new CliOutputException(ProviderErrorKind.MalformedReply, "the codex CLI's turn holds no message of the model") { Partial = usage is null ? null : Answer(events, usage, FinishReason.Other, null) }
            : Answer(events, usage, FinishReason.Stop, null);

    /// <summary>An answer that was cut at its limit is one; the CLI calls it an error.</summary>
    private static CliAnswer Failure(List<JsonElement> events, string message)
    {
        if (message.StartsWith(IncompleteWords, StringComparison.Ordinal))
        {
            var reason = message[IncompleteWords.Length..];
            return Answer(events, null, reason switch { "max_output_tokens" => FinishReason.Length, "content_filter" => FinishReason.ContentFilter, _ => FinishReason.Other }, reason);
        }

        // Some errors are the API's own body.
        var vendor = VendorErrorIn(message);
        var status = CodexErrorKind.StatusIn(message);
        var said = vendor?.Message ?? message;
        throw new CliOutputException(vendor is { Kind: not (ProviderErrorKind.Unknown or ProviderErrorKind.MalformedReply) } known ? known.Kind : CodexErrorKind.Of(status, said), said)
        {
            HttpStatus = status,
            Code = vendor?.Code,
            RequestId = RequestIdWords().Match(message) is { Success: true } id ? id.Groups[1].Value : null,
            RetryAfter = WaitIn(message),
            Partial = Texts(events, "agent_message").Count > 0 ? Answer(events, null, FinishReason.Other, null) : null,
        };
    }

    private static CliAnswer Answer(List<JsonElement> events, TokenUsage? usage, FinishReason reason, string? vendorReason)
    {
        var texts = Texts(events, "agent_message");
        var losses = new List<string>();
        if (texts.Count > 1) losses.Add($"Of the {texts.Count} messages that the model wrote, the last alone is the answer; the others were left out.");
        if (usage is null) losses.Add("The codex CLI's token counts are missing or could not be read, and are estimated.");
        return new CliAnswer(new LlmReply
        {
            Parts = [.. Texts(events, "reasoning").Select(t => new ThinkingPart(t)), new TextPart(texts.Count == 0 ? "" : texts[^1])],
            Id = events.Select(e => e.Text("thread_id"u8)).FirstOrDefault(i => i is not null),
            FinishReason = reason,
            VendorFinishReason = vendorReason,
            Usage = usage,
            Losses = losses,
        });
    }

    private static List<string> Texts(List<JsonElement> events, string type)
        => [.. events.Where(e => e.Text("type"u8) == "item.completed")
            .Select(e => e.Member("item"u8, JsonValueKind.Object))
            .Where(i => i?.Text("type"u8) == type)
            .Select(i => i!.Value.Text("text"u8) ?? "")];

    private static VendorError? VendorErrorIn(string message)
    {
        if (!message.StartsWith('{')) return null;
        try
        {
            using var document = JsonDocument.Parse(message);
            return document.RootElement.Member("error"u8, JsonValueKind.Object) is null ? null : OpenAIErrorDecoder.Decode(400, Encoding.UTF8.GetBytes(message));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TimeSpan? WaitIn(string message)
    {
        var match = WaitWords().Match(message);
        if (!match.Success || !double.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count) || count > 86_400_000) return null;
        return match.Groups[2].Value == "ms" ? TimeSpan.FromMilliseconds(count) : TimeSpan.FromSeconds(count);
    }

    [GeneratedRegex(@"request id: ([A-Za-z0-9_-]+)")]
    private static partial Regex RequestIdWords();

    [GeneratedRegex(@"try again in ([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(ms|s)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WaitWords();
}
