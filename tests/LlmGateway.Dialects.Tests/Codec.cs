using System.Buffers;
using System.Text;
using LlmGateway.Messages;

namespace LlmGateway.Dialects.Tests;

/// <summary>Both halves of a dialect with as little around them as a test can have.</summary>
internal static class Codec
{
    public static (string Body, List<string> Losses) Request(IDialect dialect, LlmRequest request, WirePeer? peer = null)
    {
        var body = new ArrayBufferWriter<byte>();
        var losses = new List<string>();
        dialect.EncodeRequest(request, peer ?? WirePeer.Any, body, losses);
        return (Encoding.UTF8.GetString(body.WrittenSpan), losses);
    }

    public static (string Body, List<string> Losses) Reply(IDialect dialect, LlmReply reply)
    {
        var body = new ArrayBufferWriter<byte>();
        var losses = new List<string>();
        dialect.EncodeReply(reply, body, losses);
        return (Encoding.UTF8.GetString(body.WrittenSpan), losses);
    }

    /// <summary>The bytes of a whole stream that says the reply.</summary>
    public static (byte[] Bytes, List<string> Losses) Stream(IDialect dialect, LlmReply reply) => Stream(dialect, ReplyDeltas.Of(reply));

    public static (byte[] Bytes, List<string> Losses) Stream(IDialect dialect, IEnumerable<LlmDelta> deltas)
    {
        var output = new ArrayBufferWriter<byte>();
        var losses = new List<string>();
        var encoder = dialect.CreateStreamEncoder(losses);
        foreach (var delta in deltas) encoder.Encode(delta, output);
        encoder.Complete(output);
        return (output.WrittenSpan.ToArray(), losses);
    }

    public static LlmRequest ReadRequest(IDialect dialect, string body, string? model = null, bool? stream = null)
        => dialect.DecodeRequest(Encoding.UTF8.GetBytes(body), new RequestAddress(model, stream));

    public static LlmReply ReadReply(IDialect dialect, string body, WirePeer? peer = null) => dialect.DecodeReply(Encoding.UTF8.GetBytes(body), peer ?? WirePeer.Any);

    public static Task<StreamRead> ReadStream(IDialect dialect, string text, WirePeer? peer = null) => ReadStream(dialect, Encoding.UTF8.GetBytes(text), peer);

    /// <summary>Reads a stream as a provider does, from memory, or from a stream of the caller's own that splits the bytes.</summary>
    public static Task<StreamRead> ReadStream(IDialect dialect, byte[] bytes, WirePeer? peer = null) => ReadStream(dialect, new MemoryStream(bytes), peer);

    public static async Task<StreamRead> ReadStream(IDialect dialect, Stream stream, WirePeer? peer = null)
    {
        var decoder = dialect.CreateStreamDecoder(peer ?? WirePeer.Any);
        var deltas = new List<LlmDelta>();
        var builder = new ReplyBuilder();
        DialectException? error = null;
        try
        {
            using var events = dialect.ReadEvents(stream);
            while (!decoder.IsEnded && await events.ReadAsync(TestContext.Current.CancellationToken))
            {
                if (!events.IsLifeSign) decoder.Decode(events.Type.Span, events.Data, deltas);
            }

            decoder.End(deltas);
        }
        catch (DialectException e)
        {
            error = e;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // The framing's own error, which a provider turns into a cut.
            error = new DialectException(ProviderErrorKind.MalformedReply, e.Message);
        }

        foreach (var delta in deltas) builder.Add(delta);
        return new StreamRead(builder.Build() with { SkippedEvents = decoder.SkippedEvents }, deltas, decoder.IsComplete, error);
    }
}

/// <summary>What came of reading a stream.</summary>
internal sealed record StreamRead(LlmReply Reply, IReadOnlyList<LlmDelta> Deltas, bool IsComplete, DialectException? Error);
