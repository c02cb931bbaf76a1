using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace ServerBench.Driver;

/// <summary>
/// Our server as it would be run: its own data folder, prices, a budget, a strict ledger, and keys. Each that is started has
/// a folder of its own, which goes with it.
/// </summary>
internal sealed class GatewayHost(string file, string upstream) : IDisposable
{
    /// <summary>The token of the admin API; it opens nothing but servers of this run.</summary>
    private const string AdminToken = "bench-admin-token-0001";

    private readonly string _folder = Directory.CreateTempSubdirectory("llm-gateway-bench-").FullName;
    private readonly List<Server> _servers = [];

    /// <summary>A server with keys, as a system of the tables.</summary>
    public async Task<SystemUnderTest> SystemAsync(string name, string model, int keys = 1)
    {
        var server = await StartAsync(name);
        return new SystemUnderTest(name, server, model, [.. (await KeysAsync(server, keys)).Select(static key => $"Authorization: Bearer {key}\r\n")]);
    }

    /// <summary>Starts a server whose data are in the folder of that name.</summary>
    public async Task<Server> StartAsync(string name)
    {
        var data = Path.Combine(_folder, name);
        Directory.CreateDirectory(data);
        var config = Path.Combine(data, "gateway.json");
        await File.WriteAllTextAsync(config, $$$"""
            {"vendors":{
              "chat":{"dialect":"openai","base_url":"{{{upstream}}}/v1","key_env":"BENCH_KEY"},
              "messages":{"dialect":"anthropic","base_url":"{{{upstream}}}","key_env":"BENCH_KEY"}},
             "routes":{}}
            """);
        var prices = Path.Combine(data, "prices.json");
        await File.WriteAllTextAsync(prices, """
            {"rows":[
              {"provider":"chat","model":"bench-model","input":2.5,"output":15},
              {"provider":"chat","model":"bench-hold","input":2.5,"output":15},
              {"provider":"messages","model":"bench-model","input":2.5,"output":15},
              {"provider":"messages","model":"bench-hold","input":2.5,"output":15}]}
            """);
        var environment = new Dictionary<string, string>
        {
            ["BENCH_KEY"] = "sk-bench-upstream",
            ["LLM_PRICES_FILE"] = prices,
            ["LLM_BUDGETS"] = "all=1000000/day",
            ["LLM_ADMIN_TOKEN"] = AdminToken,
            ["LLM_LOG_LEVEL"] = "warning",
        };
        string[] arguments = ["serve", "--port", "0", "--data", data, "--config", config];
        var server = file.EndsWith(".dll", StringComparison.Ordinal)
            ? await Server.StartAsync("dotnet", [file, .. arguments], environment)
            : await Server.StartAsync(file, arguments, environment);
        _servers.Add(server);
        return server;
    }

    /// <summary>Makes keys with budgets and limits that this load does not reach, by the admin API.</summary>
    private static async Task<string[]> KeysAsync(Server server, int count)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://{server.Endpoint}") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        var keys = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellationToken) =>
        {
            using var content = new StringContent(
                $$"""{"name":"bench-{{i.ToString(CultureInfo.InvariantCulture)}}","budgets":["1000000/month"],"requests_per_minute":1000000000,"tokens_per_minute":2000000000,"max_concurrent":100000}""", Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(new Uri("/admin/keys", UriKind.Relative), content, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            if (!response.IsSuccessStatusCode) throw new AnswerException($"No key: {(int)response.StatusCode} {body}");
            using var json = JsonDocument.Parse(body);
            keys[i] = json.RootElement.GetProperty("key").GetString()!;
        });
        return keys;
    }

    public void Stop(Server server)
    {
        _servers.Remove(server);
        server.Dispose();
    }

    public void Dispose()
    {
        foreach (var server in _servers) server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
