using System.Net;
using LlmGateway.Server.Admin;
using LlmGateway.Server.Keys;

namespace LlmGateway.Server.Tests.Admin;

public class AdminGuardTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_a_token_there_is_nothing_there(string? token)
    {
        await using var server = await AdminServer.StartAsync(token);

        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync("GET", "/admin/keys")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync("GET", "/admin/keys", token: null)).Status);
    }

    [Fact]
    public async Task A_key_is_no_admin_token_and_the_token_is_no_key()
    {
        await using var server = await AdminServer.StartAsync();
        var (_, text) = server.Keys.Create(new KeySettings { Name = "alice" });

        var answer = await server.SendAsync("GET", "/admin/keys", token: text);
        Assert.Equal((HttpStatusCode.Unauthorized, "unauthorized"), (answer.Status, answer.Code));
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync("GET", "/admin/keys", token: null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync("GET", "/admin/keys", token: AdminServer.Token + "x")).Status);
        Assert.False(server.Keys.TryFind(AdminServer.Token, out _, out _));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", "/admin/keys")).Status);
    }

    [Theory]
    [InlineData("lgw_0123456789abcdef")]
    [InlineData("short")]
    public async Task A_token_that_is_like_a_key_or_short_stops_the_start(string token)
    {
        var error = await Assert.ThrowsAsync<GatewayException>(() => AdminServer.StartAsync(token));
        Assert.DoesNotContain(token, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_ten_wrong_tokens_an_address_waits_a_minute_and_a_missing_one_is_no_guess()
    {
        await using var server = await AdminServer.StartAsync();
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await server.SendAsync("GET", "/admin/keys", token: null)).Status);
        var guesses = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => server.SendAsync("GET", "/admin/keys", token: $"guess number {i}")));
        Assert.Equal(AdminGuard.MostWrong, guesses.Count(g => g.Status == HttpStatusCode.Unauthorized));

        // The right one too: else guessing would go on.
        var answer = await server.SendAsync("GET", "/admin/keys");
        Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_attempts", "60"), (answer.Status, answer.Code, answer.RetryAfter));
        server.Folder.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("1", (await server.SendAsync("GET", "/admin/keys")).RetryAfter);
        server.Folder.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync("GET", "/admin/keys")).Status);
    }
}
