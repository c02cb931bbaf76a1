using System.Text;
using LlmGateway.Dialects;
using LlmGateway.Messages;
using LlmGateway.Providers.Http;
using LlmGateway.Relay;
using LlmGateway.Tests.Fakes;
using static LlmGateway.Tests.Fakes.RawServer;

namespace LlmGateway.Tests.Relay;

/// <summary>Streams whose bytes are passed on, over real sockets and over every way in which they can be split.</summary>
public sealed class RelayStreamTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nx-request-id: req_7\r\nConnection: close\r\n\r\n";

    public static TheoryData<string> Dialects => RelayWire.Names;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_stream_is_passed_on_byte_for_byte_and_its_record_is_that_of_a_translated_one(string name)
    {
        var wire = RelayWire.All[name];
        await using var server = new RawServer(Bytes(Head + wire.Stream));
        await using var llm = wire.Client(server);

        var (deltas, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true), Token));
        var (plain, none, _) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true) with { Wire = null }, Token));

        Assert.Null(error);
        Assert.Equal(wire.Stream, bytes);
        Assert.Equal(wire.SentBody(isStream: true), server.Requests[0].Body);
        Assert.Empty(none);
        Assert.DoesNotContain(plain, delta => delta is WireDelta);
        var (relayed, translated) = (Assert.IsType<ResponseDelta>(deltas[^1]).Response, Assert.IsType<ResponseDelta>(plain[^1]).Response);
        Assert.Equal(("Hello", "r1", "m1", FinishReason.Stop), (relayed.Content.Text, relayed.Content.Id, relayed.Model, relayed.Content.FinishReason));
        Assert.Equal((3, 2, false), (relayed.Usage.InputTokens, relayed.Usage.OutputTokens, relayed.Usage.IsEstimated));
        Assert.NotNull(relayed.Usage.TotalCostUsd);
        Assert.Equal(translated.Usage, relayed.Usage);
        Assert.Equal((translated.Content.VendorFinishReason, 0, "req_7"), (relayed.Content.VendorFinishReason, relayed.Metadata.SkippedEvents, relayed.Metadata.RequestId));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task However_the_bytes_are_split_each_read_gives_its_deltas_and_then_its_bytes(string name)
    {
        var wire = RelayWire.All[name];
        foreach (var end in (string[])["\n", "\r\n", "\r"])
        {
            var text = wire.Stream.Replace("\n", end, StringComparison.Ordinal);
            var bytes = Bytes(text);
            for (var at = 1; at < bytes.Length; at++) await CheckAsync(at);
            await CheckAsync([.. Enumerable.Repeat(1, bytes.Length)]);

            async Task CheckAsync(params int[] lengths)
            {
                var (given, reply, shape) = await ReadAsync(wire, new SplitStream(bytes, lengths));
                Assert.Equal(text, given);
                Assert.Equal(("Hello", 3, 2), (reply.Text, reply.Usage!.InputTokens, reply.Usage.OutputTokens));
                Assert.All(shape, batch => Assert.True(batch.Count(delta => delta is WireDelta) == 1 && batch[^1] is WireDelta));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_burst_is_one_piece(string name)
    {
        var wire = RelayWire.All[name];
        var (_, _, shape) = await ReadAsync(wire, new SplitStream(Bytes(wire.Stream)));
        Assert.Single(shape);
    }

    [Fact]
    public async Task A_very_long_event_is_passed_on()
    {
        var wire = RelayWire.All["openai"];
        var text = wire.Stream.Replace("Hel", new string('x', 100_000), StringComparison.Ordinal);
        var (given, reply, _) = await ReadAsync(wire, new SplitStream(Bytes(text), [.. Enumerable.Repeat(1000, 50)]));
        Assert.Equal((text, 100_002), (given, reply.Text.Length));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task What_can_not_be_read_is_passed_on_and_counted(string name)
    {
        var wire = RelayWire.All[name];
        var at = wire.Stream.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        var text = $"{wire.Stream[..at]}data: {{broken\n\n{wire.Stream[at..]}";
        await using var server = new RawServer(Bytes(Head + text));
        await using var llm = wire.Client(server);

        var (deltas, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true), Token));

        Assert.Null(error);
        Assert.Equal(text, bytes);
        Assert.Equal(1, Assert.IsType<ResponseDelta>(deltas[^1]).Response.Metadata.SkippedEvents);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task An_error_in_the_stream_is_an_exception_and_its_bytes_are_not_given(string name)
    {
        var wire = RelayWire.All[name];
        var begin = wire.Stream[..(wire.Stream.IndexOf("\n\n", wire.Stream.IndexOf("\"lo\"", StringComparison.Ordinal), StringComparison.Ordinal) + 2)];
        await using var server = new RawServer(Bytes($"{Head}{begin}data: {wire.ErrorEvent}\n\ndata: more\n\n"));
        await using var llm = wire.Client(server);

        var (_, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true), Token));

        var failure = Assert.IsType<ProviderException>(error);
        Assert.Equal((ProviderErrorKind.Overloaded, "Hello"), (failure.Kind, failure.PartialReply!.Text));
        Assert.Equal(begin, bytes);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_stream_that_is_cut_gives_whole_events_and_fails(string name)
    {
        var wire = RelayWire.All[name];
        var end = wire.Stream.IndexOf("\n\n", wire.Stream.IndexOf("\"Hel\"", StringComparison.Ordinal), StringComparison.Ordinal) + 2;
        await using var server = new RawServer(Bytes(Head + wire.Stream[..(wire.Stream.IndexOf("\"lo\"", StringComparison.Ordinal) + 1)]));
        await using var llm = wire.Client(server);

        var (deltas, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true), Token));

        Assert.Equal(ProviderErrorKind.Truncated, Assert.IsType<ProviderException>(error).Kind);
        Assert.Equal("Hel", string.Concat(deltas.OfType<TextDelta>().Select(delta => delta.Text)));
        Assert.StartsWith(wire.Stream[..end], bytes, StringComparison.Ordinal);
        Assert.EndsWith("\n\n", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_event_without_its_end_is_passed_on_where_the_answer_is_whole_with_it()
    {
        var wire = RelayWire.All["openai"];
        var text = wire.Stream.TrimEnd();
        var (given, reply, _) = await ReadAsync(wire, new SplitStream(Bytes(text)));
        Assert.Equal((text, "Hello"), (given, reply.Text));
    }

    [Fact]
    public async Task A_last_event_without_its_end_is_none_where_the_answer_goes_on()
    {
        var wire = RelayWire.All["openai"];
        var end = wire.Stream.IndexOf("data: {\"id\":\"r1\",\"model\":\"m1\",\"choices\"", StringComparison.Ordinal);
        var cut = wire.Stream[..wire.Stream.IndexOf("\n\n: ping", StringComparison.Ordinal)];
        await using var server = new RawServer(Bytes(Head + cut));
        await using var llm = wire.Client(server);

        var (deltas, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true), Token));

        Assert.IsType<ProviderException>(error);
        Assert.Equal((wire.Stream[..end], "Hel"), (bytes, string.Concat(deltas.OfType<TextDelta>().Select(delta => delta.Text))));
    }

    [Fact]
    public async Task Counts_that_only_the_gateway_asked_for_are_not_passed_on()
    {
        var wire = RelayWire.All["openai"];
        const string Options = ",\"stream_options\":{\"include_usage\":true}";
        const string Counts = "data: {\"id\":\"r1\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}\n\n";
        await using var server = new RawServer(Bytes(Head + wire.Stream));
        await using var llm = wire.Client(server);

        var (deltas, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true, wire.BodyOf(isStream: true).Replace(Options, "", StringComparison.Ordinal)), Token));

        Assert.Null(error);
        Assert.Contains("\"stream_options\":{\"include_usage\":true}", server.Requests[0].Body, StringComparison.Ordinal);
        Assert.Equal(wire.Stream.Replace(Counts, "", StringComparison.Ordinal), bytes);
        Assert.Equal((3, 2), (Assert.IsType<ResponseDelta>(deltas[^1]).Response.Usage.InputTokens, Assert.IsType<ResponseDelta>(deltas[^1]).Response.Usage.OutputTokens));
        for (var at = 1; at < wire.Stream.Length; at++)
        {
            var (given, reply, _) = await ReadAsync(wire, new SplitStream(Bytes(wire.Stream), at), Passing.AllButUsage);
            Assert.Equal((wire.Stream.Replace(Counts, "", StringComparison.Ordinal), 2), (given, (int)reply.Usage!.OutputTokens));
        }
    }

    [Fact]
    public async Task A_vendor_that_does_not_stream_is_answered_for_by_deltas()
    {
        var wire = RelayWire.All["openai"];
        await using var server = new RawServer(Response(200, wire.Whole, "Content-Type: application/json"));
        await using var llm = wire.Client(server);

        var (deltas, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true), Token));

        Assert.Null(error);
        Assert.Empty(bytes);
        Assert.Equal("Hello", Assert.IsType<ResponseDelta>(deltas[^1]).Response.Content.Text);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_whole_stream_ends_though_the_connection_stays_open(string name)
    {
        var wire = RelayWire.All[name];
        await using var server = new RawServer(async (_, stream, token) =>
        {
            await stream.WriteAsync(Bytes(Head + wire.Stream), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        await using var llm = wire.Client(server);

        var (deltas, bytes, error) = await RelayWire.CollectAsync(llm.StreamAsync(wire.Request(isStream: true), Token));

        Assert.Null(error);
        Assert.Equal(wire.Stream, bytes);
        Assert.IsType<ResponseDelta>(deltas[^1]);
    }

    private static async Task<(string Bytes, LlmReply Reply, List<List<LlmDelta>> Shape)> ReadAsync(RelayWire wire, Stream stream, Passing passing = Passing.All)
    {
        using var response = new HttpResponseMessage { Content = new StreamContent(stream) };
        var target = new HttpTarget { Name = "x", DefaultModel = "m", BaseUrl = new Uri("http://x"), Dialect = wire.Codec, Authorizer = new KeyAuthorizer("k", "", null), PeerOf = _ => WirePeer.Any, KeySettings = "" };
        using var reply = new HttpReplyStream(response, wire.Codec, WirePeer.Any, new HttpErrors(target, TimeProvider.System), TimeProvider.System, passing);
        var (bytes, builder, shape) = (new MemoryStream(), new ReplyBuilder(), new List<List<LlmDelta>>());
        while (await reply.ReadAsync(Token))
        {
            foreach (var delta in reply.Deltas)
            {
                builder.Add(delta);
                if (delta is WireDelta piece) bytes.Write(piece.Bytes.Span);
            }

            if (reply.Deltas.Exists(delta => delta is WireDelta)) shape.Add([.. reply.Deltas]);
        }

        return (Encoding.UTF8.GetString(bytes.ToArray()), builder.Build(), shape);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
