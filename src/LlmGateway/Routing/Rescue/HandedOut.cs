using LlmGateway.Messages;

namespace LlmGateway.Routing.Rescue;

/// <summary>What the consumer of a broken stream holds, thoughts left out.</summary>
internal sealed class HandedOut
{
    public HandedOut(ReplyBuilder received)
    {
        Parts = [.. received.Indexed.Where(part => part.Part is not ThinkingPart)];
        Next = received.Indexed.Select(part => part.Index + 1).LastOrDefault();
        Standing = Parts.FindIndex(part => part.Part is ToolCallPart call && !CallArguments.AreComplete(call.ArgumentsJson));
        if (Standing < 0) Standing = Parts.Count;

        // A last part that has only begun may be of another kind in another answer.
        if (Standing == Parts.Count && Parts is [.., (_, TextPart { Text: "" } or RefusalPart { Text: "" })]) Standing--;
    }

    /// <summary>The parts with their indices, in order.</summary>
    public List<(int Index, LlmPart Part)> Parts { get; }

    /// <summary>How many of <see cref="Parts"/> stand. What follows is void: a tool call that was under way can only come again.</summary>
    public int Standing { get; }

    /// <summary>The first index that is free.</summary>
    public int Next { get; }
}
