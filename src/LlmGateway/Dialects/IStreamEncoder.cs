using System.Buffers;

namespace LlmGateway.Dialects;

/// <summary>Writes one reply as the protocol's stream, framing included, delta by delta.</summary>
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
