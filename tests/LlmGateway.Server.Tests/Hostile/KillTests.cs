using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.Server.Keys;
using LlmGateway.Server.Tests.Clients;
using LlmGateway.Server.Tests.Fakes;
using LlmGateway.Sqlite;

namespace LlmGateway.Server.Tests.Hostile;

/// <summary>The server is killed amid its calls, several times, on one data folder: no call and no cent is lost or counted twice.</summary>
[Collection(HostileTests.Name)]
public sealed class KillTests : IAsyncLifetime
{
    private const int Kills = 3;
    private const int Workers = 12;
    private const decimal TightLimit = 0.1m;

    private static readonly string[] Faults = ["ok", "ok", "stalls-100ms", "ok", "silent-150ms"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-killed-");
    private readonly MisbehavingServer _upstream = new();
    private readonly ConcurrentQueue<Got> _whole = [];
    private readonly ConcurrentDictionary<string, bool> _keys = [];
    private int _refused;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _upstream.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task After_kills_under_load_each_call_is_in_the_ledger_once_and_no_budget_is_passed()
    {
        (string Id, string Key) ample = ("", ""), tight = ("", "");
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await StartAsync();
            using var admin = server.Admin();
            if (kill == 0) (ample, tight) = (await MakeAsync(admin, "ample", 1000m), await MakeAsync(admin, "tight", TightLimit));
            using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
            var enough = new Countdown(_whole.Count + 40 + (17 * kill));
            var workers = Enumerable.Range(0, Workers).Select(worker => AskAsync(http, $"r{kill}w{worker}", worker % 3 == 0 ? tight.Key : ample.Key, worker, enough)).Append(MakeKeysAsync(admin)).ToList();
            await enough.Reached.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

            await server.KillAsync();

            await Task.WhenAll(workers);
        }

        await using var after = await StartAsync();
        using var asked = after.Admin();
        using var ledger = LedgerReader.Open(Path.Combine(CliServer.DataOf(_folder.FullName), "ledger.db"));
        var calls = ledger.After(0);
        CheckCalls(calls);
        await CheckBudgetAsync(asked, calls, ample.Id, 1000m);
        var spent = await CheckBudgetAsync(asked, calls, tight.Id, TightLimit);
        await CheckKeysAsync(after, asked);
        Assert.True(_refused > 0, $"The tight budget was never met: {spent} was spent.");
    }

    private void CheckCalls(List<LedgerCall> calls)
    {
        var seen = _upstream.Requests.ToDictionary(static request => request.Model!);

        // Those that the budget refused asked nobody, and cost nothing.
        Assert.All(calls.Where(static call => call.Attempts.Count == 0), static call => Assert.Equal((false, 0m), (call.IsRecovered, call.Cost.Total!.Value.ToDecimal())));
        var byModel = calls.Where(static call => call.Attempts.Count > 0).ToDictionary(static call => call.Attempts.Single().Model); // Throws where one is there twice.
        Assert.All(seen.Keys, model => Assert.True(byModel.ContainsKey(model), $"{model} reached the vendor, and is not in the ledger."));
        foreach (var call in byModel.Values)
        {
            var attempt = call.Attempts.Single();
            Assert.Equal(call.Cost.Total, attempt.Cost);
            Assert.Equal(call.Outcome == "unknown", call.IsRecovered);
            var cost = attempt.Cost!.Value.ToDecimal();
            if (attempt.Basis == "unknown") Assert.Equal(decimal.Parse(attempt.Reserved!, CultureInfo.InvariantCulture), cost);
            if (!seen.TryGetValue(attempt.Model, out var request) || request.Outcome != SeenOutcome.Answered) continue;

            // Where an answer was counted, at what the vendor bills for it; else at what was set aside, which is no less.
            var billed = CostOf(request.BilledInputTokens, request.BilledOutputTokens);
            if (attempt.Basis == "counted") Assert.Equal(billed, cost);
            else Assert.True(billed <= cost, $"{attempt.Model}: {billed} was billed, {cost} is counted ({call.Outcome}, {attempt.Basis}).");
        }

        // The record of an answer may be on its way when the answer arrives. What its caller asked afterwards waited for it.
        foreach (var ofWorker in _whole.GroupBy(static got => got.Worker))
        {
            var last = ofWorker.Last();
            foreach (var got in ofWorker)
            {
                var call = byModel[got.Model];
                Assert.True(call.Outcome == "succeeded" || (got == last && call.IsRecovered), $"{got.Model} was answered whole, and is '{call.Outcome}' in the ledger.");
                if (call.Outcome == "succeeded") Assert.Equal(CostOf(got.Usage.InputTokens, got.Usage.OutputTokens), call.Cost.Total!.Value.ToDecimal());
            }
        }
    }

