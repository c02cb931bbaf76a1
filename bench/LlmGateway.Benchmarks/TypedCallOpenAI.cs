using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using OpenAI;

namespace LlmGateway.Benchmarks;

/// <summary>The typed call of <see cref="TypedCall"/> and a streamed one, over Chat Completions, beside OpenAI's own SDK with Microsoft.Extensions.AI.</summary>
[MemoryDiagnoser]
public class TypedCallOpenAI
{
    private const string Model = "gpt-5.4-mini";
    private const string Prompt = "Read this e-mail and give me the invoice in it: Invoice BV-2026-1187 of 6 October 2026, total EUR 1439.31.";
    private const int Pieces = 200;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private static readonly byte[] Reply = Encoding.UTF8.GetBytes(
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"gpt-5.4-mini","choices":[{"index":0,"message":{"role":"assistant",
        "content":"{\"vendor\":\"Brandt & Vogel\",\"invoiceNumber\":\"BV-2026-1187\",\"total\":1439.31,\"currency\":\"EUR\",\"items\":[{\"description\":\"Standing desk\",\"quantity\":2,\"unitPrice\":489.00},{\"description\":\"Desk lamp\",\"quantity\":4,\"unitPrice\":39.50}]}",
        "refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],
        "usage":{"prompt_tokens":412,"completion_tokens":96,"total_tokens":508,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},"service_tier":"default"}
        """);

    private static readonly byte[] Streamed = Encoding.UTF8.GetBytes(string.Concat(
        [
            .. Enumerable.Range(0, Pieces).Select(_ => """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-5.4-mini","service_tier":"default","choices":[{"index":0,"delta":{"content":" invoice"},"logprobs":null,"finish_reason":null}]}""" + "\n\n"),
            """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-5.4-mini","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n",
            """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,"model":"gpt-5.4-mini","choices":[],"usage":{"prompt_tokens":412,"completion_tokens":200,"total_tokens":612}}""" + "\n\n",
            "data: [DONE]\n\n",
        ]));

    private LlmClient _gateway = null!;
    private LlmClient _streaming = null!;
    private IChatClient _sdk = null!;
    private IChatClient _sdkStreaming = null!;

    [GlobalSetup]
    public void Setup()
    {
        _gateway = Gateway(Reply, "application/json");
        _streaming = Gateway(Streamed, "text/event-stream");
        _sdk = Sdk(Reply, "application/json");
        _sdkStreaming = Sdk(Streamed, "text/event-stream");
        foreach (var invoice in new[] { LlmClient().Result, OpenAISdkWithExtensionsAI().Result })
        {
            if (invoice is not { InvoiceNumber: "BV-2026-1187", Items.Count: 2 }) throw new InvalidOperationException("A competitor gave another record.");
        }

        if (StreamedLlmClient().Result != Pieces * 8 || StreamedOpenAISdkWithExtensionsAI().Result != Pieces * 8) throw new InvalidOperationException("A competitor read another text.");
    }

    [Benchmark(Baseline = true)]
    public async Task<Invoice> LlmClient() => (await _gateway.CompleteAsync(Prompt, BenchJson.Default.Invoice)).Content;

    [Benchmark]
    public async Task<Invoice> OpenAISdkWithExtensionsAI() => (await _sdk.GetResponseAsync<Invoice>(Prompt, Web)).Result;

    [Benchmark]
    public async Task<int> StreamedLlmClient()
    {
        var letters = 0;
        await foreach (var delta in _streaming.StreamAsync(Prompt))
        {
            if (delta is TextDelta text) letters += text.Text.Length;
        }

        return letters;
    }

    [Benchmark]
    public async Task<int> StreamedOpenAISdkWithExtensionsAI()
    {
        var letters = 0;
        await foreach (var update in _sdkStreaming.GetStreamingResponseAsync(Prompt)) letters += update.Text.Length;
        return letters;
    }

    private static LlmClient Gateway(byte[] reply, string type) => new(
        new GatewayConfig { Provider = "openai", Model = Model, ApiKey = "key", BaseUrl = new Uri("http://127.0.0.1/v1") },
        new LlmClientOptions { Services = new ProviderServices { HttpClient = new HttpClient(new StubTransport(reply, type)) } });

    private static IChatClient Sdk(byte[] reply, string type) => new OpenAIClient(
        new ApiKeyCredential("key"),
        new OpenAIClientOptions { Endpoint = new Uri("http://127.0.0.1/v1"), Transport = new HttpClientPipelineTransport(new HttpClient(new StubTransport(reply, type))) }).GetChatClient(Model).AsIChatClient();
}
