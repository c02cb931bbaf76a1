using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Gemini;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>
/// Reads what <c>gemini --output-format json</c> printed, and its report beside it. A pure function: texts in, an answer or
/// a typed error out. Source: https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/headless.md, and the output of
/// version 0.61.0.
/// </summary>
internal static class GeminiOutputParser
{
    private const int TurnLimit = 53;

    /// <exception cref="CliOutputException">The output is an error, or none of the CLI's.</exception>
    public static CliAnswer Parse(CliResult result, string model)
    {
        try
        {
            // Answers stand on standard output, errors on either.
            var printed = CliMessages.Read(result.Output).FindLast(IsResult);
            if (printed.ValueKind == JsonValueKind.Undefined) printed = CliMessages.Read(result.Error).FindLast(IsResult);
            if (printed.ValueKind == JsonValueKind.Undefined) throw new CliOutputException(ProviderErrorKind.MalformedReply, "the gemini CLI printed no result") { HasNoMessage = true };
            if (printed.Member("error"u8, JsonValueKind.Object) is { } error) throw Failure(error);
            return Success(printed, result.Report, model);
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair cannot be read.
            throw new CliOutputException(ProviderErrorKind.MalformedReply, "the gemini CLI printed text that cannot be read", e);
        }
    }

    private static bool IsResult(JsonElement message)
        => message.Member("response"u8, JsonValueKind.String) is not null || (message.Member("error"u8, JsonValueKind.Object)?.Member("message"u8, JsonValueKind.String) is not null && message.Text("session_id"u8) is not null);

    private static CliAnswer Success(JsonElement printed, string report, string model)
    {
        var usage = GeminiStats.Usage(printed);
        var answered = GeminiStats.Model(printed);
        var losses = new List<string>();
        if (usage is null) losses.Add("The gemini CLI's token counts are missing or could not be read, and are estimated.");
        if (answered is not null && !answered.StartsWith(model, StringComparison.OrdinalIgnoreCase)) losses.Add($"The gemini CLI asked {answered} in the place of {model}.");
        var word = GeminiReport.FinishReason(report);
        if (word is null) losses.Add("The gemini CLI did not say why the answer ended, so that it may have been cut at its limit.");
        var answer = new CliAnswer(new LlmReply
        {
            Parts = [new TextPart(printed.Text("response"u8)!)],
            Model = answered,
            FinishReason = word switch { "stop" => FinishReason.Stop, "length" => FinishReason.Length, "content_filter" => FinishReason.ContentFilter, _ => FinishReason.Other },
            VendorFinishReason = word,
            Usage = usage,
            Losses = losses,
        });

        // The CLI prints what it has of an answer that broke off, as if it were whole, and counts the error.
        return GeminiStats.Error(printed) switch
        {
            "NO_FINISH_REASON" => throw new CliOutputException(ProviderErrorKind.Truncated, "the answer ended without a finish reason: it broke off, or the prompt was blocked") { Code = "NO_FINISH_REASON", Partial = answer },
            null or "NO_RESPONSE_TEXT" => answer,
            var other => throw new CliOutputException(ProviderErrorKind.MalformedReply, $"the model's answer could not be read ({other})") { Code = other, Partial = answer },
        };
    }

    private static CliOutputException Failure(JsonElement error)
    {
        var message = error.Text("message"u8)!;
        var code = error.Member("code"u8, JsonValueKind.Number) is { } number && number.TryGetInt32(out var value) ? value : (int?)null;
        var status = GeminiErrorKind.StatusOf(code);

        // Some errors are the API's own body.
        var vendor = VendorErrorIn(status ?? 400, message);
        var said = vendor?.Message ?? message;
        if (code == TurnLimit) said = "the model called a tool, which it was offered none of";
        return new CliOutputException(vendor is { Kind: not (ProviderErrorKind.Unknown or ProviderErrorKind.MalformedReply) } known ? known.Kind : GeminiErrorKind.Of(code, said), said)
        {
            HttpStatus = status,
            Code = vendor?.Code ?? code?.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static VendorError? VendorErrorIn(int status, string message)
    {
        if (!message.StartsWith('{')) return null;
        try
        {
            using var document = JsonDocument.Parse(message);
            return document.RootElement.Member("error"u8, JsonValueKind.Object) is null ? null : GeminiErrorDecoder.Decode(status, Encoding.UTF8.GetBytes(message));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
