using System.Text.Json;

namespace LlmGateway.Cli.Output;

/// <summary>Prints an answer while it comes: its text, or each piece as JSON.</summary>
internal static class AnswerStream
{
    /// <returns>The record of the call.</returns>
    /// <exception cref="ProviderException">The provider failed, refused, or the stream broke; what had come by then stands printed.</exception>
    public static async Task<CallRecord> WriteAsync(Terminal terminal, IAsyncEnumerable<LlmDelta> stream, bool asJson)
    {
        LlmResponse<LlmReply>? response = null;
        var endsLine = true;
        var lastText = -1;
        try
        {
            await foreach (var delta in stream)
            {
                if (delta is ResponseDelta whole) response = whole.Response;
                else if (asJson) WritePiece(terminal, delta);
                else if (delta is RestartedDelta restarted && restarted.FromIndex <= lastText)
                {
                    // What is printed stays printed.
                    if (!endsLine) terminal.Output.WriteLine();
                    endsLine = true;
                    lastText = restarted.FromIndex - 1;
                    terminal.Error.WriteLine($"The stream broke; {restarted.Provider}/{restarted.Model} answers, and what follows takes the place of the text above.");
                }
                else if (TextOf(delta) is { Length: > 0 } text)
                {
                    lastText = Math.Max(lastText, (delta as TextDelta)?.Index ?? ((RefusalDelta)delta).Index);
                    terminal.Output.Write(text);
                    endsLine = text.EndsWith('\n');
                }
            }
        }
        finally
        {
            // The shell's prompt, or the error, begins on a line of its own.
            if (!endsLine) terminal.Output.WriteLine();
        }

        var (reply, record) = (response!.Content, response.Metadata);
        if (asJson) terminal.Output.WriteLine(ResponseJson.Of(record, json => json.WriteStringValue(reply.Text)));
        if (reply.FinishReason is FinishReason.Refusal or FinishReason.ContentFilter)
        {
            throw new ProviderException(
                record.Provider,
                reply.FinishReason == FinishReason.Refusal ? ProviderErrorKind.Refusal : ProviderErrorKind.ContentFilter,
                $"{record.Provider}/{record.Model}: {(reply.FinishReason == FinishReason.Refusal ? "the model refused to answer" : "the vendor's filter withheld the answer")}.");
        }

        return record;
    }

    private static string? TextOf(LlmDelta delta) => (delta as TextDelta)?.Text ?? (delta as RefusalDelta)?.Text;

    private static void WritePiece(Terminal terminal, LlmDelta delta)
    {
        var line = delta switch
        {
            TextDelta text => Piece("text", json => json.WriteString("text", text.Text)),
            RefusalDelta refusal => Piece("refusal", json => json.WriteString("text", refusal.Text)),
            ThinkingDelta { Text.Length: > 0 } thinking => Piece("thinking", json => json.WriteString("text", thinking.Text)),
            ToolCallDelta call => Piece("tool_call", json =>
            {
                json.WriteNumber("index", call.Index);
                if (call.Id is not null) json.WriteString("id", call.Id);
                if (call.Name is not null) json.WriteString("name", call.Name);
                json.WriteString("arguments", call.ArgumentsJson);
            }),
            ContinuedDelta continued => Piece("continued", json =>
            {
                json.WriteString("provider", continued.Provider);
                json.WriteString("model", continued.Model);
            }),
            RestartedDelta restarted => Piece("restarted", json =>
            {
                json.WriteNumber("from_index", restarted.FromIndex);
                json.WriteString("provider", restarted.Provider);
                json.WriteString("model", restarted.Model);
            }),
            _ => null,
        };
        if (line is not null) terminal.Output.WriteLine(line);
    }

    private static string Piece(string type, Action<Utf8JsonWriter> members) => ResponseJson.Write(json =>
    {
        json.WriteString("type", type);
        members(json);
    });
}
