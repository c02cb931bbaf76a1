using System.Text.Json;
using LlmGateway.Server.Health;
using LlmGateway.Server.Hosting;
using LlmGateway.Server.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Server.Tests.Health;

/// <summary>What whoever starts and stops the server is told of it.</summary>
public class HealthTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_live_and_ready_without_a_key()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:9/"), configure: static options => options.RequireKeys = true);

        Assert.Equal("""{"status":"live"}""", await served.Http.GetStringAsync("/health/live", Token));
        Assert.Equal("""{"status":"ready","checks":{"serving":"ok","keys":"ok","ledger":"ok"}}""", await served.Http.GetStringAsync("/health/ready", Token));
        using var head = await served.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/health/ready"), Token);
        Assert.Equal(200, (int)head.StatusCode);
    }

    [Fact]
    public async Task It_is_not_ready_where_a_check_fails_or_throws_and_says_which()
    {
        string? trouble = "the disk is full";
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();
        HealthEndpoints.Map(app, [() => ("disk", trouble), static () => throw new InvalidOperationException("secret")]);
        await app.StartAsync(Token);
        using var http = new HttpClient { BaseAddress = new Uri(ServerApp.AddressOf(app)) };

        using var response = await http.GetAsync("/health/ready", Token);
        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("not_ready", JsonDocument.Parse(body).RootElement.GetProperty("status").GetString());
        Assert.Equal("the disk is full", JsonDocument.Parse(body).RootElement.GetProperty("checks").GetProperty("disk").GetString());
        Assert.Contains("InvalidOperationException", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        using var live = await http.GetAsync("/health/live", Token);
        Assert.Equal(200, (int)live.StatusCode);
    }

    [Fact]
    public async Task It_is_not_ready_while_it_drains_but_live()
    {
        await using var upstream = new MisbehavingServer();
        await using var served = await Served.StartAsync(upstream.Url, configure: static options => options.DrainTimeout = TimeSpan.FromSeconds(30));
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = served.Url };

        // A call under way keeps the server up while it stops, and a connection that is open may still ask.
        var call = served.PostAsync("/v1/chat/completions", """{"model":"on_openai/silent-1s","messages":[{"role":"user","content":"hi"}]}""");
        for (var i = 0; served.Gateway.Calls == 0 && i < 400; i++) await Task.Delay(10, Token);
        Assert.Equal(1, served.Gateway.Calls);
        served.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();
        Assert.True(served.Gateway.IsStopping);

        using var ready = await http.GetAsync("/health/ready", Token);
        Assert.Equal(503, (int)ready.StatusCode);
        Assert.Contains("it stops", await ready.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var live = await http.GetAsync("/health/live", Token);
        Assert.Equal(200, (int)live.StatusCode);
        using var response = await call;
        Assert.Equal(200, (int)response.StatusCode);
    }
}
