using System.Text;
using LlmGateway.Server.Hosting;
using LlmGateway.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Tests.Fakes;

/// <summary>The gateway on a real port, in front of vendors on real ports.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private Served(WebApplication app, string folder)
    {
        (_app, _folder) = (app, folder);
        Url = new Uri(ServerApp.AddressOf(app));
        Http = new HttpClient { BaseAddress = Url };
    }

    public Uri Url { get; }

    public HttpClient Http { get; }

    public Gateway Gateway => _app.Services.GetRequiredService<Gateway>();

    public IServiceProvider Services => _app.Services;

    public string DataFolder => Path.Combine(_folder, "data");

    /// <summary>Starts it with a vendor of each dialect, <c>on_openai</c> to <c>on_bedrock</c>, at one address.</summary>
    public static async Task<Served> StartAsync(Uri upstream, string routes = "", int retries = 1, Action<LlmGatewayServerOptions>? configure = null, ILoggerFactory? logs = null, string vendors = "")
    {
        var folder = Directory.CreateTempSubdirectory("llm-gateway-server-").FullName;
        var file = Path.Combine(folder, "gateway.json");
        string Row(string dialect) => $$"""
            "on_{{dialect}}": {"dialect": "{{dialect}}", "base_url": "{{upstream.OriginalString}}", "key_env": "SERVER_TESTS_KEY"{{(dialect == "anthropic" ? ", \"auth\": {\"header\": \"x-api-key\", \"prefix\": \"\"}" : "")}}}
            """;
        await File.WriteAllTextAsync(file, $$"""{"vendors": { {{string.Join(',', Dialects.Append("bedrock").Select(Row))}}{{vendors}} } {{(routes.Length > 0 ? $", \"routes\": {routes}" : "")}} }""");
        var options = new LlmGatewayServerOptions
        {
            Config = new GatewayConfig { ConfigFile = file, MaxRetries = retries },
            DataFolder = Path.Combine(folder, "data"),
            DrainTimeout = TimeSpan.FromMilliseconds(200),
        };
        var prices = new PriceBook();
        foreach (var dialect in Dialects.Append("bedrock")) prices.Register($"on_{dialect}", "*", new ModelPrice { InputPerMillion = 1m, OutputPerMillion = 10m });
        options.Client = options.Client with { Prices = prices };
        configure?.Invoke(options);
        var app = ServerApp.Build(options, new ServeSettings(), logs ?? LoggerFactory.Create(static _ => { }));
        await app.StartAsync();
        return new Served(app, folder);
    }

    public static IReadOnlyList<string> Dialects { get; } = ["openai", "openai_responses", "anthropic", "gemini"];

    /// <summary>Sends a body to a path.</summary>
    public async Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>The calls in the ledger, once there are so many.</summary>
    public async Task<IReadOnlyList<LedgerCall>> CallsAsync(int least = 1)
    {
        for (var i = 0; ; i++)
        {
            using (var reader = LedgerReader.Open(Path.Combine(DataFolder, "ledger.db")))
            {
                var calls = reader.Last(100);
                if (calls.Count >= least || i == 200) return calls;
            }

            await Task.Delay(25);
        }
    }

    public async Task StopAsync() => await _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
