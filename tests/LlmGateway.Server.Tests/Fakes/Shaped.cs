using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects.Tests.Clients;

namespace LlmGateway.Server.Tests.Fakes;

/// <summary>
/// The gateway in front of scripted vendors of every dialect, <c>to_openai</c> to <c>to_bedrock</c>: their models keep to
/// schemas themselves, those named <c>by-tool/…</c> can be made to call a tool, and those named <c>plain/…</c> only write.
/// </summary>
internal sealed class Shaped : IAsyncDisposable
{
    public const string City = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    public const string Cities = """{"type":"array","items":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}""";

    private Shaped(CodecServer vendor, Served served, Records? records) => (Vendor, Served, Calls) = (vendor, served, records?.Queue ?? []);

    public CodecServer Vendor { get; }

    public Served Served { get; }

    /// <summary>The records of the calls, where they are kept.</summary>
    public IReadOnlyCollection<CallRecord> Calls { get; }

    public static async Task<Shaped> StartAsync(Func<int, LlmRequest, object> script, string routes = "", Action<LlmGatewayServerOptions>? configure = null, bool keepsRecords = false)
    {
        var vendor = new CodecServer { Script = script };
        string Row(string dialect) => $$"""
            , "to_{{dialect}}": {"dialect": "{{dialect}}", "base_url": "{{vendor.Url}}", "key_env": "SERVER_TESTS_KEY", "models": [
                {"match": "plain/*"}, {"match": "by-tool/*", "tools": true, "forced_tool": true}, {"match": "*", "tools": true, "forced_tool": true, "native_schema": true, "schema_with_tools": true}]
                {{(dialect == "anthropic" ? ", \"auth\": {\"header\": \"x-api-key\", \"prefix\": \"\"}" : "")}}}
            """;
        var records = keepsRecords ? new Records() : null;
        var served = await Served.StartAsync(
            new Uri(vendor.Url), routes, retries: 2, vendors: string.Concat(Served.Dialects.Append("bedrock").Select(Row)),
            configure: options =>
            {
                if (records is not null) (options.DataFolder, options.Client) = (null, options.Client with { Ledger = records });
                configure?.Invoke(options);
            });
        return new Shaped(vendor, served, records);
    }

    public static LlmReply Says(string text, FinishReason finish = FinishReason.Stop)
        => new(text) { Id = "r_1", Model = "m", FinishReason = finish, CreatedAt = DateTimeOffset.UnixEpoch.AddDays(20_000), Usage = new TokenUsage { InputTokens = 12, OutputTokens = 5 } };

    public static LlmReply Calling(string tool, string arguments, FinishReason finish = FinishReason.ToolCalls)
        => Says("", finish) with { Parts = [new ToolCallPart("call_1", tool, arguments)] };

    /// <summary>A request for a city.</summary>
    public static LlmRequest Asks(string model, bool stream, string schema = City) => new()
    {
        Model = model,
        Stream = stream,
        MaxTokens = 500,
        OutputSchema = new OutputSchema("place", JsonDocument.Parse(schema).RootElement, OutputMode.Native),
        Messages = [LlmMessage.User("Name a city.")],
    };

    /// <summary>Another dialect than a caller's.</summary>
    public static string Other(string dialect) => Served.Dialects[(Served.Dialects.ToList().IndexOf(dialect) + 1) % Served.Dialects.Count];

    public Task<HttpResponseMessage> AskAsync(string dialect, LlmRequest request) => Served.AskAsync(dialect, request);

    public async Task<LlmReply> AnswerAsync(string dialect, LlmRequest request)
    {
        using var response = await AskAsync(dialect, request);
        return await Asking.ReadAsync(dialect, response);
    }

    /// <summary>Reads on until a text has come, into what has been read.</summary>
    public static async Task ReadUntilAsync(Stream body, MemoryStream read, string text)
    {
        var buffer = new byte[256];
        while (!Text(read).Contains(text, StringComparison.Ordinal))
        {
            var count = await body.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, count);
            read.Write(buffer, 0, count);
        }
    }

    /// <summary>Reads the rest, and all as a client does.</summary>
    public static async Task<LlmReply> ReadRestAsync(string dialect, Stream body, MemoryStream read)
    {
        await body.CopyToAsync(read, TestContext.Current.CancellationToken);
        read.Position = 0;
        return await Asking.ReadStreamAsync(dialect, read);
    }

    public static string Text(MemoryStream read) => Encoding.UTF8.GetString(read.GetBuffer(), 0, (int)read.Length);

    public async ValueTask DisposeAsync()
    {
        await Served.DisposeAsync();
        await Vendor.DisposeAsync();
    }

    private sealed class Records : ILedger
    {
        public ConcurrentQueue<CallRecord> Queue { get; } = new();

        public LedgerMode Mode => LedgerMode.BestEffort;

        public ValueTask IntendAsync(BudgetReservation attempt, CancellationToken cancellationToken) => default;

        public void Settled(BudgetReservation attempt, BudgetSettlement settlement)
        {
        }

        public ValueTask WriteAsync(CallRecord record)
        {
            Queue.Enqueue(record);
            return default;
        }
    }
}
