using System.Text.Json;
using LlmGateway.Dialects.Tests.Clients;

namespace LlmGateway.Server.Tests.Clients;

/// <summary>
/// <c>llm-gateway serve</c> as a process of its own, in front of vendors of every dialect: <c>good_openai</c> to <c>good_bedrock</c>,
/// which answer, and <c>bad_openai</c> to <c>bad_bedrock</c>, which go wrong as their models' names say. It asks callers for a key.
/// </summary>
public sealed class ServedProcess : IAsyncLifetime
{
    private readonly CodecServer _good = new();
    private readonly MisbehavingServer _bad = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-clients-");
    private CliServer? _server;

    /// <summary>The dialects that the vendors behind it speak.</summary>
    public static IReadOnlyList<string> Upstreams { get; } = ["openai", "openai_responses", "anthropic", "gemini", "bedrock"];

    /// <summary>Where it listens.</summary>
    public string Url => _server!.Url;

    /// <summary>A key that may do all.</summary>
    public string Key { get; private set; } = "";

    /// <summary>What it wrote to standard error.</summary>
    public string Log => _server!.Log;

    internal CodecServer Good => _good;

    internal MisbehavingServer Bad => _bad;

    public async ValueTask InitializeAsync()
    {
        var vendors = Upstreams.SelectMany(dialect => new[] { Row("good", dialect, new Uri(_good.Url)), Row("bad", dialect, _bad.Url) });
        _server = await CliServer.StartAsync(_folder.FullName, $$"""{"vendors": { {{string.Join(",\n", vendors)}} }, "routes": {"pair": {"policy": "priority", "targets": ["bad_openai/fails", "good_anthropic/m"]} } }""");
        using var http = _server.Admin();
        using var made = await http.PostAsync(new Uri("/admin/keys", UriKind.Relative), new StringContent("""{"name":"clients","may_fall_back":true}"""));
        using var key = JsonDocument.Parse(await made.Content.ReadAsStringAsync());
        Key = key.RootElement.GetProperty("key").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        await _good.DisposeAsync();
        await _bad.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Row(string kind, string dialect, Uri upstream)
        => CliServer.Row($"{kind}_{dialect}", dialect, upstream, """, "models": [{"match": "by-tool/*", "tools": true, "forced_tool": true}, {"match": "*", "tools": true, "forced_tool": true, "native_schema": true}]""");
}
