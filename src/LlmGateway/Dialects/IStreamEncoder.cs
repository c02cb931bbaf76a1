using System.Buffers;

namespace LlmGateway.Dialects;

/// <summary>Writes one reply as the protocol's stream, framing included, delta by delta.</summary>
/// <remarks>
/// An encoder knows nothing of a rescue, since no protocol has a word for it: what it has written stands. Whoever feeds it keeps
/// <see cref="ContinuedDelta"/> and <see cref="RestartedDelta"/> (and what is of no reply, <see cref="ResponseDelta"/> and the
/// bytes of a relay) to itself. After either, the deltas go on in the same encoder, by the indices that stand; where a restart
/// makes an index void of which something was written, the stream can only end with <see cref="Fail"/>. An encoder that takes
/// over from a vendor's own bytes is first fed what those said, and what it writes of that is thrown away; that must hold no
/// tool call, since some encoders hold calls back and would say them again at the end.
/// </remarks>
internal interface IStreamEncoder
{
    /// <summary>Writes what a delta adds. Some deltas write nothing yet, some several events.</summary>
    void Encode(LlmDelta delta, IBufferWriter<byte> output);

    /// <summary>
    /// Ends a whole reply with the protocol's terminal signal, usage included. Where no <see cref="FinishDelta"/> came the
    /// reply is not whole, and this must not be called: the caller ends with <see cref="Fail"/>.
    /// </summary>
    void Complete(IBufferWriter<byte> output);

    /// <summary>Writes what says only that the stream lives, before or between other events: what every reader of the protocol passes over.</summary>
    void SayAlive(IBufferWriter<byte> output);

    /// <summary>Ends a stream that broke, with the protocol's own event for errors: the reader must not take what came for a whole reply.</summary>
    void Fail(VendorError error, IBufferWriter<byte> output);
}
