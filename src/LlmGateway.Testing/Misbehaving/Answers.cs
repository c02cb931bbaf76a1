using LlmGateway.Budgets;
using LlmGateway.Dialects;
using LlmGateway.Providers.Simulated;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>What the models say: always the same to the same request.</summary>
internal static class Answers
{
    private const string Json = """[{"city":"Oslo","country":"Norway","inhabitants":709037},{"city":"Bergen","country":"Norway","inhabitants":289330},{"city":"Rome","country":"Italy","inhabitants":2755309},{"city":"Turin","country":"Italy","inhabitants":847287}]""";

    /// <summary>Long enough to be cut anywhere, and nowhere twice the same.</summary>
    public const string Story =
        "A harbour master kept two clocks on his wall. The first he trusted, for it had come with the house; the second he had bought from a sailor who swore that it never stopped. " +
        "One winter the first fell silent in the middle of the night, and every ship that waited for its bell lay still. The master woke, heard nothing, and listened for the second. " +
        "It was striking four. He rang the bell by it, and the ships went out on the tide as if nothing had happened. " +
        "In the morning he opened the silent clock, found a grain of sand between two wheels, and set it going again; but from that day he wound them both.";

    public const string OtherStory =
        "There were once two wells in a village. Everybody drank from the near one, until a summer came in which it gave nothing but mud. " +
        "Then they remembered the far one, cleared the stones from its mouth, and found it cold and full. They have cleaned both every spring since.";

    /// <summary>The answer to a request: by its schema or its forced tool where it has one, else the story, from where the caller's part of it ends.</summary>
    /// <exception cref="ProviderException">Nothing can be made for the request's schema.</exception>
    public static LlmReply Of(LlmRequest request, string story = Story)
        => request is { OutputSchema: not null } or { ToolChoice.Mode: LlmToolChoiceMode.Required or LlmToolChoiceMode.Named }
            ? Simulated(request)
            : OfText(request, story);

    /// <summary>JSON by the request's schema, else an array of four objects.</summary>
    public static LlmReply OfJson(LlmRequest request) => request.OutputSchema is not null ? Simulated(request) : OfText(request, Json);

    /// <summary>Two calls of the first tool that is offered.</summary>
    public static LlmReply OfTools(LlmRequest request)
    {
        if (request.Tools.Count == 0) return Counted(request, new LlmReply { Parts = [Call(1, "weather", """{"city":"Oslo"}"""), Call(2, "weather", """{"city":"Rome"}""")], FinishReason = FinishReason.ToolCalls });
        var one = SimulatedAnswer.To(request with { OutputSchema = null, MaxTokens = null, ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Required) }, default).Parts.OfType<ToolCallPart>().Single();
        return Counted(request, new LlmReply { Parts = [Call(1, one.Name, one.ArgumentsJson), Call(2, one.Name, one.ArgumentsJson)], FinishReason = FinishReason.ToolCalls });
    }

    /// <summary>A refusal as the dialect says it: a part of its own, or a reason for ending.</summary>
    public static LlmReply OfRefusal(LlmRequest request, IDialect dialect) => Counted(request, new LlmReply
    {
        Parts = [dialect.Name.StartsWith("openai", StringComparison.Ordinal) ? new RefusalPart("I can't help with that.") : new TextPart("I can't help with that.")],
        FinishReason = FinishReason.Refusal,
    });

    /// <summary>The beginning of the answer, which the vendor's filter ends.</summary>
    public static LlmReply OfFilter(LlmRequest request) => Counted(request, new LlmReply { Parts = [new TextPart(Story[..40])], FinishReason = FinishReason.ContentFilter });

    /// <summary>A thought before the answer, of so many pieces.</summary>
    public static LlmReply WithThought(LlmRequest request, int pieces)
    {
        var answer = Of(request);
        return Counted(request, answer with { Parts = [new ThinkingPart(string.Concat(Enumerable.Repeat(Thought, pieces))), .. answer.Parts] });
    }

    /// <summary>One piece of a thought.</summary>
    public const string Thought = "Hm, so. ";

    /// <summary>What so many characters are counted as.</summary>
    public static long TokensOf(long characters) => UsageEstimate.TokensOf(characters);

    private static ToolCallPart Call(int number, string name, string arguments) => new($"call_{number}", name, arguments);

    private static LlmReply OfText(LlmRequest request, string text)
    {
        var rest = Asked.PrefillOf(request) is { } prefill && text.StartsWith(prefill, StringComparison.Ordinal) ? text[prefill.Length..] : text;
        var room = Math.Max(request.MaxTokens ?? int.MaxValue, 0) * 4L;
        var isCut = rest.Length > room;
        return Counted(request, new LlmReply { Parts = [new TextPart(isCut ? rest[..(int)room] : rest)], FinishReason = isCut ? FinishReason.Length : FinishReason.Stop });
    }

    private static LlmReply Simulated(LlmRequest request)
    {
        var reply = SimulatedAnswer.To(request, default);
        if (reply.Parts is [TextPart text] && Asked.PrefillOf(request) is { } prefill && text.Text.StartsWith(prefill, StringComparison.Ordinal)) reply = reply with { Parts = [new TextPart(text.Text[prefill.Length..])] };
        return Counted(request, reply);
    }

    private static LlmReply Counted(LlmRequest request, LlmReply reply)
    {
        var usage = UsageEstimate.Of(request, reply);
        return reply with { Id = "reply_1", Model = request.Model, Usage = new TokenUsage { InputTokens = usage.InputTokens, OutputTokens = usage.OutputTokens, ReasoningTokens = TokensOf(reply.Parts.OfType<ThinkingPart>().Sum(part => part.Text.Length)) } };
    }
}
