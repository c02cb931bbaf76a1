using CsCheck;
using LlmGateway.Messages;

namespace LlmGateway.Tests.Routing.Rescue;

/// <summary>Replies, and the ways in which they can be split.</summary>
internal static class Streams
{
    /// <summary>White space, pairs of surrogates, CR and LF: whatever a cut can fall into.</summary>
    public static readonly Gen<string> Text = Gen.OneOf("a", "b", "ab", " ", "\n", "\r\n", "\t", "\u00a0", "\u001f", "😀", "é", "漢").Array[1, 12].Select(string.Concat);

    public static readonly Gen<int[]> Sizes = Gen.Int[1, 5].Array[1, 6];

    private static readonly Gen<LlmPart> Call = Gen.Select(
        Gen.OneOf("f", "g"),
        Gen.OneOf("{}", """{"a":1}""", """{"a": {"b": "}"}, "c": [1, 2]}"""),
        Gen.Int[0, 99],
        (name, json, id) => (LlmPart)new ToolCallPart($"call_{id}", name, json));

    private static readonly Gen<LlmPart> Thought = Text.Select(text => (LlmPart)new ThinkingPart(text, "signed") { Origin = "anthropic" });

    public static readonly Gen<LlmReply> Reply = Gen.OneOf(Text.Select(text => (LlmPart)new TextPart(text)), Call, Thought, Text.Select(text => (LlmPart)new RefusalPart(text)))
        .Array[1, 5]
        .Select(parts => new LlmReply
        {
            Parts = parts,
            Model = "fresh-model",
            Id = "fresh-id",
            RequestId = "fresh-request",
            Usage = new TokenUsage { InputTokens = 3, OutputTokens = 5 },
            VendorFinishReason = "end",
        });

    /// <summary>A reply's deltas, each cut into pieces of the given sizes.</summary>
    public static List<LlmDelta> Split(LlmReply reply, int[] sizes)
    {
        var next = 0;
        return [.. ReplyDeltas.Of(reply).SelectMany(delta => delta switch
        {
            TextDelta text => Cut(text.Text).Select(piece => (LlmDelta)(text with { Text = piece })),
            RefusalDelta refusal => Cut(refusal.Text).Select(piece => refusal with { Text = piece }),
            ThinkingDelta thinking => Cut(thinking.Text).Select(piece => thinking with { Text = piece }),
            ToolCallDelta call => Cut(call.ArgumentsJson).Select((piece, i) => call with { ArgumentsJson = piece, Id = i == 0 ? call.Id : null, Name = i == 0 ? call.Name : null }),
            _ => [delta],
        })];

        IEnumerable<string> Cut(string text)
        {
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(sizes[next++ % sizes.Length], text.Length - at);
                yield return text.Substring(at, length);
                at += length;
            }
        }
    }

    public static ReplyBuilder Fold(IEnumerable<LlmDelta> deltas)
    {
        var builder = new ReplyBuilder();
        foreach (var delta in deltas) builder.Add(delta);
        return builder;
    }
}
