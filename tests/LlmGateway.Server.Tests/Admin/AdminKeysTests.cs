using System.Net;
using LlmGateway.Server.Keys;
using LlmGateway.Server.Tests.Keys;

namespace LlmGateway.Server.Tests.Admin;

public class AdminKeysTests
{
    [Fact]
    public async Task A_key_is_made_read_changed_rotated_and_revoked()
    {
        await using var server = await AdminServer.StartAsync();
        var made = await server.SendAsync("POST", "/admin/keys", """
            {"name":"alice","models":["gpt-*"],"requests_per_minute":60,"budgets":[{"limit_usd":"20.50","window":"month"},{"limit_usd":1,"window":"day"}],"tags":{"team":"search"},"expires_at":"2027-01-31"}
            """);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var (text, id) = (made.Text("key")!, made.Text("id")!);
        Assert.True(server.Keys.TryFind(text, out var key, out _));
        Assert.Equal((id, 60, "search"), (key.Id, key.RequestsPerMinute, key.Tags["team"]));
        Assert.Equal([new KeyBudget(20.5m, BudgetWindow.Month), new KeyBudget(1m, BudgetWindow.Day)], key.Budgets);

        var read = await server.SendAsync("GET", $"/admin/keys/{id}");
        Assert.False(read.Json.TryGetProperty("key", out _));
        Assert.Equal(("alice", "active", "2027-01-31T00:00:00.000000Z"), (read.Text("name"), read.Text("state"), read.Text("expires_at")));
        Assert.DoesNotContain(text[^39..], read.Json.GetRawText(), StringComparison.Ordinal);

        var changed = await server.SendAsync("PATCH", $"/admin/keys/{id}", """{"requests_per_minute":null,"max_concurrent":3,"expires_at":null,"models":[]}""");
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.True(server.Keys.TryFind(text, out key, out _));
        Assert.Equal((null, 3, null, "alice", 0, 2), (key.RequestsPerMinute, key.MaxConcurrent, key.ExpiresAt, key.Name, key.Models.Count, key.Budgets.Count));

        var rotated = await server.SendAsync("POST", $"/admin/keys/{id}/rotate", """{"overlap_seconds":0}""");
        Assert.Equal(KeyRefusalReason.Rotated, KeyFolder.Refusal(server.Keys, text));
        Assert.Null(KeyFolder.Refusal(server.Keys, rotated.Text("key")));
        var again = await server.SendAsync("POST", $"/admin/keys/{id}/rotate");
        Assert.Equal("2026-12-01T12:00:00.000000Z", again.Text("old_valid_until"));
        Assert.Null(KeyFolder.Refusal(server.Keys, rotated.Text("key")));

        var revoked = await server.SendAsync("DELETE", $"/admin/keys/{id}");
        Assert.Equal((HttpStatusCode.OK, "revoked"), (revoked.Status, revoked.Text("state")));
        Assert.Equal(KeyRefusalReason.Revoked, KeyFolder.Refusal(server.Keys, again.Text("key")));
        var late = await server.SendAsync("PATCH", $"/admin/keys/{id}", """{"name":"x"}""");
        Assert.Equal((HttpStatusCode.Conflict, "key_revoked"), (late.Status, late.Code));
    }

    [Fact]
    public async Task The_list_comes_in_pages()
    {
        await using var server = await AdminServer.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            server.Keys.Create(new KeySettings { Name = $"k{i}" });
            server.Folder.Time.Advance(TimeSpan.FromMinutes(1));
        }

