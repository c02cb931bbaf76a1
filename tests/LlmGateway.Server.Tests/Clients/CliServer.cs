using System.Diagnostics;
using System.Text;

namespace LlmGateway.Server.Tests.Clients;

/// <summary><c>llm-gateway serve</c> as a process of its own, on a free port of this machine.</summary>
internal sealed class CliServer : IAsyncDisposable
{
    public const string AdminToken = "an-admin-token-of-the-client-tests";

    /// <summary>The tool where it was built: beside the tests it would find their versions of what it needs.</summary>
    private static readonly string Tool = Installed.At("src", "LlmGateway.Cli", "bin", AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug", "net10.0", "llm-gateway.dll");

    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private CliServer(Process process) => _process = process;

    /// <summary>Where it listens.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What it wrote to standard error.</summary>
    public string Log
    {
        get
        {
            lock (_log) return _log.ToString();
        }
    }

    /// <summary>The memory that it has of the machine, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts it, and ends once it is ready.</summary>
    /// <param name="folder">Where it works, and keeps its data.</param>
    /// <param name="config">What stands in its <c>gateway.json</c>.</param>
    /// <param name="environment">What it is told beside.</param>
    public static async Task<CliServer> StartAsync(string folder, string config, params (string Name, string Value)[] environment)
    {
        var file = Path.Combine(folder, "gateway.json");
        await File.WriteAllTextAsync(file, config);
        var start = new ProcessStartInfo("dotnet", ["exec", Tool, "serve", "--port", "0", "--config", file, "--data", DataOf(folder)])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("LLM_", StringComparison.Ordinal) || name.EndsWith("_API_KEY", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["CLIENT_TESTS_KEY"] = "sk-of-the-vendor-0123456789";
        start.Environment["LLM_ADMIN_TOKEN"] = AdminToken;
        // What goes wrong is to reach the client, and at once.
        start.Environment["LLM_MAX_RETRIES"] = "0";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var server = new CliServer(Process.Start(start)!);
        server._process.ErrorDataReceived += (_, line) =>
        {
            lock (server._log) server._log.AppendLine(line.Data);
        };
        server._process.BeginErrorReadLine();
        const string ready = "listening on ";
        var said = await server._process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        if (said?.StartsWith(ready, StringComparison.Ordinal) != true)
        {
            await server.DisposeAsync();
            Assert.Fail($"{said}\n{server.Log}");
        }

        server.Url = said[ready.Length..];
        return server;
    }

    /// <summary>The folder of its ledger and keys.</summary>
    public static string DataOf(string folder) => Path.Combine(folder, "data");

    /// <summary>A row of a vendor at an address.</summary>
    public static string Row(string name, string dialect, Uri upstream, string more = "")
        => $$"""
            "{{name}}": {"dialect": "{{dialect}}", "base_url": "{{upstream.OriginalString}}", "key_env": "CLIENT_TESTS_KEY"{{more}}{{(dialect == "anthropic" ? ", \"auth\": {\"header\": \"x-api-key\", \"prefix\": \"\"}" : "")}}}
            """;

    /// <summary>A client of its admin API.</summary>
    public HttpClient Admin() => new() { BaseAddress = new Uri(Url), DefaultRequestHeaders = { Authorization = new("Bearer", AdminToken) } };

    /// <summary>Kills it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
