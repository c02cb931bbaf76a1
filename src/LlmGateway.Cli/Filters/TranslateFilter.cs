using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Cli.Filters;

/// <summary><c>translate --jsonl</c>: a request, a reply or a stream of one dialect in, of another out, with what was lost on the way.</summary>
internal sealed class TranslateFilter(IDialect from, IDialect to)
{
    /// <exception cref="FilterException">The line is not of the dialect, or cannot be said in the other.</exception>
    public void Request(JsonElement line, Utf8JsonWriter json) => Guard(() =>
    {
        var losses = new List<string>();
        var request = from.DecodeRequest(WireLine.Body(line), WireLine.Address(line));
        if (to.RequiresMaxTokens && request.MaxTokens is null)
        {
            request = request with { MaxTokens = GatewayConfig.DefaultMaxTokens, MaxTokensIsDefault = true };
            losses.Add($"max_tokens was not said and is set to {request.MaxTokens}: the {to.Name} dialect requires it.");
        }

        var body = new ArrayBufferWriter<byte>();
        to.EncodeRequest(request, WirePeer.Any, body, losses);
        if (to.KeepsModelInUrl)
        {
            json.WriteString("model", request.Model);
            json.WriteBoolean("stream", request.Stream);
        }

        WireLine.WriteBody(json, body);
        WireLine.WriteLosses(json, losses);
    });

    /// <exception cref="FilterException">The line is not of the dialect, is an error, or cannot be said in the other.</exception>
    public void Reply(JsonElement line, Utf8JsonWriter json) => Guard(() =>
    {
        var reply = from.DecodeReply(WireLine.Body(line), WirePeer.Any);
        if (WireLine.Model(line) is { } model) reply = reply with { Model = reply.Model ?? model };
        var losses = new List<string>(reply.Losses);
        var body = new ArrayBufferWriter<byte>();
        to.EncodeReply(to.RepliesNameModel ? reply : reply with { Model = null }, body, losses); // It stands beside the body.
        if (to.KeepsModelInUrl && reply.Model is { } name) json.WriteString("model", name);
        WireLine.WriteBody(json, body);
        WireLine.WriteLosses(json, losses);
    });

    /// <exception cref="FilterException">The stream is not of the dialect, or not whole.</exception>
    public void Stream(JsonElement line, Utf8JsonWriter json) => Guard(() =>
    {
        var stream = WholeStream.Read(from, WireLine.Stream(line), WirePeer.Any);
        if (stream.Error is { } error) throw error;
        if (!stream.IsComplete) throw new DialectException(ProviderErrorKind.Truncated, $"The stream ends before the {from.Name} dialect's own end of an answer: it was cut.");
        var losses = new List<string>(stream.Reply.Losses);
        if (stream.Reply.SkippedEvents > 0) losses.Add($"{stream.Reply.SkippedEvents} malformed events were passed over.");
        var output = new ArrayBufferWriter<byte>();
        var encoder = to.CreateStreamEncoder(losses);
        if (to.RepliesNameModel && WireLine.Model(line) is { } model && stream.Reply.Model is null) encoder.Encode(new HeaderDelta { Model = model }, output);
        foreach (var delta in stream.Deltas) encoder.Encode(to.RepliesNameModel || delta is not HeaderDelta header ? delta : header with { Model = null }, output);
        encoder.Complete(output);
        if (to.KeepsModelInUrl && (stream.Reply.Model ?? WireLine.Model(line)) is { } name) json.WriteString("model", name);
        if (to.IsBinaryStream) json.WriteBase64String("stream_base64", output.WrittenSpan);
        else json.WriteString("stream", Encoding.UTF8.GetString(output.WrittenSpan));
        WireLine.WriteLosses(json, losses);
    });

    private static void Guard(Action translate)
    {
        try
        {
            translate();
        }
        catch (DialectException e)
        {
            throw WireLine.Error(e);
        }
    }
}