        List<string?> names = [];
        string? after = null;
        do
        {
            var page = await server.SendAsync("GET", $"/admin/keys?limit=2{(after is null ? "" : "&after=" + after)}");
            names.AddRange(page.Json.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("name").GetString()));
            after = page.Text("next");
        }
        while (after is not null);

        Assert.Equal(["k0", "k1", "k2", "k3", "k4"], names);
        Assert.Equal("after", (await server.SendAsync("GET", "/admin/keys?after=nobody")).Field);
    }

    [Theory]
    [InlineData("""{"name":"a","colour":"red"}""", 400, "unknown_field", "colour")]
    [InlineData("""{"name":"a","id":"0123456789"}""", 400, "unknown_field", "id")]
    [InlineData("""{}""", 400, "invalid_value", "name")]
    [InlineData("""{"name":7}""", 400, "invalid_value", "name")]
    [InlineData("""{"name":"a","models":"gpt-4o"}""", 400, "invalid_value", "models")]
    [InlineData("""{"name":"a","routes":[1]}""", 400, "invalid_value", "routes")]
    [InlineData("""{"name":"a","may_fall_back":"yes"}""", 400, "invalid_value", "may_fall_back")]
    [InlineData("""{"name":"a","requests_per_minute":0}""", 400, "invalid_value", "requests_per_minute")]
    [InlineData("""{"name":"a","tokens_per_minute":1.5}""", 400, "invalid_value", "tokens_per_minute")]
    [InlineData("""{"name":"a","max_concurrent":99999999999}""", 400, "invalid_value", "max_concurrent")]
    [InlineData("""{"name":"a","budgets":[{"limit_usd":"-5"}]}""", 400, "invalid_value", "budgets")]
    [InlineData("""{"name":"a","budgets":[{"limit_usd":"5","window":"week"}]}""", 400, "invalid_value", "budgets")]
    [InlineData("""{"name":"a","budgets":["5/day","6/day"]}""", 400, "invalid_value", "budgets")]
    [InlineData("""{"name":"a","tags":{"key":"x"}}""", 400, "invalid_value", "tags")]
    [InlineData("""{"name":"a","expires_at":"2020-01-01"}""", 400, "invalid_value", "expires_at")]
    [InlineData("""{"name":"a","name":"b"}""", 400, "invalid_json", null)]
    [InlineData("""["name"]""", 400, "invalid_json", null)]
    [InlineData("""{"name":""", 400, "invalid_json", null)]
    public async Task What_is_wrong_with_a_body_is_said_by_its_field(string body, int status, string code, string? field)
    {
        await using var server = await AdminServer.StartAsync();

        var answer = await server.SendAsync("POST", "/admin/keys", body);

        Assert.Equal((status, code, field), ((int)answer.Status, answer.Code, answer.Field));
        Assert.NotEmpty(answer.Message!);
        Assert.False(server.Keys.HasKeys);
    }

    [Fact]
    public async Task A_body_beyond_its_size_is_refused_with_and_without_a_length()
    {
        await using var server = await AdminServer.StartAsync();
        var body = $$"""{"name":"{{new string('a', 70_000)}}"}""";
        var answer = await server.SendAsync("POST", "/admin/keys", body);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too_large"), (answer.Status, answer.Code));

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + "/admin/keys") { Content = new StringContent(body) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Authorization = new("Bearer", AdminServer.Token);
        using var chunked = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, chunked.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/admin", 404, "not_found")]
    [InlineData("GET", "/admin/users", 404, "not_found")]
    [InlineData("GET", "/admin/keys/0123456789", 404, "not_found")]
    [InlineData("PATCH", "/admin/keys/0123456789", 404, "not_found")]
    [InlineData("DELETE", "/admin/keys/nothing", 404, "not_found")]
    [InlineData("POST", "/admin/keys/0123456789/rotate", 404, "not_found")]
    [InlineData("GET", "/admin/keys/0123456789/budget", 404, "not_found")]
    [InlineData("PUT", "/admin/keys", 405, "method_not_allowed")]
    [InlineData("POST", "/admin/ledger", 405, "method_not_allowed")]
    [InlineData("GET", "/admin/keys?colour=red", 400, "unknown_field")]
    [InlineData("GET", "/admin/keys?limit=0", 400, "invalid_value")]
    [InlineData("GET", "/admin/keys?limit=1&limit=2", 400, "invalid_value")]
    public async Task What_is_not_there_is_said(string method, string path, int status, string code)
    {
        await using var server = await AdminServer.StartAsync();

        var answer = await server.SendAsync(method, path, method is "PATCH" ? "{}" : null);

        Assert.Equal((status, code), ((int)answer.Status, answer.Code));
    }
}