    private static async Task<decimal> CheckBudgetAsync(HttpClient admin, List<LedgerCall> calls, string id, decimal limit)
    {
        using var told = JsonDocument.Parse(await admin.GetStringAsync(new Uri($"/admin/keys/{id}/budget", UriKind.Relative), TestContext.Current.CancellationToken));
        var budget = told.RootElement.GetProperty("budgets")[0];
        var spent = Usd(budget, "spent_usd");
        var counted = calls.Where(call => call.Budgets.Contains(KeyBudget.NameOf(id, BudgetWindow.Total))).Sum(static call => call.Cost.Total!.Value.ToDecimal());
        Assert.True(counted > 0);
        Assert.Equal(counted, spent);
        Assert.Equal(0m, Usd(budget, "reserved_usd"));
        Assert.True(spent <= limit, $"{spent} was spent of {limit}.");
        Assert.Equal(calls.Count(call => call.Tags.Contains(new(VirtualKey.Tag, id))), calls.Count(call => call.Budgets.Contains(KeyBudget.NameOf(id, BudgetWindow.Total))));
        return spent;
    }

    private async Task CheckKeysAsync(CliServer server, HttpClient admin)
    {
        Assert.Contains(true, _keys.Values);
        Assert.Contains(false, _keys.Values);
        foreach (var (key, isRevoked) in _keys)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{server.Url}/v1/models")) { Headers = { Authorization = new("Bearer", key) } };
            using var response = await admin.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(isRevoked ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, response.StatusCode);
        }
    }

    private async Task<CliServer> StartAsync()
    {
        var prices = Path.Combine(_folder.FullName, "prices.json");
        await File.WriteAllTextAsync(prices, """{"rows": [{"provider": "on_openai", "model": "*", "input": 1, "output": 10}, {"provider": "on_anthropic", "model": "*", "input": 1, "output": 10}]}""");
        return await CliServer.StartAsync(_folder.FullName, $$"""{"vendors": { {{CliServer.Row("on_openai", "openai", _upstream.Url)}}, {{CliServer.Row("on_anthropic", "anthropic", _upstream.Url)}} } }""", ("LLM_PRICES_FILE", prices));
    }

    /// <summary>Asks one call after another, until the server is gone or the key's budget is used up.</summary>
    private async Task AskAsync(HttpClient http, string worker, string key, int seed, Countdown enough)
    {
        for (var n = 0; ; n++)
        {
            var model = $"{worker}c{n}/{Faults[(n + seed) % Faults.Length]}";
            var from = (n + seed) % 2 == 0 ? "openai" : "anthropic";
            var request = new LlmRequest { Model = $"on_{((n + seed) % 3 == 0 ? "anthropic" : "openai")}/{model}", Stream = (n + (seed / 2)) % 2 == 0, MaxTokens = 300, Messages = [LlmMessage.User("Tell me a story.")] };
            try
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, Asking.PathOf(from, request)) { Content = new StringContent(Asking.BodyOf(from, request), Encoding.UTF8, "application/json"), Headers = { Authorization = new("Bearer", key) } };
                using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                if (!response.IsSuccessStatusCode)
                {
                    Assert.Contains("budget", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
                    Interlocked.Increment(ref _refused);
                    return;
                }

                var reply = await Asking.ReadAsync(from, response);
                _whole.Enqueue(new Got(worker, model, reply.Usage!));
                enough.See(_whole.Count);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or DialectException)
            {
                return; // The server is gone.
            }
        }
    }

    /// <summary>Makes keys, and revokes every other, until the server is gone. Only what was acknowledged is noted.</summary>
    private async Task MakeKeysAsync(HttpClient admin)
    {
        try
        {
            for (var n = 0; ; n++)
            {
                var (id, key) = await MakeAsync(admin, $"key {n}", null);
                if (n % 2 == 0)
                {
                    _keys[key] = false;
                    continue;
                }

                using var revoked = await admin.DeleteAsync(new Uri($"/admin/keys/{id}", UriKind.Relative), TestContext.Current.CancellationToken);
                if (revoked.StatusCode == HttpStatusCode.OK) _keys[key] = true;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // The server is gone.
        }
    }

    private static async Task<(string Id, string Key)> MakeAsync(HttpClient admin, string name, decimal? limit)
    {
        var body = JsonSerializer.Serialize(new { name, budgets = limit is null ? [] : new[] { new { limit_usd = limit } } });
        using var made = await admin.PostAsync(new Uri("/admin/keys", UriKind.Relative), new StringContent(body), TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(made.StatusCode == HttpStatusCode.Created, json.RootElement.GetRawText());
        return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("key").GetString()!);
    }

    private static decimal CostOf(long input, long output) => ((input * 1m) + (output * 10m)) / 1_000_000m;

    private static decimal Usd(JsonElement budget, string name) => decimal.Parse(budget.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    /// <summary>An answer that its caller got whole.</summary>
    private sealed record Got(string Worker, string Model, TokenUsage Usage);

    private sealed class Countdown(int count)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void See(int now)
        {
            if (now >= count) _reached.TrySetResult();
        }
    }
}
