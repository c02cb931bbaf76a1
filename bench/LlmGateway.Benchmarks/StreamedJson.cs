using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LlmGateway.StructuredOutput.Streaming;

namespace LlmGateway.Benchmarks;

/// <summary>
/// An object of 100 KB that comes in pieces, with a snapshot after each. The floor parses the whole text once, from the string
/// that it comes as; again is what a caller does who has no incremental reader: parse what there is after each piece (here even
/// without mending its open end, which would cost more).
/// </summary>
[MemoryDiagnoser]
public class StreamedJson
{
    private static readonly JsonReaderOptions AnyEnd = new() { AllowMultipleValues = true };

    private string _json = "";
    private byte[] _utf8 = [];
    private string[] _pieces = [];

    [Params("records", "prose", "numbers")]
    public string Text { get; set; } = "";

    [Params(5 * 1024, 16)]
    public int Step { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _json = Make(Text);
        _utf8 = Encoding.UTF8.GetBytes(_json);
        _pieces = [.. _json.Chunk(Step).Select(piece => new string(piece))];
        if (Incremental() != _json.Length) throw new InvalidOperationException("The object was not read.");
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
    public int Incremental()
    {
        var reader = new PartialJsonReader();
        PartialJson snapshot = default;
        foreach (var piece in _pieces)
        {
            reader.Append(piece);
            snapshot = reader.Snapshot();
        }

        return snapshot.IsComplete ? _json.Length : 0;
    }

    [Benchmark]
    public int TokensAgainAfterEachPiece()
    {
        if (Step < 1024) return 0; // It would not end.
        var tokens = 0;
        for (var length = Step; length < _utf8.Length; length += Step)
        {
            var reader = new Utf8JsonReader(_utf8.AsSpan(0, length), isFinalBlock: false, new JsonReaderState(AnyEnd));
            while (reader.Read()) tokens++;
        }

        return tokens;
    }

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
