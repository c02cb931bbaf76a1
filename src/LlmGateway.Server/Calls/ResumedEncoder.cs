using LlmGateway.Dialects;
using LlmGateway.Messages;
using LlmGateway.Wire;

namespace LlmGateway.Server.Calls;

/// <summary>
/// Makes the encoder that goes on with a stream whose beginning were a vendor's own bytes: it stands where those ended, as if it
/// had written them.
/// </summary>
internal static class ResumedEncoder
{
    /// <param name="dialect">The caller's dialect.</param>
    /// <param name="handedOut">What the bytes said.</param>
    /// <param name="losses">Where the encoder says what it can't say.</param>
    public static IStreamEncoder After(IDialect dialect, LlmReply handedOut, List<string> losses)
    {
        var encoder = dialect.CreateStreamEncoder(losses);
        using var written = new PooledBuffer();
        foreach (var delta in ReplyDeltas.Of(handedOut))
        {
            if (delta is UsageDelta or FinishDelta) continue;
            encoder.Encode(delta, written);
        }

        return encoder;
    }
}
