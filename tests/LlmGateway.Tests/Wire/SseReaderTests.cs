using System.Text;
using CsCheck;
using LlmGateway.Wire;

namespace LlmGateway.Tests.Wire;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: a\n\n", "|a")]
    [InlineData("data:a\n\n", "|a")]
    [InlineData("data:  a \n\n", "| a ")]
    [InlineData("event: ping\ndata: {}\n\n", "ping|{}")]
    [InlineData("data: a\ndata: b\n\n", "|a\nb")]
    [InlineData("data\n\n", "|")]
    [InlineData("data:\ndata:\n\n", "|\n")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "|a", "|b")]
    [InlineData("data: a\r\rdata: b\r\r", "|a", "|b")]
    [InlineData("data: a\n\r\ndata: b\r\n\n", "|a", "|b")]
    [InlineData(": a comment\ndata: a\n: another\n\n", "|a")]
    [InlineData("id: 7\nretry: 10\nother: x\ndata: a\n\n", "|a")]
    [InlineData("event: lonely\n\ndata: a\n\n", "|a")]
    [InlineData("event: one\nevent: two\ndata: a\n\n", "two|a")]
    [InlineData("\n\n\ndata: a\n\n\n\n", "|a")]
    [InlineData("\uFEFFdata: a\n\n", "|a")]
    [InlineData("data: \uFEFFa\n\n", "|\uFEFFa")]
    [InlineData("data: a\n\ndata: cut", "|a", "|cut")]
    [InlineData("data: a", "|a")]
    [InlineData("data: ä€😀\n\n", "|ä€😀")]
    [InlineData("")]
    [InlineData("\n\n: nothing\n\n")]
    public async Task Reads_what_the_specification_says(string text, params string[] events)
        => Assert.Equal(events, await ReadAll(new MemoryStream(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_events()
    {
        var lineEnd = Gen.OneOf("\n", "\r\n", "\r");
        var line = Gen.OneOf(
            Gen.String[Gen.OneOf('a', ' ', ':', '{', 'é', '\uFEFF'), 0, 12].Select(s => "data: " + s),
            Gen.OneOf("", "", ":", ": comment", "event: x", "data", "data:", "id: 1", "nonsense"));
        var gen = Gen.Select(Gen.Select(line, lineEnd, (l, e) => l + e).Array[0, 24], Gen.Int[1, 9].Array[1, 40]);

        gen.Sample((lines, sizes) =>
        {
            // A CR at the end of one line and a LF alone on the next are one line end; that is the text's matter, not the split's.
            var bytes = Encoding.UTF8.GetBytes(string.Concat(lines));
            var whole = ReadAll(new MemoryStream(bytes)).Result;
            var split = ReadAll(new SplitStream(bytes, sizes)).Result;
            Assert.Equal(whole, split);
        });
    }

    [Fact]
    public async Task An_event_is_given_before_anything_behind_it_arrives()
    {
        var stream = new SplitStream(Encoding.UTF8.GetBytes("data: a\r\r"), [100]) { FailsAtEnd = true };
        using var reader = new SseReader(stream);

        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal("a", Encoding.UTF8.GetString(reader.Data.Span));
    }

    [Theory]
    [InlineData("data: ")]
    [InlineData(": ")]
    public async Task An_event_or_a_line_over_the_limit_is_refused_and_not_kept(string start)
    {
        using var reader = new SseReader(new MemoryStream(Encoding.UTF8.GetBytes(start + new string('x', 100_000))), maxEventBytes: 10_000);

        await Assert.ThrowsAsync<TooLargeException>(async () => await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Many_data_lines_together_are_held_to_the_limit_too()
    {
        var text = string.Concat(Enumerable.Repeat("data: xxxxxxxxxx\n", 2_000));
        using var reader = new SseReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), maxEventBytes: 10_000);

        await Assert.ThrowsAsync<TooLargeException>(async () => await reader.ReadAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<List<string>> ReadAll(Stream stream)
    {
        using var reader = new SseReader(stream);
        var events = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None)) events.Add($"{Encoding.UTF8.GetString(reader.Type.Span)}|{Encoding.UTF8.GetString(reader.Data.Span)}");
        return events;
    }

    /// <summary>Gives its bytes in pieces of the given sizes, over and over.</summary>
    private sealed class SplitStream(byte[] bytes, int[] sizes) : MemoryStream(bytes)
    {
        private int _reads;

        public bool FailsAtEnd { get; init; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (FailsAtEnd && Position == Length) throw new InvalidOperationException("Nothing more was to be read.");
            var size = Math.Min(sizes[_reads++ % sizes.Length], buffer.Length);
            return ValueTask.FromResult(Read(buffer.Span[..size]));
        }
    }

    [Fact]
    public async Task A_comment_or_an_event_without_data_is_a_sign_of_life_and_takes_nothing_from_the_event_it_stands_in()
    {
        using var reader = new SseReader(new MemoryStream(": OPENROUTER PROCESSING\n\nevent: ping\n\ndata: a\n: still\ndata: b\n\n: half"u8.ToArray())) { GivesLifeSigns = true };
        var read = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken)) read.Add(reader.IsLifeSign ? "alive" : System.Text.Encoding.UTF8.GetString(reader.Data.Span));
        Assert.Equal(["alive", "alive", "alive", "alive", "a\nb"], read);
    }
}
