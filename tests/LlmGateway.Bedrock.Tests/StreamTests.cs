using System.Text;
using CsCheck;
using LlmGateway.Dialects;
using LlmGateway.Dialects.Tests;

namespace LlmGateway.Bedrock.Tests;

public sealed class StreamTests
{
    [Theory]
    [InlineData("tools")]
    [InlineData("thinking")]
    [InlineData("server_tool")]
    public async Task Any_split_of_the_bytes_gives_the_same_deltas(string name)
    {
        var bytes = Fixture.Bytes("bedrock", $"{name}.stream.bin");
        var whole = Middle.Dump((await Codec.ReadStream(Bedrock.Dialect, bytes)).Deltas.ToList());

        await Gen.Int[1, 200].Array[1, 6].SampleAsync(
            async sizes => Assert.Equal(whole, Middle.Dump((await Codec.ReadStream(Bedrock.Dialect, new SplitStream(bytes, sizes))).Deltas.ToList())),
            iter: 50);
    }

    [Fact]
    public async Task A_stream_is_complete_only_with_its_message_stop()
    {
        var bytes = Fixture.Bytes("bedrock", "text.stream.bin");
        var stops = Enumerable.Range(0, bytes.Length).First(length => Encoding.Latin1.GetString(bytes, 0, length).Contains("stopReason\":\"end_turn\"}", StringComparison.Ordinal)) + 4;
        for (var length = 0; length <= bytes.Length; length += 7)
        {
            var read = await Codec.ReadStream(Bedrock.Dialect, bytes[..length]);
            Assert.Equal(length >= stops, read.IsComplete);
        }

        Assert.False((await Codec.ReadStream(Bedrock.Dialect, Fixture.Bytes("bedrock", "truncated.stream.bin"))).IsComplete);
    }

    [Fact]
    public async Task What_was_received_before_a_cut_is_kept()
    {
        var read = await Codec.ReadStream(Bedrock.Dialect, Fixture.Bytes("bedrock", "truncated.stream.bin"));

        Assert.Equal("1. \"Blinding Lights\" – Th", read.Reply.Text);
        Assert.Equal(FinishReason.Other, read.Reply.FinishReason);
    }

