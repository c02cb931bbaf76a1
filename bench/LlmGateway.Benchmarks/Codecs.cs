using System.Buffers;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using LlmGateway.Dialects;

namespace LlmGateway.Benchmarks;

/// <summary>
/// A request encoded and a reply decoded, in each dialect. The floor writes the same JSON token by token and reads the reply's
/// tokens once, making each string, without any model of what they mean.
/// </summary>
[MemoryDiagnoser]
public class Codecs
{
    private readonly ArrayBufferWriter<byte> _output = new(16_384);
    private readonly List<string> _losses = [];
    private IDialect _dialect = null!;
    private byte[] _reply = null!;
    private JsonElement _request;

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    public static IEnumerable<string> Names => Exchange.Dialects;

    [GlobalSetup]
    public void Setup()
    {
        _dialect = Dialect.Find(Exchange.Dialects.Single(name => name == Name))!;
        _reply = Exchange.Reply(_dialect);
        _dialect.EncodeRequest(Exchange.Request, WirePeer.Any, _output, _losses);
        _request = JsonElement.Parse(_output.WrittenSpan);
        if (!Codec().StartsWith("The total", StringComparison.Ordinal)) throw new InvalidOperationException("The reply was not read.");
    }

    [Benchmark(Baseline = true)]
    public int Floor()
    {
        _output.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_output)) _request.WriteTo(json);
        var letters = 0;
        var reader = new Utf8JsonReader(_reply);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String) letters += reader.GetString()!.Length;
        }

        return letters;
    }

    [Benchmark]
    public string Codec()
    {
        _output.ResetWrittenCount();
        _losses.Clear();
        _dialect.EncodeRequest(Exchange.Request, WirePeer.Any, _output, _losses);
        return _dialect.DecodeReply(_reply, WirePeer.Any).Text;
    }
}
