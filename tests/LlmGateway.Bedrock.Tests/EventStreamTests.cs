using System.Buffers;
using System.Text;
using CsCheck;
using LlmGateway.Bedrock.EventStream;
using LlmGateway.Dialects.Tests;

namespace LlmGateway.Bedrock.Tests;

/// <summary>Frames, as https://smithy.io/2.0/aws/amazon-eventstream.html has them.</summary>
public sealed class EventStreamTests
{
    /// <summary>The frames that AWS's own library is tested with: https://github.com/awslabs/aws-c-event-stream/blob/main/tests/message_deserializer_test.c.</summary>
    public static TheoryData<string, string> Documented => new()
    {
        { "000000100000000005c248eb7d98c8ff", "" },
        { "0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936", "{'foo':'bar'}" },
        { "0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1", "{'foo':'bar'}" },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task A_documented_frame_is_read(string hex, string payload)
    {
        var events = await Read(Convert.FromHexString(hex));

        Assert.Equal(("", payload), Assert.Single(events));
    }

    [Fact]
    public void The_documented_frame_with_a_header_is_written()
    {
        var output = new ArrayBufferWriter<byte>();

        EventStreamWriter.Write(output, [("content-type", "application/json")], "{'foo':'bar'}"u8);

        Assert.Equal(Documented.Last().Data.Item1, Convert.ToHexStringLower(output.WrittenSpan));
    }

    [Fact]
    public async Task The_reader_and_the_writer_agree_with_the_plain_builder()
    {
        var output = new ArrayBufferWriter<byte>();
        EventStreamWriter.WriteEvent(output, "messageStart", "{\"role\":\"assistant\"}"u8);
        EventStreamWriter.WriteException(output, "throttlingException", "{\"message\":\"é\"}"u8);

        byte[] plain = [.. FrameBuilder.Event("messageStart", "{\"role\":\"assistant\"}"), .. FrameBuilder.Exception("throttlingException", "{\"message\":\"é\"}")];

        Assert.Equal(plain, output.WrittenSpan.ToArray());
        Assert.Equal([("messageStart", "{\"role\":\"assistant\"}"), (":exception-type:throttlingException", "{\"message\":\"é\"}")], await Read(plain));
    }

    [Fact]
    public async Task An_error_that_is_not_modeled_is_told_by_its_headers()
        => Assert.Equal([(":error-code:InternalError", "boom")], await Read(FrameBuilder.Error("InternalError", "boom")));

    [Fact]
    public async Task Headers_of_every_type_are_passed_over()
    {
        byte[][] headers =
        [
            [1, (byte)'a', 0], [1, (byte)'b', 1], [1, (byte)'c', 2, 9], [1, (byte)'d', 3, 0, 9], [1, (byte)'e', 4, 0, 0, 0, 9],
            [1, (byte)'f', 5, 0, 0, 0, 0, 0, 0, 0, 9], [1, (byte)'g', 6, 0, 2, 1, 2], [1, (byte)'h', 8, 0, 0, 0, 0, 0, 0, 0, 9],
            [1, (byte)'i', 9, .. new byte[16]], FrameBuilder.Header(":event-type", "x"),
        ];

        Assert.Equal([("x", "{}")], await Read(FrameBuilder.Frame(headers, "{}"u8.ToArray())));
    }

    [Fact]
    public async Task A_frame_damaged_behind_its_prelude_is_told_apart_and_the_next_is_found()
    {
        var damaged = FrameBuilder.Event("contentBlockDelta", "{\"a\":1}");
        damaged[^6] ^= 1;
        var unknownHeader = FrameBuilder.Frame([[1, (byte)'a', 77, 1]], []);
        var cutHeader = FrameBuilder.Frame([[200, (byte)'a']], []);

        var events = await Read([.. damaged, .. unknownHeader, .. cutHeader, .. FrameBuilder.Event("next", "{}")]);

        Assert.Equal([":damaged", ":damaged", ":damaged", "next"], events.Select(e => e.Type));
    }

    [Theory]
    [InlineData("7b226d657373616765223a226e6f742061207374726561")] // JSON.
    [InlineData("000000100000000005c248ec7d98c8ff")] // The prelude's checksum is off by one.
    public async Task Bytes_that_are_no_frame_are_an_error(string hex)
        => await Assert.ThrowsAsync<InvalidDataException>(() => Read(Convert.FromHexString(hex)));

    [Theory]
    [InlineData(15, 0)] // Shorter than a frame can be.
    [InlineData(100, 85)] // Headers longer than the frame.
    [InlineData(400_000, 200_000)] // Headers over their limit.
    [InlineData(int.MaxValue, 0)]
    [InlineData(-1, 0)]
    public async Task Lengths_that_cannot_be_are_an_error_and_cost_no_memory(int total, int headers)
    {
        byte[] prelude = [(byte)(total >> 24), (byte)(total >> 16), (byte)(total >> 8), (byte)total, (byte)(headers >> 24), (byte)(headers >> 16), (byte)(headers >> 8), (byte)headers];
        var crc = FrameBuilder.Crc(prelude);

        await Assert.ThrowsAsync<InvalidDataException>(() => Read([.. prelude, (byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc, .. new byte[64]]));
    }

    [Fact]
    public async Task A_frame_that_is_cut_is_no_event()
    {
        var whole = FrameBuilder.Event("a", "{\"x\":1}");
        for (var length = 0; length < whole.Length; length++) Assert.Empty(await Read(whole[..length]));
    }

    [Fact]
    public async Task A_large_frame_is_read_and_one_over_the_limit_is_not()
    {
        var payload = new string('x', 300_000);

        Assert.Equal([("big", payload)], await Read(FrameBuilder.Event("big", payload)));
        await Assert.ThrowsAsync<InvalidDataException>(() => Read(FrameBuilder.Event("big", payload), maxFrameBytes: 100_000));
    }

    [Fact]
    public async Task Any_split_of_the_bytes_gives_the_same_events()
    {
        var bytes = Fixture.Bytes("bedrock", "tools.stream.bin");
        var whole = await Read(bytes);

        await Gen.Int[1, 300].Array[1, 8].SampleAsync(async sizes => Assert.Equal(whole, await Read(new SplitStream(bytes, sizes))), iter: 200);
    }

    private static Task<List<(string Type, string Data)>> Read(byte[] bytes, int maxFrameBytes = EventStreamReader.DefaultMaxFrameBytes) => Read(new MemoryStream(bytes), maxFrameBytes);

    private static async Task<List<(string Type, string Data)>> Read(Stream stream, int maxFrameBytes = EventStreamReader.DefaultMaxFrameBytes)
    {
        using var reader = new EventStreamReader(stream, maxFrameBytes);
        var events = new List<(string, string)>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) events.Add((Encoding.UTF8.GetString(reader.Type.Span), Encoding.UTF8.GetString(reader.Data.Span)));
        return events;
    }
}
