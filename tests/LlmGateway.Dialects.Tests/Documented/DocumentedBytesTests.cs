namespace LlmGateway.Dialects.Tests;

/// <summary>What holds for all bytes that the vendors document, whatever they say. What each says is tested by dialect.</summary>
public sealed class DocumentedBytesTests
{
    private static readonly string[] Names = ["anthropic", "gemini", "openai", "openai_responses"];

    public static TheoryData<string, string> Requests => Files("*request.json");

    public static TheoryData<string, string> Replies => Files("*.reply.json");

    public static TheoryData<string, string> Streams => Files("*.stream.txt");

    public static TheoryData<string> Dialects => [.. Names];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_documented_request_comes_back_as_it_was(string dialect, string file)
    {
        var text = Fixture.Text(dialect, file);
        var codec = Dialect.Find(dialect)!;

        var request = Codec.ReadRequest(codec, text, codec.KeepsModelInUrl ? "m" : null);
        var (body, losses) = Codec.Request(codec, request);

        Assert.Empty(losses);
        Middle.AssertSameJson(DocumentedForm.OfRequest(dialect, text), DocumentedForm.OfRequest(dialect, body));
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_documented_reply_says_the_same_when_it_is_written_again(string dialect, string file)
    {
        var codec = Dialect.Find(dialect)!;
        var reply = Codec.ReadReply(codec, Fixture.Text(dialect, file));

        var (body, losses) = Codec.Reply(codec, reply);

        Assert.Empty(losses);
        Middle.AssertSame(DocumentedForm.OfReply(reply), DocumentedForm.OfReply(Codec.ReadReply(codec, body)));
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_documented_reply_says_the_same_when_it_is_written_as_a_stream(string dialect, string file)
    {
        var codec = Dialect.Find(dialect)!;
        var reply = Codec.ReadReply(codec, Fixture.Text(dialect, file));

        var (bytes, losses) = Codec.Stream(codec, reply);
        var read = await Codec.ReadStream(codec, bytes);

        Assert.Empty(losses);
        Assert.True(read.IsComplete);
        Middle.AssertSame(DocumentedForm.OfReply(reply), DocumentedForm.OfReply(read.Reply));
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public async Task A_documented_stream_is_the_reply_of_the_same_name(string dialect, string file)
    {
        var codec = Dialect.Find(dialect)!;
        var stream = file.Replace(".reply.json", ".stream.txt", StringComparison.Ordinal);
        if (!Fixture.Exists(dialect, stream)) return;
        var whole = Codec.ReadReply(codec, Fixture.Text(dialect, file));

        var read = await Codec.ReadStream(codec, Fixture.Bytes(dialect, stream));

        Assert.Null(read.Error);
        Assert.True(read.IsComplete);
        Assert.Equal(0, read.Reply.SkippedEvents);
        Middle.AssertSame(DocumentedForm.OfReply(whole), DocumentedForm.OfReply(read.Reply));
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task However_a_documented_stream_is_split_it_says_the_same(string dialect, string file)
    {
        var codec = Dialect.Find(dialect)!;
        var bytes = Fixture.Bytes(dialect, file);
        var whole = await Codec.ReadStream(codec, bytes);

        foreach (var size in (int[])[1, 2, 7, 64, 1021])
        {
            var split = await Codec.ReadStream(codec, new SplitStream(bytes, size));

            Assert.Equal(Middle.Dump(whole.Deltas), Middle.Dump(split.Deltas));
            Assert.Equal((whole.IsComplete, whole.Error?.Kind), (split.IsComplete, split.Error?.Kind));
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public async Task Wherever_a_documented_stream_is_cut_what_came_is_a_beginning_of_it(string dialect, string file)
    {
        var codec = Dialect.Find(dialect)!;
        var bytes = Fixture.Bytes(dialect, file);
        var whole = await Codec.ReadStream(codec, bytes);

        for (var length = 0; length < bytes.Length; length += 41)
        {
            var cut = await Codec.ReadStream(codec, bytes[..length]);

            Assert.StartsWith(cut.Reply.Text, whole.Reply.Text, StringComparison.Ordinal);
            Assert.True(whole.IsComplete || !cut.IsComplete);
            if (cut.IsComplete && file is not ("grounding.stream.txt" or "repeated_finish_truncated.stream.txt")) Assert.Equal(whole.Reply.Text, cut.Reply.Text);
            if (cut.Error is { } error) Assert.True(error.Kind == ProviderErrorKind.Truncated || error.Kind == whole.Error?.Kind, error.Message); // A cut in the middle of an event, within the arguments of a call.
        }
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Each_file_has_its_source(string dialect)
    {
        var sources = Fixture.Text(dialect, "SOURCES.md");
        var patterns = System.Text.RegularExpressions.Regex.Matches(sources, "`([^`]+)`").Select(match => match.Groups[1].Value).ToList();
        var files = Directory.GetFiles(Fixture.Folder(dialect)).Select(path => Path.GetFileName(path)).Where(file => file != "SOURCES.md");

        Assert.All(files, file => Assert.True(patterns.Exists(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, file)), $"SOURCES.md does not name {file}."));
    }

    private static TheoryData<string, string> Files(string pattern)
    {
        var all = new TheoryData<string, string>();
        foreach (var dialect in Names)
        {
            foreach (var path in Directory.GetFiles(Fixture.Folder(dialect), pattern).Order(StringComparer.Ordinal)) all.Add(dialect, Path.GetFileName(path));
        }

        return all;
    }
}
