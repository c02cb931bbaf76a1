using System.Buffers;
using LlmGateway.Dialects;
using LlmGateway.Messages;
using LlmGateway.Routing.Rescue;
using LlmGateway.Server.Calls;
using LlmGateway.Server.Tests.Fakes;
using LlmGateway.Wire;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>
/// The law of an encoder after a rescue: wherever a stream was cut, and whether its beginning were the vendor's bytes or ours,
/// its reader holds in the end what it was handed out and the rest, once.
/// </summary>
public class ResumedEncoderTests
{
    private static readonly LlmPart[][] Replies =
    [
        [new TextPart("A harbour master kept two clocks.")],
        [new ThinkingPart("Hm, two clocks."), new TextPart("One \"was\" silent.\n")],
        [new TextPart("Let me look."), Call("call_1", """{"city": "Oslo"}"""), Call("call_2", """{"city": "Rome"}""")],
        [new ThinkingPart("I must look."), Call("call_1", """{"city": "Oslo"}""")],
        [new ThinkingPart("Both."), new TextPart("Looking…"), Call("call_1", "{}")],
    ];

    public static TheoryData<string, int, bool> Ways()
    {
        var ways = new TheoryData<string, int, bool>();
        foreach (var dialect in Served.Dialects)
            for (var reply = 0; reply < Replies.Length; reply++)
                foreach (var isRelayed in (bool[])[true, false]) ways.Add(dialect, reply, isRelayed);
        return ways;
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task The_reader_holds_the_whole_wherever_it_was_cut(string dialect, int number, bool isRelayed)
    {
        var whole = new LlmReply { Id = "r_1", Model = "m", Parts = Replies[number], FinishReason = Replies[number][^1] is ToolCallPart ? FinishReason.ToolCalls : FinishReason.Stop, Usage = new TokenUsage { InputTokens = 12, OutputTokens = 5 } };
        var pieces = ReplyDeltas.Of(whole).SelectMany(Pieces).ToList();
        var goneOn = 0;
        for (var cut = 1; pieces[cut - 1] is not FinishDelta; cut++)
        {
            var bytes = new ArrayBufferWriter<byte>();
            var encoder = Asking.Of(dialect).CreateStreamEncoder([]);
            foreach (var piece in pieces.Take(cut)) encoder.Encode(piece, bytes);
            var handed = isRelayed ? await DecodeAsync(dialect, bytes) : Fold(pieces.Take(cut));
            var before = handed.Build();

            // What an encoder may hold back to its end would be said twice: such a stream is not gone on with.
            if (isRelayed && before.Parts.Any(static part => part is ToolCallPart)) continue;
            if (isRelayed) encoder = ResumedEncoder.After(Asking.Of(dialect), before, []);
            var last = before.Parts.Count > 0 ? handed.Indexed.Max(static part => part.Index) : -1;
            var isVoid = false;
            var rescuer = new SpliceRescuer(new LlmRequest { Model = "m", Messages = [LlmMessage.User("Hi")] }, handed, "other", "n");
            foreach (var piece in pieces)
            {
                Assert.Null(rescuer.Take(piece));
                while (rescuer.TryGive(out var given))
                {
                    isVoid |= given is RestartedDelta restarted && restarted.FromIndex <= last;
                    if (given is not (ContinuedDelta or RestartedDelta)) encoder.Encode(given, bytes);
                }
            }

            // Half a call that was handed out can't be taken back: such a stream ends with an error.
            if (isVoid) continue;
            encoder.Complete(bytes);
            var read = await Asking.ReadStreamAsync(dialect, new MemoryStream(bytes.WrittenSpan.ToArray()));

            Assert.Equal(Said(whole.Parts), Said(read.Parts));
            Assert.Equal(Thought(before.Parts), Thought(read.Parts)); // Another's thoughts are not mixed in.
            Assert.Equal(whole.FinishReason, read.FinishReason);
            goneOn++;
        }

        Assert.True(goneOn > 2);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("openai_responses")]
    [InlineData("anthropic")]
    [InlineData("gemini")]
    public async Task A_sign_of_life_may_stand_anywhere(string dialect)
    {
        var whole = new LlmReply { Id = "r_1", Model = "m", Parts = Replies[2], FinishReason = FinishReason.ToolCalls };
        var encoder = Asking.Of(dialect).CreateStreamEncoder([]);
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var piece in ReplyDeltas.Of(whole).SelectMany(Pieces))
        {
            encoder.SayAlive(bytes);
            encoder.Encode(piece, bytes);
        }

        encoder.SayAlive(bytes);
        encoder.Complete(bytes);

        Assert.Equal(Said(whole.Parts), Said((await Asking.ReadStreamAsync(dialect, new MemoryStream(bytes.WrittenSpan.ToArray()))).Parts));
    }

    private static ToolCallPart Call(string id, string arguments) => new(id, "weather", arguments);

    /// <summary>What a gateway has read of a stream that died.</summary>
    private static async Task<ReplyBuilder> DecodeAsync(string dialect, ArrayBufferWriter<byte> bytes)
    {
        using var events = new SseReader(new MemoryStream(bytes.WrittenSpan.ToArray()));
        var decoder = Asking.Of(dialect).CreateStreamDecoder(WirePeer.Any);
        var deltas = new List<LlmDelta>();
        while (await events.ReadAsync(TestContext.Current.CancellationToken)) decoder.Decode(events.Type.Span, events.Data, deltas);
        return Fold(deltas);
    }

    private static ReplyBuilder Fold(IEnumerable<LlmDelta> deltas)
    {
        var reply = new ReplyBuilder();
        foreach (var delta in deltas) reply.Add(delta);
        return reply;
    }

    private static IEnumerable<LlmDelta> Pieces(LlmDelta delta) => delta switch
    {
        TextDelta text => text.Text.Chunk(3).Select(piece => text with { Text = new string(piece) }),
        ThinkingDelta thought => thought.Text.Chunk(3).Select(piece => thought with { Text = new string(piece) }),
        ToolCallDelta call => [call with { ArgumentsJson = "" }, .. call.ArgumentsJson.Chunk(4).Select(piece => new ToolCallDelta(call.Index, null, null, new string(piece)))],
        _ => [delta],
    };

    /// <summary>The text, and each call. Ids are the protocol's matter: Gemini's calls need none.</summary>
    private static string Said(IEnumerable<LlmPart> parts) => string.Concat(parts.Select(static part => part switch
    {
        TextPart text => text.Text,
        ToolCallPart call => $"[{call.Name} {call.ArgumentsJson}]",
        _ => "",
    }));

    private static string Thought(IEnumerable<LlmPart> parts) => string.Concat(parts.OfType<ThinkingPart>().Select(static part => part.Text));
}
