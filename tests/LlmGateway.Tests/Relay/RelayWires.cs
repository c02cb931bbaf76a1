using System.Text;
using LlmGateway.Dialects;
using LlmGateway.Providers.Http;
using LlmGateway.Relay;
using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Relay;

/// <summary>What each dialect's wire looks like in these tests: a request with members that nobody knows, and its answers.</summary>
internal sealed record RelayWire(string Dialect, string Model, string Body, string Stream, string Whole, string Error, string ErrorEvent)
{
    public const string CallersModel = "gateway-name";

    public static readonly IReadOnlyDictionary<string, RelayWire> All = new Dictionary<string, RelayWire>
    {
        ["openai"] = new(
            "openai", "gpt-4o-mini",
            """{ "x_new" : {"a":[1, 2.50]} ,"messages":[{"role":"user","content":"Hi \u00e9","x":1}], "stream":STREAM,"stream_options":{"include_usage":true}, "model" : "gateway-name" }""",
            """
            : a comment

            data: {"id":"r1","model":"m1","x_new":1,"choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]}

            data: {"id":"r1","model":"m1","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":null}],"usage":null}

            : ping

            data: {"id":"r1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: {"id":"r1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}

            data: [DONE]


            """,
            """{"id":"r1", "model":"m1","x_new":[1.0],"choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
            """{ "error":{"message":"No such thing.","type":"invalid_request_error","param":"x_new","code":null}}""",
            """{"error":{"message":"Too much.","type":"server_error","code":"overloaded"}}"""),
        ["openai_responses"] = new(
            "openai_responses", "gpt-4o-mini",
            """{"model":"gateway-name","input":"Hi","x_new":[{}],"stream":STREAM}""",
            """
            event: response.created
            data: {"type":"response.created","sequence_number":0,"response":{"id":"r1","model":"m1"}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Hel"}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"lo","obfuscation":"xyz"}

            event: response.new_thing
            data: {"type":"response.new_thing"}

            event: response.completed
            data: {"type":"response.completed","response":{"id":"r1","model":"m1","status":"completed","usage":{"input_tokens":3,"output_tokens":2}}}


            """,
            """{"id":"r1","model":"m1","status":"completed","x_new":1,"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello","annotations":[]}]}],"usage":{"input_tokens":3,"output_tokens":2}}""",
            """{"error":{"message":"No such thing.","type":"invalid_request_error","param":"x_new","code":"bad"}}""",
            """{"type":"error","code":"overloaded","message":"Too much."}"""),
        ["anthropic"] = new(
            "anthropic", "claude-sonnet-4-5",
            """{"model":"gateway-name","max_tokens":20,"messages":[{"role":"user","content":"Hi"}],"stream":STREAM,"x_new":null}""",
            """
            event: message_start
            data: {"type":"message_start","message":{"id":"r1","model":"m1","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: ping
            data: {"type": "ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}   }

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}

            event: message_stop
            data: {"type":"message_stop"}


            """,
            """{"id":"r1","type":"message","role":"assistant","model":"m1","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","x_new":{},"usage":{"input_tokens":3,"output_tokens":2}}""",
            """{"type":"error","error":{"type":"invalid_request_error","message":"No such thing."},"request_id":"req_9"}""",
            """{"type":"error","error":{"type":"overloaded_error","message":"Too much."}}"""),
        ["gemini"] = new(
            "gemini", "gemini-2.5-flash",
            """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"xNew":{"a" : 1}}""",
            """
            data: {"responseId":"r1","modelVersion":"m1","candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}

            data: {"candidates":[{"content":{"parts":[{"text":"lo"}]}}],"xNew":1}

            data: {"candidates":[{"content":{"parts":[]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}


            """,
            """{"responseId":"r1","modelVersion":"m1","xNew":1,"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":2}}""",
            """{"error":{"code":400,"message":"No such thing.","status":"INVALID_ARGUMENT","details":[]}}""",
            """{"error":{"code":503,"message":"Too much.","status":"UNAVAILABLE"}}"""),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public IDialect Codec => LlmGateway.Dialects.Dialect.Find(Dialect)!;

    public string BodyOf(bool isStream) => Body.Replace("STREAM", isStream ? "true" : "false", StringComparison.Ordinal);

    /// <summary>The body as the vendor is to see it.</summary>
    public string SentBody(bool isStream) => BodyOf(isStream).Replace(CallersModel, Model, StringComparison.Ordinal);

    /// <summary>The request as the server hands it to the client.</summary>
    public LlmRequest Request(bool isStream, string? body = null, string query = "", params KeyValuePair<string, string>[] headers)
    {
        var wire = new WireRequest { Dialect = Dialect, Body = Encoding.UTF8.GetBytes(body ?? BodyOf(isStream)), Query = query, Headers = headers };
        return wire.AttachTo(Codec.DecodeRequest(wire.Body, new RequestAddress(CallersModel, isStream))) with { Model = Model };
    }

    public LlmClient Client(RawServer server, TimeProvider? time = null) => new(
        new GatewayConfig { Provider = Dialect, BaseUrl = server.Url, ApiKey = "the-secret-key", Model = Model, MaxRetries = 0, MaxTokens = 77, Temperature = 0.5 },
        new LlmClientOptions { Services = new ProviderServices { TimeProvider = time ?? TimeProvider.System } });

    /// <summary>A provider of this dialect under a name of its own.</summary>
    public HttpProvider Provider(RawServer server, string name, ModelCapabilities? can = null) => new(
        new HttpTarget
        {
            Name = name,
            DefaultModel = Model,
            BaseUrl = server.Url,
            Dialect = Codec,
            Authorizer = new KeyAuthorizer("Authorization", "Bearer ", "the-secret-key"),
            PeerOf = _ => new WirePeer { Vendor = name, Model = can ?? ModelCapabilities.Basic },
            KeySettings = "LLM_API_KEY",
            DefaultMaxTokens = 77,
        },
        new ProviderServices());

    public static async Task<(List<LlmDelta> Deltas, string Bytes, Exception? Error)> CollectAsync(IAsyncEnumerable<LlmDelta> stream)
    {
        var deltas = new List<LlmDelta>();
        var bytes = new MemoryStream();
        Exception? error = null;
        try
        {
            await foreach (var delta in stream)
            {
                if (delta is WireDelta wire) bytes.Write(wire.Bytes.Span);
                deltas.Add(delta);
            }
        }
        catch (Exception e)
        {
            error = e;
        }

        return (deltas, Encoding.UTF8.GetString(bytes.ToArray()), error);
    }
}
