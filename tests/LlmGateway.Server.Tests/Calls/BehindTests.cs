using System.Globalization;
using System.Text.Json;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Calls;

/// <summary>Gateway behind gateway: our client through our server has the same answer, record, cost and errors as without it.</summary>
public class BehindTests
{
    public static TheoryData<string, bool> Callers()
    {
        var all = new TheoryData<string, bool>();
        foreach (var dialect in Served.Dialects)
            foreach (var stream in (bool[])[false, true]) all.Add(dialect, stream);
        return all;
    }

    [Theory, MemberData(nameof(Callers))]
    public async Task The_simulated_model_is_the_same_behind_the_server(string dialect, bool stream)
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:1"));
        await using var near = Client(new GatewayConfig { Provider = "simulated" });
        await using var behind = Client(new GatewayConfig { Provider = dialect, Model = "simulated", BaseUrl = served.Url, ApiKey = "any" });
        var weather = new LlmTool("weather", "The weather of a city.", JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""").RootElement);

        foreach (var options in (LlmCallOptions[])[new(), new() { MaxTokens = 5 }, new() { Tools = [weather] }])
            Assert.Equal(await ToldAsync(near, stream, options), await ToldAsync(behind, stream, options));
        if (stream) return;

        var invoice = "Number: BV-7\nTotal: 120.50";
        var (one, other) = (await near.CompleteAsync<Invoice>(invoice, null, Cancelled), await behind.CompleteAsync<Invoice>(invoice, null, Cancelled));
        Assert.Equal(one.Content, other.Content);
        Assert.Equal(new Invoice("BV-7", 120.50m), other.Content);
        Assert.Equal((0m, 0, 0), (other.Usage.TotalCostUsd, other.Metadata.Reasks, other.Metadata.Repairs.Count));

        // What the simulated model can't do is the caller's error here and there.
        var impossible = new LlmCallOptions { MaxTokens = 0 };
        Assert.Equal(await ErrorAsync(near, impossible), await ErrorAsync(behind, impossible));
    }

    [Theory, MemberData(nameof(Callers))]
    public async Task A_vendors_answers_and_errors_are_the_same_behind_the_server(string dialect, bool stream)
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url, retries: 0);
        string[] models = stream
            ? ["ok", "tool-call", "refusal", "error-event-late", "unauthorized", "not-found", "bad-request", "context-length", "rate-limited-1s"]
            : ["ok", "tool-call", "json", "refusal", "content-filter", "down", "unauthorized", "not-found", "bad-request", "context-length", "rate-limited-1s"];
        var charged = 0m;
        foreach (var model in models)
        {
            await using var near = Client(new GatewayConfig { Provider = dialect, Model = model, BaseUrl = upstream.Url, ApiKey = "any", MaxRetries = 0 });
            await using var behind = Client(new GatewayConfig { Provider = dialect, Model = $"on_{dialect}/{model}", BaseUrl = served.Url, ApiKey = "any", MaxRetries = 0 });

            var told = await ToldAsync(near, stream, new LlmCallOptions { MaxTokens = 100 });
            Assert.Equal(told, await ToldAsync(behind, stream, new LlmCallOptions { MaxTokens = 100 }));
            Assert.Equal(near.TotalCostUsd, behind.TotalCostUsd);
            charged += behind.TotalCostUsd ?? 0m;
            if (model == "ok") Assert.True(charged > 0m, told);
        }

        // The server's own ledger says the same sum as its caller's.
        var calls = await served.CallsAsync(models.Length);
        Assert.Equal(charged, calls.Sum(call => call.Cost.Known.ToDecimal()));
        Assert.All(calls, call => Assert.Single(call.Attempts));
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static LlmClient Client(GatewayConfig config)
    {
        var prices = new PriceBook();
        foreach (var dialect in Served.Dialects)
        {
            prices.Register(dialect, "*", new ModelPrice { InputPerMillion = 1m, OutputPerMillion = 10m });
            prices.Register(dialect, "simulated", new ModelPrice { InputPerMillion = 0m, OutputPerMillion = 0m });
        }

        return new LlmClient(config, new LlmClientOptions { Prices = prices });
    }

    private static async Task<string> ToldAsync(LlmClient client, bool stream, LlmCallOptions options)
    {
        const string Prompt = "What is the weather in Oslo?";
        try
        {
            if (!stream)
            {
                var whole = await client.CompleteAsync([LlmMessage.User(Prompt)], options, Cancelled);
                return Told(whole.Content, whole.Metadata);
            }

            LlmResponse<LlmReply>? last = null;
            await foreach (var delta in client.StreamAsync([LlmMessage.User(Prompt)], options, Cancelled))
                if (delta is ResponseDelta response) last = response.Response;
            return Told(last!.Content, last.Metadata);
        }
        catch (ProviderException e)
        {
            return $"{e.Kind} {e.RetryAfter} {Told(new LlmReply(), e.Record!)}";
        }
    }

    private static async Task<string> ErrorAsync(LlmClient client, LlmCallOptions options)
        => (await Assert.ThrowsAnyAsync<Exception>(() => client.CompleteAsync([LlmMessage.User("Hello")], options, Cancelled))) is ProviderException e ? e.Kind.ToString() : "refused by the client itself";

    private static string Told(LlmReply reply, CallRecord record) => string.Create(CultureInfo.InvariantCulture, $"""
        text {reply.Text} calls {string.Join(',', reply.Parts.OfType<ToolCallPart>().Select(call => $"{call.Name} {call.ArgumentsJson}"))} finish {record.FinishReason}
        {record.Outcome} {record.ErrorType} by {record.Model[(record.Model.IndexOf('/') + 1)..]} in {record.Usage.InputTokens} out {record.Usage.OutputTokens} cached {record.Usage.CacheReadTokens} costs {record.Usage.TotalCostUsd}
        attempts {string.Join(',', record.Attempts.Select(attempt => $"{attempt.Outcome} {attempt.ErrorKind} {attempt.Usage.TotalCostUsd} {attempt.CostBasis}"))} asks {record.Reasks} repairs {record.Repairs.Count} losses {string.Join('|', record.Losses)}
        """);

    private sealed record Invoice(string Number, decimal Total);
}
