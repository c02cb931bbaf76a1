using System.Text;
using LlmGateway.Dialects.Tests.Laws;

namespace LlmGateway.Dialects.Tests;

/// <summary>Pieces of text are read without a document: as the whole reader reads them, and allocating little beside the delta.</summary>
public class TextEventTests
{
    [Theory]
    [MemberData(nameof(All.Names), MemberType = typeof(All))]
    public async Task A_piece_of_text_costs_at_most_one_allocation_beyond_its_delta(string name)
    {
        var dialect = All.Of(name);
        const int Pieces = 2000;
        var (bytes, _) = Codec.Stream(dialect, [new HeaderDelta { Id = "r", Model = "m" }, .. Enumerable.Range(0, Pieces).Select(_ => new TextDelta(0, "abcdefgh")), new UsageDelta(new TokenUsage { InputTokens = 1, OutputTokens = 2 }), new FinishDelta(FinishReason.Stop, null)]);
        var events = await EventsOf(dialect, bytes);
        var deltas = new List<LlmDelta>(Pieces + 10);
        long Decode()
        {
            var decoder = dialect.CreateStreamDecoder(WirePeer.Any);
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var (type, data) in events) decoder.Decode(type, data, deltas);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Decode();
        deltas.Clear();
        var allocated = Decode();

        Assert.Equal(Pieces, deltas.OfType<TextDelta>().Count(delta => delta.Text == "abcdefgh"));

        // The delta (header, type, index, reference: 32 bytes) and its string (22 and 2 a letter, rounded up: 40), and one small object more.
        // Responses keeps the letters as well, to hold them against the whole item at the end: a few blocks for all, up to twice their size.
        var kept = name == "openai_responses" ? 2 * 2 * "abcdefgh".Length : 0;
        Assert.True(allocated / (double)Pieces <= 32 + 40 + 24 + kept, $"{allocated / Pieces} bytes a piece.");
    }

    [Theory]
    [InlineData("openai", """{"id":"r","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}""", """{"id":"r","zz":{},"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}""")]
    [InlineData("openai", """{"service_tier":"default","usage":null,"obfuscation":"q","choices":[{"logprobs":null,"delta":{"role":"assistant","content":"\u00e9\n","refusal":null}}]}""", """{"zz":1,"choices":[{"delta":{"content":"é\n"}}]}""")]
    [InlineData("openai", """{"choices":[{"index":1,"delta":{"content":"x"}}]}""", """{"zz":1,"choices":[{"index":1,"delta":{"content":"x"}}]}""")]
    [InlineData("openai", """{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}""", """{"zz":1,"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}]}""")]
    [InlineData("openai", """{"choices":[{"delta":{"content":"x"}}],"error":{"message":"No."}}""", """{"error":{"message":"No."},"choices":[{"delta":{"content":"x"}}]}""")]
    [InlineData("openai_responses", """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"x","logprobs":[],"item_id":"i","sequence_number":4}""", """{"zz":1,"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"x"}""")]
    [InlineData("openai_responses", """{"type":"response.output_text.delta","output_index":7,"content_index":0,"delta":"x"}""", """{"zz":1,"type":"response.output_text.delta","output_index":7,"content_index":0,"delta":"x"}""")]
    [InlineData("gemini", """{"candidates":[{"content":{"role":"model","parts":[{"text":"x"}]},"index":0}],"modelVersion":"m","responseId":"r"}""", """{"candidates":[{"content":{"parts":[{"text":"x"}],"zz":1}}]}""")]
    [InlineData("gemini", """{"candidates":[{"content":{"parts":[{"text":"x","thought":true}]}}]}""", """{"candidates":[{"content":{"parts":[{"thought":true,"text":"x"}]}}]}""")]
    [InlineData("gemini", """{"candidates":[{"content":{"parts":[{"text":"x"}]},"index":1}]}""", """{"candidates":[{"index":1,"content":{"parts":[{"text":"x"}]}}]}""")]
    public void What_the_short_way_reads_is_what_the_whole_reader_reads(string name, string shortly, string wholly)
        => Assert.Equal(Read(name, wholly), Read(name, shortly));

    private static string Read(string name, string data)
    {
        var dialect = All.Of(name);
        var decoder = dialect.CreateStreamDecoder(WirePeer.Any);
        var deltas = new List<LlmDelta>();
        var begin = name switch
        {
            "openai" => """{"id":"r","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"a"}}]}""",
            "gemini" => """{"responseId":"r","modelVersion":"m","candidates":[{"content":{"parts":[{"text":"a"}]}}]}""",
            _ => """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a"}""",
        };
        decoder.Decode(default, Encoding.UTF8.GetBytes(begin), deltas);
        try
        {
            decoder.Decode(default, Encoding.UTF8.GetBytes(data), deltas);
        }
        catch (DialectException e)
        {
            return e.Message;
        }

        return string.Join('\n', deltas.Where(delta => delta is not HeaderDelta { Extensions: not null }).Select(Middle.Dump));
    }

    private static async Task<List<(byte[] Type, byte[] Data)>> EventsOf(IDialect dialect, byte[] bytes)
    {
        var all = new List<(byte[], byte[])>();
        using var events = dialect.ReadEvents(new MemoryStream(bytes));
        while (await events.ReadAsync(TestContext.Current.CancellationToken)) all.Add((events.Type.ToArray(), events.Data.ToArray()));
        return all;
    }
}
