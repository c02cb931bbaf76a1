namespace LlmGateway.Reliability.Tests.Fakes;

/// <summary>What a caller was told: an answer, or an error.</summary>
/// <param name="Text">The text it was handed; of a stream, all that came before its end.</param>
/// <param name="Reply">The whole answer; null where there was an error.</param>
/// <param name="Error">The error; null where there was an answer.</param>
/// <param name="Record">The call's record.</param>
internal sealed record Told(string Text, LlmReply? Reply, GatewayException? Error, CallRecord? Record)
{
    public ProviderErrorKind? Kind => (Error as ProviderException)?.Kind;

    public string Message => Error?.Message ?? "";
}
