using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects.Tests.Clients;

namespace LlmGateway.Server.Tests.Clients;

/// <summary>
/// <c>llm-gateway serve</c> as a process of its own, in front of vendors of every dialect: <c>good_openai</c> to <c>good_bedrock</c>,
/// which answer, and <c>bad_openai</c> to <c>bad_bedrock</c>, which go wrong as their models' names say. It asks callers for a key.
/// </summary>
public sealed class ServedProcess : IAsyncLifetime
{
    private const string AdminToken = "an-admin-token-of-the-client-tests";

    /// <summary>The tool where it was built: beside the tests it would find their versions of what it needs.</summary>
    private static readonly string Tool = Installed.At("src", "LlmGateway.Cli", "bin", AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug", "net10.0", "llm-gateway.dll");

    private readonly CodecServer _good = new();
    private readonly MisbehavingServer _bad = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-clients-");
    private readonly StringBuilder _log = new();
    private Process? _process;

    /// <summary>The dialects that the vendors behind it speak.</summary>
    public static IReadOnlyList<string> Upstreams { get; } = ["openai", "openai_responses", "anthropic", "gemini", "bedrock"];

    /// <summary>Where it listens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>A key that may do all.</summary>
    public string Key { get; private set; } = "";

    /// <summary>What it wrote to standard error.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    internal CodecServer Good => _good;

    internal MisbehavingServer Bad => _bad;

    public async ValueTask InitializeAsync()
    {
        var config = Path.Combine(_folder.FullName, "gateway.json");
        var vendors = Upstreams.SelectMany(dialect => new[] { Row("good", dialect, new Uri(_good.Url)), Row("bad", dialect, _bad.Url) });
        await File.WriteAllTextAsync(config, $$"""{"vendors": { {{string.Join(",\n", vendors)}} }, "routes": {"pair": {"policy": "priority", "targets": ["bad_openai/fails", "good_anthropic/m"]} } }""");
        var start = new ProcessStartInfo("dotnet", ["exec", Tool, "serve", "--port", "0", "--config", config, "--data", Path.Combine(_folder.FullName, "data")])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("LLM_", StringComparison.Ordinal) || name.EndsWith("_API_KEY", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["CLIENT_TESTS_KEY"] = "sk-of-the-vendor-0123456789";
        start.Environment["LLM_ADMIN_TOKEN"] = AdminToken;
        // What goes wrong is to reach the client, and at once.
        start.Environment["LLM_MAX_RETRIES"] = "0";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_log) _log.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
        var said = await _process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        const string ready = "listening on ";
        Assert.True(said?.StartsWith(ready, StringComparison.Ordinal), $"{said}\n{Log}");
        Url = said![ready.Length..];
        using var http = new HttpClient { BaseAddress = new Uri(Url), DefaultRequestHeaders = { Authorization = new("Bearer", AdminToken) } };
        using var made = await http.PostAsync(new Uri("/admin/keys", UriKind.Relative), new StringContent("""{"name":"clients","may_fall_back":true}"""));
        using var key = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
        Key = key.RootElement.GetProperty("key").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        await _good.DisposeAsync();
        await _bad.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Row(string kind, string dialect, Uri upstream)
        => $$"""
            "{{kind}}_{{dialect}}": {"dialect": "{{dialect}}", "base_url": "{{upstream.OriginalString}}", "key_env": "CLIENT_TESTS_KEY", "models": [{"match": "by-tool/*", "tools": true, "forced_tool": true}, {"match": "*", "tools": true, "forced_tool": true, "native_schema": true}]{{(dialect == "anthropic" ? ", \"auth\": {\"header\": \"x-api-key\", \"prefix\": \"\"}" : "")}}}
            """;
}
