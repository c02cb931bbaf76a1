using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Testing.Tests.Misbehaving;

public sealed class ServerTests : IAsyncDisposable
{
    private const string Beginning = "A harbour master kept two clocks";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly MisbehavingServer _server;
    private readonly Caller _caller;

    public ServerTests()
    {
        _server = new MisbehavingServer(new MisbehavingServerOptions { TimeProvider = _time });
        _caller = new Caller(_server);
    }

    public static TheoryData<string, bool> Ways => [.. Caller.Dialects.SelectMany(dialect => new[] { (dialect, false), (dialect, true) })];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_dialect_is_answered_and_what_was_asked_stands_in_the_log(string dialect, bool stream)
    {
        var (status, body) = await _caller.GetAsync(dialect, "ok", stream, Token, prompt: "Tell me more");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("A harbo", body, StringComparison.Ordinal);
        var seen = Assert.Single(await SeenAsync());
        Assert.Equal((dialect, "ok", stream, SeenOutcome.Answered, 200), (seen.Dialect, seen.Model, seen.IsStreamed, seen.Outcome, seen.Status));
        Assert.Equal(_time.GetUtcNow(), seen.Time);
        Assert.Equal((body.Length, 3L, 150L), (seen.BytesSent, seen.BilledInputTokens, seen.BilledOutputTokens)); // 12 and 600 characters, or up to 3 less.
        Assert.Equal("07fd3265", seen.KeyHash);
        Assert.Null(seen.Prefill);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_model_goes_on_from_a_prefill(string dialect, bool stream)
    {
        var (_, body) = await _caller.GetAsync(dialect, "ok", stream, Token, prefill: Beginning);

        Assert.DoesNotContain("harbour", body, StringComparison.Ordinal);
        Assert.Contains(" on his", body, StringComparison.Ordinal);
        Assert.Equal(Beginning, Assert.Single(_server.Requests).Prefill);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_model_without_prefill_refuses_one_and_takes_the_rest(string dialect, bool stream)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _caller.GetAsync(dialect, "no-prefill", stream, Token, prefill: Beginning)).Status);
        Assert.Equal(HttpStatusCode.OK, (await _caller.GetAsync(dialect, "no-prefill", stream, Token)).Status);
        Assert.Equal([SeenOutcome.Failed, SeenOutcome.Answered], (await SeenAsync()).Select(seen => seen.Outcome));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_cut_answer_ends_in_its_middle(string dialect, bool stream)
    {
        using var response = await _caller.AskAsync(dialect, "cut-after-12", stream, Token);
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync(Token));

