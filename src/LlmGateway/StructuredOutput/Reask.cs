using System.Text;

namespace LlmGateway.StructuredOutput;

/// <summary>The conversation in which a model is shown what was wrong with its answer.</summary>
internal static class Reask
{
    /// <summary>More would hide the first ones, and cost.</summary>
    private const int MaxErrorsShown = 20;

    /// <summary>
    /// The first request with the latest answer and its errors behind it, so that the conversation does not grow from
    /// one re-ask to the next. Each tool call gets its result: vendors refuse a call without one.
    /// </summary>
    public static LlmRequest Compose(LlmRequest first, LlmReply answer, IReadOnlyList<ValidationError> errors)
    {
        var complaint = Describe(errors);
        var messages = new List<LlmMessage>(first.Messages);
        if (answer.Parts.Count > 0) messages.Add(new LlmMessage(LlmRole.Assistant, answer.Parts));
        var calls = answer.Parts.OfType<ToolCallPart>().ToList();
        messages.Add(calls.Count == 0
            ? LlmMessage.User(complaint)
            : new LlmMessage(LlmRole.Tool, calls.Select(c => new ToolResultPart(c.Id, complaint, isError: true))));
        return first with { Messages = messages };
    }

    /// <summary>An answer of another model's: without its thoughts, which only its vendor can read, and as text where this one is not given the tool that it was written by.</summary>
    public static LlmReply AsSeenBy(OutputPlan plan, LlmReply answer, OutputPlan by) => answer with
    {
        Parts = [.. answer.Parts.Where(part => part is not ThinkingPart).Select(part => plan.Mode != OutputMode.Tool && by.IsAnswer(part) && part is ToolCallPart call ? new TextPart(call.ArgumentsJson) : part)],
    };

    private static string Describe(IReadOnlyList<ValidationError> errors)
    {
        var text = new StringBuilder("That answer cannot be used:\n");
        foreach (var error in errors.Take(MaxErrorsShown)) text.Append("- ").Append(error).Append('\n');
        if (errors.Count > MaxErrorsShown) text.Append("- and ").Append(errors.Count - MaxErrorsShown).Append(" more\n");
        return text.Append("Give the whole answer again, corrected, in the same form and with nothing else.").ToString();
    }
}
