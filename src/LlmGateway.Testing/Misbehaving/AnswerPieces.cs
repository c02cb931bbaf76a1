using LlmGateway.Messages;

namespace LlmGateway.Testing.Misbehaving;

/// <summary>A reply in small pieces, as a model writes it, with a seam at a given place.</summary>
internal static class AnswerPieces
{
    private const int Size = 8;

    /// <summary>The pieces, and how many characters are written with each.</summary>
    /// <param name="reply">The whole reply.</param>
    /// <param name="seam">The characters after which a piece ends in any case.</param>
    /// <param name="wholeCalls">Whether the vendor sends each call in one piece.</param>
    public static IEnumerable<(LlmDelta Delta, int Characters)> Of(LlmReply reply, int seam, bool wholeCalls)
    {
        var written = 0;
        foreach (var delta in ReplyDeltas.Of(reply))
        {
            if (delta is ToolCallDelta call)
            {
                if (wholeCalls)
                {
                    written += call.ArgumentsJson.Length;
                    yield return (new PartDelta(call.Index, reply.Parts[call.Index]), call.ArgumentsJson.Length);
                    continue;
                }

                yield return (call with { ArgumentsJson = "" }, 0);
            }

            var text = TextOf(delta);
            if (text is null)
            {
                yield return (delta, 0);
                if (delta is HeaderDelta && reply.Usage is { } usage) yield return (new UsageDelta(usage with { OutputTokens = 0, ReasoningTokens = 0 }), 0); // Some vendors count the input first.
                continue;
            }

            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(Size, text.Length - at);
                if (written < seam && written + length > seam) length = seam - written;
                if (at + length < text.Length && char.IsHighSurrogate(text[at + length - 1])) length++;
                written += length;
                yield return (With(delta, text.Substring(at, length)), length);
                at += length;
            }
        }
    }

    /// <summary>All that a model had to write of a reply.</summary>
    public static int LengthOf(LlmReply reply) => ReplyDeltas.Of(reply).Sum(delta => TextOf(delta)?.Length ?? 0);

    private static string? TextOf(LlmDelta delta) => delta switch
    {
        TextDelta text => text.Text,
        RefusalDelta refusal => refusal.Text,
        ThinkingDelta thinking => thinking.Text,
        ToolCallDelta call => call.ArgumentsJson,
        _ => null,
    };

    private static LlmDelta With(LlmDelta delta, string piece) => delta switch
    {
        TextDelta text => text with { Text = piece },
        RefusalDelta refusal => refusal with { Text = piece },
        ThinkingDelta thinking => thinking with { Text = piece },
        ToolCallDelta call => new ToolCallDelta(call.Index, null, null, piece),
        _ => delta,
    };
}
