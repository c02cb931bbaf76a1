using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LlmGateway.StructuredOutput.Streaming;

namespace LlmGateway.Benchmarks;

/// <summary>
/// An object of 100 KB that comes in pieces, with a snapshot after each. The floor parses the whole text once, from the string
/// that it comes as. "Again" is what a caller does who has no incremental reader: read what there is after each 5 KB (and that
/// only token by token; to mend the open end and build a document would cost more).
/// </summary>
[MemoryDiagnoser, MinColumn]
public class StreamedJson
{
    private string _json = "";
    private byte[] _utf8 = [];
    private string[] _pieces = [];
    private string[] _tokens = [];

    [Params("records", "prose", "numbers")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _json = Make(Text);
        _utf8 = Encoding.UTF8.GetBytes(_json);
        _pieces = Pieces(5 * 1024);
        _tokens = Pieces(16);
        if (IncrementalBy5KB() < 20 || IncrementalBy16Characters() < 6250) throw new InvalidOperationException("The object was not read.");
    }

    [Benchmark(Baseline = true)]
    public int JsonDocumentOnce()
    {
        using var document = JsonDocument.Parse(_json);
        return document.RootElement.GetPropertyCount();
    }

    [Benchmark]
    public int JsonDocumentOnceOfUtf8()
    {
        using var document = JsonDocument.Parse(_utf8);
        return document.RootElement.GetPropertyCount();
    }

    [Benchmark]
    public int IncrementalBy5KB() => Read(_pieces);

    [Benchmark]
    public int IncrementalBy16Characters() => Read(_tokens);

    [Benchmark]
    public int TokensAgainBy5KB()
    {
        var tokens = 0;
        for (var length = 5 * 1024; length < _utf8.Length; length += 5 * 1024)
        {
            var reader = new Utf8JsonReader(_utf8.AsSpan(0, length), isFinalBlock: false, default);
            while (reader.Read()) tokens++;
        }

        return tokens;
    }

    private static int Read(string[] pieces)
    {
        var reader = new PartialJsonReader();
        PartialJson snapshot = default;
        foreach (var piece in pieces)
        {
            reader.Append(piece);
            snapshot = reader.Snapshot();
        }

        return snapshot.IsComplete ? pieces.Length : 0;
    }

    private string[] Pieces(int length) => [.. _json.Chunk(length).Select(piece => new string(piece))];

    private static string Make(string kind)
    {
        var text = new StringBuilder("{\"items\":[");
        for (var i = 0; text.Length < 100_000; i++)
        {
            if (i > 0) text.Append(',');
            text.Append(kind switch
            {
                "records" => $$"""{"id":{{i}},"name":"Customer {{i}}","email":"customer{{i}}@example.com","isActive":true,"balance":{{i}}.25,"tags":["new","eu"],"note":null}""",
                "prose" => $$"""{"heading":"Chapter {{i}}","text":"It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness.\nIt was the epoch of \"belief\", it was the epoch of incredulity, it was the season of Light, it was the season of Darkness."}""",
                _ => $"{i}.5",
            });
        }

        return text.Append("]}").ToString();
    }
}
