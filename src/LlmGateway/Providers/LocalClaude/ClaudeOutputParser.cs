using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Anthropic;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Providers.LocalClaude;

/// <summary>
/// Reads what the CLI printed. A pure function: text in, an answer or a typed error out.
/// Source: https://code.claude.com/docs/en/headless, and the output of version 2.1.197.
/// </summary>
internal static class ClaudeOutputParser
{
    /// <param name="text">Standard output.</param>
    /// <param name="hasSchema">Whether a schema was passed.</param>
    /// <exception cref="CliOutputException">The output is an error, or none of the CLI's.</exception>
    public static CliAnswer Parse(string text, bool hasSchema)
    {
        try
        {
            var output = ClaudeOutput.Read(text)
                ?? throw new CliOutputException(ProviderErrorKind.MalformedReply, "the claude CLI printed no result") { HasNoMessage = true };
            return output.Result.Member("is_error"u8, JsonValueKind.True) is null ? Success(output, hasSchema) : Error(output);
        }
        catch (Exception e) when (e is InvalidOperationException or OverflowException)
        {
            // Half a surrogate pair in a name cannot be read.
            throw new CliOutputException(ProviderErrorKind.MalformedReply, "the claude CLI printed text that cannot be read", e);
        }
    }

    private static CliAnswer Success(ClaudeOutput output, bool hasSchema)
    {
        var stop = output.Result.Text("stop_reason"u8);
        if (StructuredOutput(output.Result) is { } json) return Answer(output, json, FinishReason.Stop, stop);
        if (hasSchema && output.TookSchema == false)
        {
            throw Failure(output, ProviderErrorKind.InvalidRequest,
                "the claude CLI dropped the JSON schema because it cannot compile it, so the model was never shown it. Simplify the type, above all its patterns and references, or choose another provider, such as anthropic");
        }

        var usage = ClaudeUsage.Read(output);
        if (output.Result.Member("num_turns"u8, JsonValueKind.Number) is { } turns && turns.TryGetInt64(out var count) && count == 0 && usage is null or { TotalTokens: 0 })
        {
            throw Failure(output, ProviderErrorKind.InvalidRequest, "the claude CLI took the prompt for a command of its own and did not ask the model. Begin the prompt with a word");
        }

        var words = output.Result.Text("result"u8);
        var written = output.ModelText;
        if (words is null && written.Length == 0 && !hasSchema) throw Failure(output, ProviderErrorKind.MalformedReply, "the claude CLI's result holds no text");

        // The result is the last piece alone where the CLI asked the model to go on.
        var whole = string.IsNullOrEmpty(words) || written.EndsWith(words, StringComparison.Ordinal) ? written : words;
        return Answer(output, whole.Length == 0 ? words ?? "" : whole, stop is null or "tool_use" ? FinishReason.Stop : AnthropicFinish.Of(stop), stop);
    }

    /// <summary>Some of what the CLI calls an error is an answer: a refusal, one that was cut, and one that does not fit the schema, which the client asks for again.</summary>
    private static CliAnswer Error(ClaudeOutput output)
    {
        var subtype = output.Result.Text("subtype"u8);
        var code = output.ErrorCode ?? (subtype is "success" ? null : subtype);
        var message = Message(output.Result);
        if (subtype == "error_max_structured_output_retries") return Answer(output, output.ModelStructuredOutput ?? output.ModelText, FinishReason.Stop, subtype);
        if (output.Result.Text("stop_reason"u8) == "refusal") return Answer(output, output.ModelText is { Length: > 0 } said ? said : message, FinishReason.Refusal, "refusal");
        if (code == "max_output_tokens" || message.Contains("output token maximum", StringComparison.OrdinalIgnoreCase)) return Answer(output, output.ModelText, FinishReason.Length, "max_tokens");

        var status = output.Result.Member("api_error_status"u8, JsonValueKind.Number) is { } number && number.TryGetInt32(out var value) ? value : ClaudeErrorKind.StatusIn(message);
        var kind = ClaudeErrorKind.Of(status, code, output.Result.Text("terminal_reason"u8), message);
        throw Failure(output, kind, message, status, code);
    }

    private static string Message(JsonElement result)
    {
        if (result.Text("result"u8) is { Length: > 0 } words) return words;
        if (result.Member("errors"u8, JsonValueKind.Array) is { } errors)
        {
            var texts = errors.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString());
            if (string.Join("; ", texts) is { Length: > 0 } joined) return joined;
        }

        return $"the claude CLI reports an error ({result.Text("subtype"u8) ?? "without a name"}) and gives no reason";
    }

    private static string? StructuredOutput(JsonElement result)
        => result.TryGetProperty("structured_output"u8, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetRawText() : null;

    private static CliAnswer Answer(ClaudeOutput output, string text, FinishReason reason, string? vendorReason)
    {
        var usage = ClaudeUsage.Read(output);
        var reply = new LlmReply
        {
            Parts = [new TextPart(text)],
            Model = ClaudeUsage.Model(output),
            Id = output.FromModel.Select(m => m.Text("id"u8)).LastOrDefault(i => i is not null),
            RequestId = output.RequestId,
            FinishReason = reason,
            VendorFinishReason = vendorReason,
            Usage = usage,
            Losses = usage is null ? ["The claude CLI's token counts are missing or could not be read, and are estimated."] : [],
        };
        return new CliAnswer(reply, usage is { IsEstimated: true } ? null : Cost(output.Result), output.KeySource);
    }

    private static CliOutputException Failure(ClaudeOutput output, ProviderErrorKind kind, string message, int? status = null, string? code = null)
    {
        var partial = Answer(output, output.ModelText, FinishReason.Other, output.Result.Text("stop_reason"u8));
        return new CliOutputException(kind, message)
        {
            HttpStatus = status,
            Code = code,
            RequestId = output.RequestId,
            ResetsAt = kind == ProviderErrorKind.RateLimited ? output.LimitResetsAt : null,
            Partial = partial.Reply.Usage is { TotalTokens: > 0 } ? partial : null,
        };
    }

    /// <summary>
    /// The program adds up in binary floating point, whose noise (0.1846380000000000006) stands from the 16th digit on; no
    /// price is finer than a millionth of a millionth of a dollar a token.
    /// </summary>
    private const int CostDecimals = 12;

    /// <summary>Dividing by a 1 of this scale leaves only the digits that say something.</summary>
    private const decimal WithoutTrailingZeros = 1.0000000000000000000000000000m;

    private static decimal? Cost(JsonElement result)
        => result.Member("total_cost_usd"u8, JsonValueKind.Number) is { } cost && cost.TryGetDecimal(out var usd) && usd >= 0 ? decimal.Round(usd, CostDecimals) / WithoutTrailingZeros : null;
}
