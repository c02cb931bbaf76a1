using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Anthropic;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace LlmGateway.Benchmarks;

/// <summary>
/// One typed call over a stubbed transport: a prompt and a schema out, a record and the token counts back. Each
/// competitor gets the same reply bytes and must give the same record.
/// </summary>
[MemoryDiagnoser]
public class TypedCall
{
    private const string Model = "claude-sonnet-5";
    private const string Prompt = "Read this e-mail and give me the invoice in it: Invoice BV-2026-1187 of 6 October 2026, total EUR 1439.31.";

    private static readonly byte[] Reply = Encoding.UTF8.GetBytes(
        """
        {"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","model":"claude-sonnet-5",
        "content":[{"type":"text","text":"{\"vendor\":\"Brandt & Vogel\",\"invoiceNumber\":\"BV-2026-1187\",\"total\":1439.31,\"currency\":\"EUR\",\"items\":[{\"description\":\"Standing desk\",\"quantity\":2,\"unitPrice\":489.00},{\"description\":\"Desk lamp\",\"quantity\":4,\"unitPrice\":39.50}]}"}],
        "stop_reason":"end_turn","stop_sequence":null,
        "usage":{"input_tokens":412,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":96}}
        """);

    private static readonly JsonElement Schema = JsonSerializer.Deserialize<JsonElement>(BenchJson.Default.Invoice.GetJsonSchemaAsNode().ToJsonString());

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private HttpClient _http = null!;
    private LlmClient _gateway = null!;
    private LlmClient _gatewayByReflection = null!;
    private IChatClient _sdk = null!;
    private ActivityListener? _listener;

    [Params(false, true)]
    public bool Listener { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        // Each its own client over its own stub, so that none gains from another's.
        _http = new HttpClient(new StubTransport(Reply));
        _gateway = Gateway();
        _gatewayByReflection = Gateway();
        _sdk = new AnthropicClient { ApiKey = "key", HttpClient = new HttpClient(new StubTransport(Reply)), BaseUrl = "http://127.0.0.1" }.AsIChatClient(Model, 4096);
        if (Listener)
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name is "LlmGateway",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        foreach (var invoice in new[] { Floor().Result, LlmClient().Result, LlmClientByReflection().Result, AnthropicSdkWithExtensionsAI().Result })
        {
            if (invoice is not { InvoiceNumber: "BV-2026-1187", Items.Count: 2 }) throw new InvalidOperationException("A competitor gave another record.");
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _listener?.Dispose();

    /// <summary>What nobody can do without: the request's JSON, one send, the reply's JSON, the record.</summary>
    [Benchmark(Baseline = true)]
    public async Task<Invoice> Floor()
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new FloorRequest(Model, 4096, [new FloorMessage("user", Prompt)], new FloorOutput(new FloorFormat("json_schema", Schema))), BenchJson.Default.FloorRequest);
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://127.0.0.1/v1/messages") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("x-api-key", "key");
        request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var stream = await response.Content.ReadAsStreamAsync();
        var reply = (await JsonSerializer.DeserializeAsync(stream, BenchJson.Default.FloorReply))!;
        return JsonSerializer.Deserialize(reply.Content[0].Text, BenchJson.Default.Invoice)!;
    }

    [Benchmark]
    public async Task<Invoice> LlmClient() => (await _gateway.CompleteAsync(Prompt, BenchJson.Default.Invoice)).Content;

    [Benchmark]
    public async Task<Invoice> LlmClientByReflection() => (await _gatewayByReflection.CompleteAsync<Invoice>(Prompt)).Content;

    [Benchmark]
    public async Task<Invoice> AnthropicSdkWithExtensionsAI() => (await _sdk.GetResponseAsync<Invoice>(Prompt, Web)).Result;

    private static LlmClient Gateway() => new(
        new GatewayConfig { Provider = "anthropic", Model = Model, ApiKey = "key", BaseUrl = new Uri("http://127.0.0.1") },
        new LlmClientOptions { Services = new ProviderServices { HttpClient = new HttpClient(new StubTransport(Reply)) } });
}

public sealed record Invoice(string Vendor, string InvoiceNumber, decimal Total, string Currency, List<LineItem> Items);

public sealed record LineItem(string Description, int Quantity, decimal UnitPrice);

internal sealed record FloorRequest(
    string Model,
    [property: JsonPropertyName("max_tokens")] int MaxTokens,
    FloorMessage[] Messages,
    [property: JsonPropertyName("output_config")] FloorOutput OutputConfig);

internal sealed record FloorOutput(FloorFormat Format);

internal sealed record FloorFormat(string Type, JsonElement Schema);

internal sealed record FloorMessage(string Role, string Content);

internal sealed record FloorReply(FloorBlock[] Content, FloorUsage Usage);

internal sealed record FloorBlock(string Type, string Text);

internal sealed record FloorUsage([property: JsonPropertyName("input_tokens")] long InputTokens, [property: JsonPropertyName("output_tokens")] long OutputTokens);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FloorRequest))]
[JsonSerializable(typeof(FloorReply))]
[JsonSerializable(typeof(Invoice))]
internal sealed partial class BenchJson : JsonSerializerContext;
