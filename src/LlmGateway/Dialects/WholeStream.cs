using LlmGateway.Messages;
using LlmGateway.Wire;

namespace LlmGateway.Dialects;

/// <summary>A stream that has been received to its end, or to where it broke, as deltas and as the reply that they make.</summary>
/// <param name="Deltas">What the events said, in order.</param>
/// <param name="Reply">What they make together.</param>
/// <param name="IsComplete">Whether the protocol's own terminal signal was seen.</param>
/// <param name="Error">The vendor's error in the stream, or what made the rest unreadable; null for none.</param>
internal sealed record WholeStream(IReadOnlyList<LlmDelta> Deltas, LlmReply Reply, bool IsComplete, DialectException? Error)
{
    public static WholeStream Read(IDialect dialect, byte[] bytes, WirePeer peer)
    {
        var decoder = dialect.CreateStreamDecoder(peer);
        var deltas = new List<LlmDelta>();
        DialectException? error = null;
        try
        {
            using var events = dialect.ReadEvents(new MemoryStream(bytes, writable: false));
            while (!decoder.IsEnded && Next(events))
            {
                if (!events.IsLifeSign) decoder.Decode(events.Type.Span, events.Data, deltas);
            }
            decoder.End(deltas);
        }
        catch (DialectException e)
        {
            error = e;
        }
        catch (InvalidDataException e)
        {
            error = new DialectException(ProviderErrorKind.MalformedReply, e.Message, innerException: e);
        }

        if (decoder.SkippedEvents > 0) deltas.Add(new HeaderDelta { SkippedEvents = decoder.SkippedEvents });
        var reply = new ReplyBuilder();
        foreach (var delta in deltas) reply.Add(delta);
        return new WholeStream(deltas, reply.Build(), decoder.IsComplete && error is null, error);
    }

    /// <summary>Bytes in memory are there at once.</summary>
    private static bool Next(EventReader events)
    {
        var read = events.ReadAsync(CancellationToken.None);
        return read.IsCompleted ? read.GetAwaiter().GetResult() : read.AsTask().GetAwaiter().GetResult();
    }
}
