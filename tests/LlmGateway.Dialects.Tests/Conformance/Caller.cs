using LlmGateway.Dialects.Tests.Clients;
using LlmGateway.Dialects.Tests.Laws;

namespace LlmGateway.Dialects.Tests.Conformance;

/// <summary>The client, over one dialect, against the server halves of the codecs on a real socket.</summary>
internal sealed class Caller : IAsyncDisposable
{
    private readonly LlmClient _client;

    /// <param name="dialect">The dialect.</param>
    /// <param name="behaves">How the server is to behave.</param>
    /// <param name="capabilities">What the model is to be taken to do; null for what its row says.</param>
    /// <param name="config">Settings of the client; its model is set here.</param>
    /// <param name="options">What the client works with.</param>
    public Caller(string dialect, string behaves = "answers", ModelCapabilities? capabilities = null, GatewayConfig? config = null, LlmClientOptions? options = null)
    {
        Dialect = dialect;

        // Models that the vendors' rows know to take tools, thoughts, pictures and schemas; what follows the slash tells the server how to behave.
        Model = $"{ModelOf(dialect)}/{behaves}";
        var environment = new System.Collections.Hashtable
        {
            ["LLM_PROVIDER"] = dialect,
            ["LLM_BASE_URL"] = Server.Url,
            [dialect == "bedrock" ? "AWS_BEARER_TOKEN_BEDROCK" : "LLM_API_KEY"] = "k",
            ["AWS_REGION"] = "us-east-1",
            ["LLM_MODEL"] = Model,
            ["LLM_MAX_RETRIES"] = "0",
        };
        var provider = All.Providers.Build(Configuration.ConfigReader.Read(Configuration.VariableSet.Merge(null, environment)), new ProviderServices());
        _client = new LlmClient(
            capabilities is null ? provider : new CapableProvider(provider, capabilities),
            (config ?? new GatewayConfig { MaxRetries = 0 }) with { Model = Model },
            options);
    }

    public string Dialect { get; }

    public string Model { get; }

    public CodecServer Server { get; } = new();

    public LlmClient Client => _client;

    /// <summary>One call, in one piece or streamed; a stream's deltas are held against its reply.</summary>
    public async Task<LlmResponse<LlmReply>> AskAsync(LlmRequest request, bool streams)
    {
        var token = TestContext.Current.CancellationToken;
        request = request with { Model = Model };
        if (!streams) return await _client.CompleteAsync(request, token);
        var text = "";
        LlmResponse<LlmReply>? response = null;
        await foreach (var delta in _client.StreamAsync(request, token))
        {
            Assert.Null(response); // Nothing follows it.
            if (delta is TextDelta piece) text += piece.Text;
            if (delta is ResponseDelta last) response = last.Response;
        }

        Assert.NotNull(response);
        Assert.Equal(response.Content.Text, text);
        return response;
    }

    /// <summary>A provider whose models are taken to do what a test says.</summary>
    private sealed class CapableProvider(ILlmProvider inner, ModelCapabilities capabilities) : ILlmProvider
    {
        public string Name => inner.Name;

        public string DefaultModel => inner.DefaultModel;

        public Uri? Endpoint => inner.Endpoint;

        public ProviderBilling Billing => inner.Billing;

        public ModelCapabilities GetCapabilities(string model) => capabilities;

        public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken) => inner.CompleteAsync(request, cancellationToken);

        public IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, CancellationToken cancellationToken) => inner.StreamAsync(request, cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private static string ModelOf(string dialect) => dialect switch
    {
        "anthropic" => "claude-sonnet-4-5",
        "gemini" => "gemini-3.5-flash",
        "bedrock" => "anthropic.claude-sonnet-4-5-20250929-v1:0",
        _ => "gpt-5.4-mini",
    };

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
