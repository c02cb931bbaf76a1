namespace LlmGateway;

/// <summary>
/// A typed answer was asked for together with tools, and the model wants a tool run before it answers. Run the tools, put a
/// message of the assistant's with <see cref="Reply"/>'s parts and a <see cref="ToolResultPart"/> for each call behind the
/// conversation, and ask again.
/// </summary>
public sealed class ToolCallsRequestedException : GatewayException
{
    internal ToolCallsRequestedException(LlmReply reply)
        : base($"The model asks for tools before it answers ({string.Join(", ", reply.Parts.OfType<ToolCallPart>().Select(call => call.Name).Distinct())}). Run them, add the reply's parts and their results to the conversation, and ask again.")
    {
        Reply = reply;
    }

    /// <summary>The whole reply, with the calls among its parts.</summary>
    public LlmReply Reply { get; }
}