    [Theory]
    [InlineData("throttlingException", ProviderErrorKind.RateLimited)]
    [InlineData("serviceUnavailableException", ProviderErrorKind.Overloaded)]
    [InlineData("internalServerException", ProviderErrorKind.ServerError)]
    [InlineData("modelStreamErrorException", ProviderErrorKind.ServerError)]
    [InlineData("modelTimeoutException", ProviderErrorKind.Timeout)]
    [InlineData("validationException", ProviderErrorKind.InvalidRequest)]
    public async Task An_exception_in_a_stream_is_of_its_own_kind(string type, ProviderErrorKind kind)
    {
        var read = await Codec.ReadStream(Bedrock.Dialect, [.. Fixture.Bytes("bedrock", "truncated.stream.bin"), .. FrameBuilder.Exception(type, """{"message":"why"}""")]);

        Assert.False(read.IsComplete);
        Assert.Equal((kind, type, "why"), (read.Error!.Kind, read.Error.VendorError!.Code, read.Error.VendorError.Message));
        Assert.StartsWith("1. ", read.Reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_of_other_forms_are_errors_too()
    {
        var documented = await Codec.ReadStream(Bedrock.Dialect, Fixture.Bytes("bedrock", "error_in_stream.stream.bin"));
        var model = await Codec.ReadStream(Bedrock.Dialect, Fixture.Bytes("bedrock", "error_model_in_stream.stream.bin"));
        var unmodeled = await Codec.ReadStream(Bedrock.Dialect, FrameBuilder.Error("InternalFailure", "boom"));
        var garbled = await Codec.ReadStream(Bedrock.Dialect, FrameBuilder.Exception("throttlingException", "not json"));
        var unknown = await Codec.ReadStream(Bedrock.Dialect, FrameBuilder.Exception("newException", "{}"));

        Assert.Equal(ProviderErrorKind.RateLimited, documented.Error!.Kind);
        Assert.Equal("The model failed.", model.Error!.VendorError!.Message);
        Assert.Equal((ProviderErrorKind.ServerError, "boom"), (unmodeled.Error!.Kind, unmodeled.Error.Message));
        Assert.Equal(ProviderErrorKind.RateLimited, garbled.Error!.Kind);
        Assert.Equal("newException", unknown.Error!.VendorError!.Code);
    }

    [Fact]
    public async Task A_malformed_event_is_skipped_and_counted_where_the_rest_is_coherent()
    {
        var damaged = FrameBuilder.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"lost"}}""");
        damaged[^6] ^= 1;
        byte[] bytes =
        [
            .. FrameBuilder.Event("messageStart", """{"role":"assistant"}"""),
            .. FrameBuilder.Event("contentBlockDelta", "not json"),
            .. FrameBuilder.Event("contentBlockDelta", """{"delta":{"text":"no index"}}"""),
            .. FrameBuilder.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":7}}"""),
            .. FrameBuilder.Event("contentBlockDelta", """{"contentBlockIndex":9,"delta":{"toolUse":{"input":"{}"}}}"""),
            .. damaged,
            .. FrameBuilder.Event("newEvent", """{"a":1}"""),
            .. FrameBuilder.Event("contentBlockDelta", """{"contentBlockIndex":3,"delta":{"smell":{}}}"""),
            .. FrameBuilder.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"kept"}}"""),
            .. FrameBuilder.Event("messageStop", """{"stopReason":"end_turn"}"""),
        ];

        var read = await Codec.ReadStream(Bedrock.Dialect, bytes);

        Assert.True(read.IsComplete);
        Assert.Equal(("kept", 5), (read.Reply.Text, read.Reply.SkippedEvents));
        Assert.Single(read.Reply.Parts);
    }

    [Fact]
    public async Task A_call_that_is_not_whole_for_a_lost_event_is_truncated()
    {
        byte[] bytes =
        [
            .. FrameBuilder.Event("contentBlockStart", """{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"a","name":"f"}}}"""),
            .. FrameBuilder.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":"}}}"""),
            .. FrameBuilder.Event("contentBlockDelta", "garbled"),
            .. FrameBuilder.Event("messageStop", """{"stopReason":"tool_use"}"""),
        ];

        var read = await Codec.ReadStream(Bedrock.Dialect, bytes);

        Assert.False(read.IsComplete);
        Assert.Equal(ProviderErrorKind.Truncated, read.Error!.Kind);
    }

    [Fact]
    public async Task A_call_without_arguments_has_an_empty_object()
    {
        byte[] bytes =
        [
            .. FrameBuilder.Event("contentBlockStart", """{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"a","name":"f"}}}"""),
            .. FrameBuilder.Event("contentBlockStop", """{"contentBlockIndex":0}"""),
            .. FrameBuilder.Event("messageStop", """{"stopReason":"end_turn"}"""),
        ];

        var reply = (await Codec.ReadStream(Bedrock.Dialect, bytes)).Reply;

        Assert.Equal("{}", Assert.IsType<ToolCallPart>(Assert.Single(reply.Parts)).ArgumentsJson);
        Assert.Equal(FinishReason.ToolCalls, reply.FinishReason);
    }

    [Fact]
    public async Task An_image_that_comes_in_pieces_is_one()
    {
        byte[] bytes =
        [
            .. FrameBuilder.Event("contentBlockStart", """{"contentBlockIndex":0,"start":{"image":{"format":"png"}}}"""),
            .. FrameBuilder.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"QUI="}}}}"""),
            .. FrameBuilder.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"Qw=="}}}}"""),
            .. FrameBuilder.Event("contentBlockStop", """{"contentBlockIndex":0}"""),
            .. FrameBuilder.Event("messageStop", """{"stopReason":"end_turn"}"""),
        ];

        var image = Assert.IsType<ImagePart>(Assert.Single((await Codec.ReadStream(Bedrock.Dialect, bytes)).Reply.Parts));
        var (again, losses) = Codec.Stream(Bedrock.Dialect, new LlmReply { Parts = [image], Usage = TokenUsage.Zero });

        Assert.Equal(("image/png", "QUJD"), (image.Source.MediaType, image.Source.Base64));
        Assert.Empty(losses);
        Middle.AssertSame(image, (await Codec.ReadStream(Bedrock.Dialect, again)).Reply.Parts[0]);
    }

    [Fact]
    public async Task Parts_that_interleave_are_written_one_after_the_other()
    {
        LlmDelta[] deltas =
        [
            new TextDelta(0, "a"), new ToolCallDelta(1, "x", "f", ""), new ToolCallDelta(2, "y", "g", "{"), new ToolCallDelta(1, null, null, "{\"k\":1}"), new ToolCallDelta(2, null, null, "}"),
            new UsageDelta(new TokenUsage { InputTokens = 1, OutputTokens = 2 }), new FinishDelta(FinishReason.ToolCalls, "tool_calls"),
        ];

        var (bytes, losses) = Codec.Stream(Bedrock.Dialect, deltas);
        var read = await Codec.ReadStream(Bedrock.Dialect, bytes);

        Assert.Empty(losses);
        Middle.AssertSame(new LlmPart[] { new TextPart("a"), new ToolCallPart("x", "f", "{\"k\":1}"), new ToolCallPart("y", "g", "{}") }, read.Reply.Parts.ToArray());
        Assert.Equal("tool_use", read.Reply.VendorFinishReason);
    }

    [Fact]
    public async Task A_stream_that_fails_ends_with_the_exception_of_its_kind()
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        var encoder = Bedrock.Dialect.CreateStreamEncoder([]);
        encoder.Encode(new TextDelta(0, "part"), output);
        Assert.Throws<InvalidOperationException>(() => encoder.Complete(output));
        encoder.Fail(new VendorError(ProviderErrorKind.Overloaded, "overloaded_error", "Busy", null), output);

        var read = await Codec.ReadStream(Bedrock.Dialect, output.WrittenSpan.ToArray());

        Assert.False(read.IsComplete);
        Assert.Equal(("part", ProviderErrorKind.Overloaded, "Busy"), (read.Reply.Text, read.Error!.Kind, read.Error.VendorError!.Message));
    }

    [Fact]
    public async Task Bytes_that_are_damaged_anywhere_never_do_more_than_the_dialects_own_errors()
    {
        var streams = new[] { "text", "tools", "thinking", "server_tool", "citations" }.Select(name => Fixture.Bytes("bedrock", $"{name}.stream.bin")).ToArray();
        var damage = Gen.Select(Gen.Int[0, streams.Length - 1], Gen.Int[0, 2000].Array[1, 5], Gen.Byte);
        await damage.SampleAsync(
            async cut =>
            {
                var bytes = streams[cut.Item1].ToArray();
                foreach (var at in cut.Item2) bytes[at % bytes.Length] ^= cut.Item3;
                await ReadAnything(bytes);
            },
            iter: 300);
        await Gen.Byte.Array[0, 400].SampleAsync(ReadAnything, iter: 300);
    }

    [Fact]
    public async Task Payloads_that_are_damaged_anywhere_never_do_more_than_the_dialects_own_errors()
    {
        var lines = new[] { "text", "tools", "thinking", "server_tool", "citations", "cache_usage" }.SelectMany(name => Fixture.Text("bedrock", $"{name}.stream.events").Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var damage = Gen.Select(Gen.Int[0, 1000].Array[1, 12], Gen.Int[0, 500], Gen.Char["{}[]\":,0a\\\ud800\u0000"]);
        await damage.SampleAsync(
            async cut =>
            {
                var text = cut.Item1.Select((pick, i) => i % 3 == 0 ? Damage(lines[pick % lines.Length], cut.Item2, cut.Item3) : lines[pick % lines.Length]);
                await ReadAnything(FrameBuilder.OfEvents(string.Join('\n', text)));
            },
            iter: 500);

        static string Damage(string line, int at, char with)
        {
            var payload = line.IndexOf(' ', StringComparison.Ordinal) + 1;
            var place = payload + (at % (line.Length - payload));
            return line[..place] + with + line[(place + 1)..];
        }
    }

    [Fact]
    public async Task A_streamed_text_costs_its_string_and_its_delta()
    {
        const int Events = 2000;
        var one = FrameBuilder.Event("contentBlockDelta", """{"contentBlockIndex":0,"delta":{"text":"word"},"p":"abcdefghijkl"}""");
        var bytes = Enumerable.Repeat(one, Events).SelectMany(frame => frame).ToArray();
        var deltas = new List<LlmDelta>(Events);
        await Read(bytes, deltas);
        deltas.Clear();

        var before = GC.GetAllocatedBytesForCurrentThread();
        await Read(bytes, deltas);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Events;

        Assert.Equal(Events, deltas.Count);
        Assert.InRange(each, 1, 24 + (2 * 4) + 32 + 16); // A string of four letters, a delta, and room for what a stream has once.

        static async Task Read(byte[] bytes, List<LlmDelta> deltas)
        {
            var decoder = Bedrock.Dialect.CreateStreamDecoder(WirePeer.Any);
            using var events = Bedrock.Dialect.ReadEvents(new MemoryStream(bytes));
            while (await events.ReadAsync(CancellationToken.None)) decoder.Decode(events.Type.Span, events.Data, deltas);
        }
    }

    private static async Task ReadAnything(byte[] bytes)
    {
        try
        {
            await Codec.ReadStream(Bedrock.Dialect, bytes);
        }
        catch (InvalidDataException)
        {
            // What the reader says of bytes that are no frames.
        }
    }
}
