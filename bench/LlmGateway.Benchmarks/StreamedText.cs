using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LlmGateway.Dialects;

namespace LlmGateway.Benchmarks;

/// <summary>
/// A stream of 200 pieces of text from its bytes to its deltas. The floor finds the events, reads their tokens once and makes
/// the delta of each text. Divide by 200 for a piece: the delta and its string are 72 bytes of it.
/// </summary>
[MemoryDiagnoser]
public class StreamedText
{
    public const int Pieces = 200;

    private readonly List<LlmDelta> _deltas = new(Pieces + 16);
    private IDialect _dialect = null!;
    private MemoryStream _stream = null!;

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    public static IEnumerable<string> Names => Exchange.Dialects;

    [GlobalSetup]
    public void Setup()
    {
        _dialect = Dialect.Find(Exchange.Dialects.Single(name => name == Name))!;
        _stream = new MemoryStream(Exchange.Stream(_dialect, Pieces));
        if (Codec().Result < Pieces || Floor().Result < Pieces) throw new InvalidOperationException("The stream was not read.");
    }

    [Benchmark(Baseline = true)]
    public async Task<int> Floor()
    {
        _stream.Position = 0;
        _deltas.Clear();
        using var events = _dialect.ReadEvents(_stream);
        while (await events.ReadAsync(default)) Take(events.Data.Span);
        return _deltas.Count;
    }

    [Benchmark]
    public async Task<int> Codec()
    {
        _stream.Position = 0;
        _deltas.Clear();
        var decoder = _dialect.CreateStreamDecoder(WirePeer.Any);
        using var events = _dialect.ReadEvents(_stream);
        while (!decoder.IsEnded && await events.ReadAsync(default)) decoder.Decode(events.Type.Span, events.Data, _deltas);
        decoder.End(_deltas);
        return _deltas.Count;
    }

    private void Take(ReadOnlySpan<byte> data)
    {
        if (data.Length == 0 || data[0] != '{') return;
        var reader = new Utf8JsonReader(data);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(" invoice"u8)) _deltas.Add(new TextDelta(0, reader.GetString()!));
        }
    }
}
