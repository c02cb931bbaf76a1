using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmGateway.Server.Admin;
using LlmGateway.Server.Keys;
using LlmGateway.Server.Tests.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Tests.Admin;

/// <summary>The admin API on a real port, with real files of keys and ledger.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    public const string Token = "the-admin-token-0123456789";

    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private AdminServer(WebApplication app, KeyFolder folder, KeyStore keys, SqliteLedger ledger) => (_app, Folder, Keys, Ledger) = (app, folder, keys, ledger);

    public KeyFolder Folder { get; }

    public KeyStore Keys { get; }

    public SqliteLedger Ledger { get; }

    public string Url => _app.Urls.Single();

    public static async Task<AdminServer> StartAsync(string? token = Token)
    {
        var folder = new KeyFolder();
        var ledgerFile = Path.Combine(folder.Folder, "ledger.db");
        var (keys, ledger) = (folder.Open(), SqliteLedger.Open(new SqliteLedgerOptions { Path = ledgerFile }));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        AdminEndpoints.Map(app, keys, ledger, ledgerFile, token, folder.Time);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new AdminServer(app, folder, keys, ledger);
    }

    public async Task<AdminAnswer> SendAsync(string method, string path, string? body = null, string? token = Token)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Url + path);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        return new AdminAnswer(response.StatusCode, JsonDocument.Parse(text).RootElement, response.Headers.RetryAfter?.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await Ledger.DisposeAsync();
        Folder.Dispose();
    }
}

internal sealed record AdminAnswer(HttpStatusCode Status, JsonElement Json, string? RetryAfter)
{
    public string? Text(string name) => Json.GetProperty(name).GetString();

    public string? Code => Json.GetProperty("error").GetProperty("code").GetString();

    public string? Message => Json.GetProperty("error").GetProperty("message").GetString();

    public string? Field => Json.GetProperty("error").GetProperty("field").GetString();
}
