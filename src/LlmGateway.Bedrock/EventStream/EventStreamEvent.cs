namespace LlmGateway.Bedrock.EventStream;

/// <summary>
/// How a frame's headers become the one type that a decoder sees: an event's own name; for what is no event, a name that
/// no event has.
/// </summary>
internal static class EventStreamEvent
{
    /// <summary>Stands before the name of an exception: <c>:exception-type:throttlingException</c>.</summary>
    public static ReadOnlySpan<byte> ExceptionPrefix => ":exception-type:"u8;

    /// <summary>Stands before the code of an error that the service does not model; the data is its message as text.</summary>
    public static ReadOnlySpan<byte> ErrorPrefix => ":error-code:"u8;

    /// <summary>A frame whose last checksum or whose headers are wrong, of which only its length is known.</summary>
    public static ReadOnlySpan<byte> Damaged => ":damaged"u8;
}
