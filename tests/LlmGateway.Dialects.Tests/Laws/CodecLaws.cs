using System.Text;
using CsCheck;
using LlmGateway.Messages;

namespace LlmGateway.Dialects.Tests.Laws;

/// <summary>What holds for every dialect, whatever is said.</summary>
public class CodecLaws
{
    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public void A_request_that_the_dialect_can_say_comes_back_the_same(string name)
    {
        var dialect = All.Of(name);
        Gens.Request.Sample(
            request =>
            {
                // Bedrock refuses a conversation with calls of tools that are not defined; they are then defined for it, which is said.
                if (name == "bedrock" && request.Messages.Any(message => message.Role == LlmRole.Tool)) return;
                var (body, losses) = Codec.Request(dialect, request);
                Assert.Empty(losses);
                var back = Codec.ReadRequest(dialect, body, request.Model, request.Stream);
                Middle.AssertSame(Plain(request), Plain(back));
            },
            iter: 300);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public void A_reply_that_the_dialect_can_say_comes_back_the_same(string name)
    {
        var dialect = All.Of(name);
        Gens.Reply.Sample(
            reply =>
            {
                if (!dialect.RepliesNameModel) reply = reply with { Id = null, Model = null }; // Nor has such a reply an id.
                var (body, losses) = Codec.Reply(dialect, reply);
                Assert.Empty(losses);
                Middle.AssertSame(Plain(reply), Plain(Codec.ReadReply(dialect, body)));
            },
            iter: 300);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task The_deltas_of_a_stream_fold_into_the_reply_that_comes_in_one_piece(string name)
    {
        var dialect = All.Of(name);
        await Gens.Reply.SampleAsync(
            async reply =>
            {
                var (bytes, _) = Codec.Stream(dialect, reply);
                var read = await Codec.ReadStream(dialect, bytes);
                Assert.Null(read.Error);
                Assert.True(read.IsComplete);
                Middle.AssertSame(Plain(Codec.ReadReply(dialect, Codec.Reply(dialect, reply).Body)), Plain(read.Reply));
            },
            iter: 200);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task Any_split_of_a_streams_bytes_gives_the_same_deltas(string name)
    {
        var dialect = All.Of(name);
        await Gen.Select(Gens.Reply, Gen.Int[1, 40].Array[1, 6]).SampleAsync(
            async (reply, sizes) =>
            {
                var (bytes, _) = Codec.Stream(dialect, reply);
                var whole = await Codec.ReadStream(dialect, bytes);
                var split = await Codec.ReadStream(dialect, new SplitStream(bytes, sizes));
                Assert.Equal(whole.Deltas.Select(Middle.Dump), split.Deltas.Select(Middle.Dump));
            },
            iter: 100);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task A_stream_that_is_cut_anywhere_before_its_terminal_signal_is_not_complete_and_gives_a_beginning_of_the_answer(string name)
    {
        var dialect = All.Of(name);
        var reply = new LlmReply { Id = "r", Model = "m", Parts = [new TextPart("Hello, world"), new ToolCallPart("c1", "f", """{"a":1}""")], FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { InputTokens = 5, OutputTokens = 7 } };
        var (bytes, _) = Codec.Stream(dialect, Chopped(reply));
        var complete = 0;
        for (var length = 0; length < bytes.Length; length++)
        {
            var read = await Codec.ReadStream(dialect, bytes[..length]);
            Assert.Null(read.Error);
            Assert.StartsWith(read.Reply.Text, reply.Text, StringComparison.Ordinal);
            if (read.IsComplete)
            {
                // From the finish reason on, what is missing is the counts at most.
                complete++;
                Assert.Equal("Hello, world", read.Reply.Text);
                Assert.Equal("""{"a":1}""", Assert.Single(read.Reply.Parts.OfType<ToolCallPart>()).ArgumentsJson);
                Assert.Equal(FinishReason.ToolCalls, read.Reply.FinishReason);
            }
        }

        Assert.True(complete < bytes.Length / 2, $"{complete} of {bytes.Length} cuts were taken for a whole reply.");
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task No_bytes_make_a_decoder_throw_anything_but_its_own_error(string name)
    {
        var dialect = All.Of(name);
        var seeds = Seeds(dialect);
        await Gen.Select(Gen.Int[0, seeds.Length - 1].Select(i => seeds[i]), Gen.Int[0, 400], Gen.Byte.Array[0, 12], Gen.Bool).SampleAsync(
            async (seed, at, junk, replaces) =>
            {
                var place = Math.Min(at, seed.Length);
                byte[] bytes = [.. seed[..place], .. junk, .. seed[Math.Min(seed.Length, place + (replaces ? junk.Length : 0))..]];
                AssertOwnErrorOnly(() => dialect.DecodeReply(bytes, WirePeer.Any));
                AssertOwnErrorOnly(() => dialect.DecodeRequest(bytes, new RequestAddress("m", null)));
                Assert.NotNull(dialect.DecodeError(500, bytes));
                await Codec.ReadStream(dialect, bytes); // Throws what is not the dialect's own.
            },
            iter: 1500);
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public void Values_of_another_type_than_documented_never_throw_anything_but_the_dialects_own_error(string name)
    {
        var dialect = All.Of(name);
        foreach (var seed in Seeds(dialect).Take(2).Select(Encoding.UTF8.GetString))
        {
            foreach (var value in (string[])["null", "1", "-1e400", "\"x\"", "[]", "{}", "[null]", "\"LONE\"", "true"])
            {
                foreach (var mutated in Mutations(seed, value))
                {
                    var bytes = Encoding.UTF8.GetBytes(mutated);
                    AssertOwnErrorOnly(() => dialect.DecodeReply(bytes, WirePeer.Any));
                    AssertOwnErrorOnly(() => dialect.DecodeRequest(bytes, new RequestAddress("m", null)));
                    Assert.NotNull(dialect.DecodeError(400, bytes));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public void Errors_keep_their_kind_on_the_way_out_and_in(string name)
    {
        var dialect = All.Of(name);
        foreach (var kind in (ProviderErrorKind[])[ProviderErrorKind.RateLimited, ProviderErrorKind.Authentication, ProviderErrorKind.NotFound, ProviderErrorKind.InvalidRequest, ProviderErrorKind.Overloaded, ProviderErrorKind.ServerError])
        {
            var body = new System.Buffers.ArrayBufferWriter<byte>();
            var status = dialect.EncodeError(new VendorError(kind, null, "It broke.", null), body);

            var error = dialect.DecodeError(status, body.WrittenMemory);

            Assert.Equal(kind, error.Kind);
            Assert.Equal("It broke.", error.Message);
        }
    }

    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task A_stream_that_fails_ends_in_the_dialects_own_error_and_is_not_complete(string name)
    {
        var dialect = All.Of(name);
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var encoder = dialect.CreateStreamEncoder([]);
        encoder.Encode(new HeaderDelta { Id = "r", Model = "m" }, output);
        encoder.Encode(new TextDelta(0, "Hel"), output);
        encoder.Fail(new VendorError(ProviderErrorKind.Overloaded, "overloaded", "Too much.", null), output);

        var read = await Codec.ReadStream(dialect, output.WrittenSpan.ToArray());

        Assert.False(read.IsComplete);
        Assert.Equal("Hel", read.Reply.Text);
        Assert.Equal(ProviderErrorKind.Overloaded, read.Error!.VendorError!.Kind);
    }

    private static void AssertOwnErrorOnly(Action decode)
    {
        try
        {
            decode();
        }
        catch (DialectException)
        {
            // Its own.
        }
    }

    private static byte[][] Seeds(IDialect dialect)
    {
        var reply = new LlmReply { Id = "r", Model = "m", Parts = [new TextPart("Hi"), new ToolCallPart("c1", "f", """{"a":[1]}""")], FinishReason = FinishReason.ToolCalls, Usage = new TokenUsage { InputTokens = 5, OutputTokens = 7 } };
        var request = Gens.Request.Single();
        return [Encoding.UTF8.GetBytes(Codec.Reply(dialect, reply).Body), Encoding.UTF8.GetBytes(Codec.Request(dialect, request).Body), Codec.Stream(dialect, reply).Bytes];
    }

    /// <summary>The text with each JSON value in turn replaced by another.</summary>
    private static IEnumerable<string> Mutations(string json, string value)
    {
        var reader = System.Text.Json.Nodes.JsonNode.Parse(json)!;
        var paths = new List<Action<System.Text.Json.Nodes.JsonNode>>();
        Walk(reader, paths, value);
        foreach (var path in paths)
        {
            var copy = reader.DeepClone();
            path(copy);
            yield return copy.ToJsonString().Replace("LONE", "\\ud800", StringComparison.Ordinal); // Half of a pair, which the tree itself cannot hold.
        }
    }

    private static void Walk(System.Text.Json.Nodes.JsonNode node, List<Action<System.Text.Json.Nodes.JsonNode>> paths, string value)
    {
        var pointer = node.GetPath();
        if (node is System.Text.Json.Nodes.JsonObject o)
        {
            foreach (var (key, child) in o)
            {
                paths.Add(root => Find(root, pointer).AsObject()[key] = Parse());
                if (child is not null) Walk(child, paths, value);
            }
        }
        else if (node is System.Text.Json.Nodes.JsonArray a)
        {
            for (var i = 0; i < a.Count; i++)
            {
                var at = i;
                paths.Add(root => Find(root, pointer).AsArray()[at] = Parse());
                if (a[i] is { } child) Walk(child, paths, value);
            }
        }

        System.Text.Json.Nodes.JsonNode? Parse() => value == "null" ? null : System.Text.Json.Nodes.JsonNode.Parse(value);

        static System.Text.Json.Nodes.JsonNode Find(System.Text.Json.Nodes.JsonNode root, string path)
        {
            var all = new Queue<System.Text.Json.Nodes.JsonNode>([root]);
            while (all.TryDequeue(out var next))
            {
                if (next.GetPath() == path) return next;
                foreach (var child in next is System.Text.Json.Nodes.JsonObject obj ? obj.Select(p => p.Value) : next is System.Text.Json.Nodes.JsonArray arr ? arr : [])
                {
                    if (child is not null) all.Enqueue(child);
                }
            }

            throw new InvalidOperationException(path);
        }
    }

    private static IEnumerable<LlmDelta> Chopped(LlmReply reply)
    {
        foreach (var delta in ReplyDeltas.Of(reply))
        {
            if (delta is TextDelta text)
            {
                foreach (var letter in text.Text) yield return text with { Text = letter.ToString() };
            }
            else
            {
                yield return delta;
            }
        }
    }

    /// <summary>Without what a dialect adds of its own: bags, the vendor's word, whose a call is.</summary>
    private static LlmReply Plain(LlmReply reply) => reply with { VendorFinishReason = null, Extensions = null, CreatedAt = null, Losses = [] };

    private static LlmRequest Plain(LlmRequest request) => request with
    {
        Extensions = null,
        Messages = [.. request.Messages.Select(message => new LlmMessage(message.Role, message.Parts.Select(part => part is ToolResultPart result ? new ToolResultPart(result.CallId, result.Parts) : part)))],
        Tools = [.. request.Tools.Select(tool => tool with { Strict = null })],
    };
}
