using System.Text;
using LlmGateway.Dialects;
using LlmGateway.Messages;
using LlmGateway.Wire;

namespace LlmGateway.Server.Tests.Fakes;

/// <summary>A client of a protocol, made of the codec's client half: what it reads is what a vendor's own client would.</summary>
internal static class Asking
{
    public static IDialect Of(string dialect) => Dialect.Find(dialect)!;

    public static string PathOf(string dialect, LlmRequest request)
    {
        var path = Of(dialect).PathOf(request);
        return path.StartsWith("v1", StringComparison.Ordinal) ? $"/{path}" : $"/v1/{path}";
    }

    public static string BodyOf(string dialect, LlmRequest request)
    {
        using var body = new PooledBuffer();
        Of(dialect).EncodeRequest(request, WirePeer.Any, body, []);
        return Encoding.UTF8.GetString(body.WrittenMemory.Span);
    }

    public static async Task<HttpResponseMessage> AskAsync(this Served served, string dialect, LlmRequest request, params (string, string)[] headers)
        => await served.PostAsync(PathOf(dialect, request), BodyOf(dialect, request), headers);

    /// <summary>Reads an answer, streamed or not, as a client of the dialect does.</summary>
    /// <exception cref="DialectException">It is an error, or not whole.</exception>
    public static async Task<LlmReply> ReadAsync(string dialect, HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            var body = await response.Content.ReadAsByteArrayAsync();
            if (!response.IsSuccessStatusCode) throw new DialectException(ProviderErrorKind.Unknown, Encoding.UTF8.GetString(body), Of(dialect).DecodeError((int)response.StatusCode, body));
            return Of(dialect).DecodeReply(body, WirePeer.Any);
        }

        return await ReadStreamAsync(dialect, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>Reads a stream as a client of the dialect does.</summary>
    /// <exception cref="DialectException">It ends with an error, or is not whole.</exception>
    public static async Task<LlmReply> ReadStreamAsync(string dialect, Stream stream)
    {
        using var events = new SseReader(stream);
        var decoder = Of(dialect).CreateStreamDecoder(WirePeer.Any);
        var reply = new ReplyBuilder();
        var deltas = new List<LlmDelta>();
        while (!decoder.IsEnded && await events.ReadAsync(default))
        {
            decoder.Decode(events.Type.Span, events.Data, deltas);
            foreach (var delta in deltas) reply.Add(delta);
            deltas.Clear();
        }

        decoder.End(deltas);
        foreach (var delta in deltas) reply.Add(delta);
        if (!decoder.IsComplete) throw new DialectException(ProviderErrorKind.Truncated, "The stream ended before the answer did.");
        return reply.Build();
    }
}