        Assert.Equal(HttpRequestError.ResponseEnded, Assert.IsType<HttpIOException>(error.InnerException).HttpRequestError);
        var seen = Assert.Single(await SeenAsync());
        Assert.Equal((SeenOutcome.Broken, stream ? 3L : 150L), (seen.Outcome, seen.BilledOutputTokens));
        if (!stream) Assert.Equal(12, seen.BytesSent);
    }

    [Fact]
    public async Task A_stream_is_cut_at_the_very_character()
    {
        using var response = await _caller.AskAsync("openai", "cut-after-12", stream: true, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        var text = "";
        await Assert.ThrowsAsync<HttpIOException>(async () =>
        {
            while (await reader.ReadLineAsync(Token) is { } line)
            {
                if (line.Split("\"content\":\"") is [_, var rest]) text += rest.Split('"')[0];
            }
        });

        Assert.Equal("A harbour ma", text);
    }

    [Fact]
    public async Task A_fault_meets_as_many_requests_as_its_name_says()
    {
        var statuses = new List<HttpStatusCode>();
        foreach (var model in (string[])["fails-once", "fails-once", "fails-2x", "fails-2x", "fails-2x", "mine/fails-once", "mine/fails-once"])
        {
            statuses.Add((await _caller.GetAsync("openai", model, stream: false, Token)).Status);
        }

        Assert.Equal([500, 200, 500, 500, 200, 500, 200], statuses.Select(status => (int)status));
    }

    [Fact]
    public async Task A_fault_lasts_as_long_as_its_name_says()
    {
        async Task<int> AskAsync(string model) => (int)(await _caller.GetAsync("anthropic", model, stream: false, Token)).Status;

        Assert.Equal((503, 404), (await AskAsync("down-60s"), await AskAsync("not-found-for-500ms")));
        _time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.Equal((503, 200), (await AskAsync("down-60s"), await AskAsync("not-found-for-500ms")));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(200, await AskAsync("down-60s"));
    }

    [Fact]
    public async Task A_wait_is_said_in_a_header()
    {
        using var response = await _caller.AskAsync("openai", "rate-limited-2s-once", stream: false, Token);

        Assert.Equal((429, TimeSpan.FromSeconds(2)), ((int)response.StatusCode, response.Headers.RetryAfter!.Delta));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_stalled_answer_goes_on_by_the_clock(string dialect, bool stream)
    {
        var call = _caller.GetAsync(dialect, "stalls-20s", stream, Token);
        await AdvanceAsync(call, TimeSpan.FromSeconds(1));
        var (_, whole) = await _caller.GetAsync(dialect, "ok", stream, Token);

        Assert.Equal(whole, (await call).Body.Replace("stalls-20s", "ok", StringComparison.Ordinal));
        var seen = await SeenAsync();
        Assert.Equal([150L, 150L], seen.Select(request => request.BilledOutputTokens));
        Assert.True(_time.GetUtcNow() - seen[0].Time >= TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("stalls")]
    [InlineData("late-first-token")]
    [InlineData("pings-3000s")]
    [InlineData("thinks-long-3000s")]
    [InlineData("drip")]
    public async Task A_caller_that_leaves_stands_in_the_log(string model)
    {
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(Token))
        {
            var call = _caller.GetAsync("anthropic", model, stream: true, stop.Token);
            await EventuallyAsync(() => _server.Requests.Count == 1);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        Assert.Equal(SeenOutcome.CallerLeft, Assert.Single(await SeenAsync()).Outcome);
    }

    [Theory]
    [InlineData("resets")]
    [InlineData("hangs-up")]
    public async Task A_connection_ends_without_a_word(string model)
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => _caller.AskAsync("openai", model, stream: false, Token));
        var seen = Assert.Single(await SeenAsync());
        Assert.Equal((SeenOutcome.Broken, null, 0L, 0L), (seen.Outcome, seen.Status, seen.BytesSent, seen.BilledInputTokens));
    }

    [Fact]
    public async Task A_redirect_leads_to_a_place_where_a_follower_would_be_seen()
    {
        using var response = await _caller.AskAsync("openai", "redirect", stream: false, Token);

        Assert.Equal((307, new Uri(_server.Url, "/elsewhere")), ((int)response.StatusCode, response.Headers.Location));
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(response.Headers.Location, Token)).StatusCode);
        Assert.Equal(["/v1/chat/completions", "/elsewhere"], (await SeenAsync()).Select(seen => seen.Path));
    }

    [Theory]
    [InlineData("nonsense", "The model 'nonsense' does not exist here. A model's name is a fault's: ok, ")]
    [InlineData("fails-2s", "The model 'fails-2s' does not exist here: 'fails' is written fails, then -once, -Nx or -for-Ns.")]
    [InlineData("stalls-after-x", "The model 'stalls-after-x' does not exist here: 'stalls' is written stalls[-Ns][-after-N], then -once, -Nx or -for-Ns.")]
    public async Task A_name_that_is_no_fault_is_an_error_that_says_what_is(string model, string message)
    {
        var (status, body) = await _caller.GetAsync("openai", model, stream: false, Token);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains(message, System.Text.Json.Nodes.JsonNode.Parse(body)!["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_request_is_refused_and_logged()
    {
        using var http = new HttpClient { BaseAddress = _server.Url };

        var nowhere = await http.GetAsync("/v1/models", Token);
        var broken = await http.PostAsync("/v1/messages", new StringContent("[]"), Token);

        Assert.Equal((404, 400), ((int)nowhere.StatusCode, (int)broken.StatusCode));
        Assert.Equal("No vendor has the path /v1/models.\n", await nowhere.Content.ReadAsStringAsync(Token));
        Assert.Equal([(null, SeenOutcome.Failed), ("anthropic", SeenOutcome.Failed)], (await SeenAsync()).Select(seen => (seen.Dialect, seen.Outcome)));
    }

    [Fact]
    public async Task A_body_may_come_in_chunks()
    {
        using var http = new HttpClient { BaseAddress = _server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"ok","messages":[{"role":"user","content":"Hi"}]}""") };
        request.Headers.TransferEncodingChunked = true;

        using var response = await http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(58, Assert.Single(_server.Requests).Bytes);
    }

    [Fact]
    public async Task Each_request_is_told_when_it_is_over()
    {
        var told = new List<SeenRequest>();
        await using var server = new MisbehavingServer(new MisbehavingServerOptions { OnRequest = told.Add });
        using var caller = new Caller(server);

        await caller.GetAsync("openai", "ok", stream: false, Token);
        await caller.GetAsync("openai", "fails", stream: false, Token);
        await EventuallyAsync(() => told.Count == 2);

        Assert.Equal(server.Requests, told);
    }

    [Fact]
    public async Task Disposal_ends_what_is_under_way_and_frees_the_port()
    {
        var server = new MisbehavingServer();
        using var caller = new Caller(server);
        var call = caller.AskAsync("openai", "silent", stream: false, Token);
        await EventuallyAsync(() => server.Requests.Count == 1);

        await server.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Equal(SeenOutcome.Stopped, Assert.Single(server.Requests).Outcome);
        using var again = new TcpListener(IPAddress.Loopback, server.Url.Port);
        again.Start();
        await server.DisposeAsync();
    }

    [Fact]
    public void Every_fault_has_a_name_of_its_own_and_says_what_it_does()
    {
        Assert.Distinct(MisbehavingServer.Faults.Select(fault => fault.Name));
        Assert.All(MisbehavingServer.Faults, fault =>
        {
            Assert.Matches("^[a-z]+(-[a-z]+)*$", fault.Name);
            Assert.StartsWith(fault.Name, fault.Form, StringComparison.Ordinal);
            Assert.EndsWith(".", fault.Description, StringComparison.Ordinal);
        });
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (var i = 0; !condition(); i++)
        {
            Assert.True(i < 2_000_000, "It did not happen.");
            await Task.Yield();
        }
    }

    /// <summary>The log, once nothing is under way: a caller may have its answer before the server has noted it.</summary>
    private async Task<IReadOnlyList<SeenRequest>> SeenAsync()
    {
        await EventuallyAsync(() => _server.Requests.All(seen => seen.Outcome != SeenOutcome.UnderWay));
        return _server.Requests;
    }

    private async Task AdvanceAsync(Task task, TimeSpan step)
    {
        for (var i = 0; !task.IsCompleted; i++)
        {
            Assert.True(i < 100_000, "It did not end.");
            _time.Advance(step);
            await Task.Yield();
        }
    }
}
