using System.Net;
using System.Text.Json;
using LlmGateway.Server.Keys;
using LlmGateway.Server.Tests.Fakes;

namespace LlmGateway.Server.Tests.Models;

/// <summary>What a caller is told that it may ask for.</summary>
public class ModelEndpointTests
{
    private const string Routes = """{"fast": {"policy": "least_latency", "targets": ["on_openai/cheap", "on_anthropic/some/model:7b"]}, "one": {"targets": ["on_openai/cheap"]}}""";

    private static readonly Uri Nobody = new("http://127.0.0.1:9/");

    [Fact]
    public async Task OpenAIs_form_has_routes_and_models_with_what_they_can_do_and_cost()
    {
        await using var served = await StartAsync();
        var list = await GetAsync(served, "/v1/models");
        var models = list.GetProperty("data").EnumerateArray().ToDictionary(model => model.GetProperty("id").GetString()!);

        Assert.Equal("list", list.GetProperty("object").GetString());
        Assert.All(models.Values, static model => Assert.Equal("model", model.GetProperty("object").GetString()));
        var cheap = models["on_openai/cheap"];
        Assert.Equal(("on_openai", "model", "openai"), (Text(cheap, "owned_by"), Text(cheap, "kind"), Text(cheap, "dialect")));
        Assert.Equal("""{"input":0.25,"output":2,"cache_read":0.025,"cache_write":null,"has_conditions":false}""", cheap.GetProperty("pricing").GetRawText());
        Assert.Equal(JsonValueKind.Null, cheap.GetProperty("context_window").ValueKind);
        Assert.Equal("""{"tools":null,"strict_tools":null,"json_schema":false,"vision":null,"documents":null,"audio":null,"reasoning":null,"prefill":null,"temperature":null}""", cheap.GetProperty("capabilities").GetRawText());
        Assert.Equal("0", models["simulated"].GetProperty("pricing").GetProperty("input").GetRawText());

        var fast = models["fast"];
        Assert.Equal(("llm-gateway", "route", "least_latency"), (Text(fast, "owned_by"), Text(fast, "kind"), Text(fast, "policy")));
        Assert.Equal("""["on_openai/cheap","on_anthropic/some/model:7b"]""", fast.GetProperty("targets").GetRawText());
        Assert.Equal(JsonValueKind.Null, fast.GetProperty("pricing").ValueKind);
        Assert.Equal("0.25", models["one"].GetProperty("pricing").GetProperty("input").GetRawText());
    }

    [Fact]
    public async Task A_vendor_is_told_of_with_its_key_and_not_without()
    {
        Environment.SetEnvironmentVariable("ANTHROPIC_API_KEY", "sk-ant-of-the-model-tests");
        try
        {
            await using var served = await StartAsync();
            var models = (await GetAsync(served, "/v1/models")).GetProperty("data").EnumerateArray().Select(model => Text(model, "id")!).ToList();

            Assert.Contains("anthropic/claude-sonnet-5", models);
            Assert.DoesNotContain(models, static id => id.StartsWith("openai/", StringComparison.Ordinal) || id.StartsWith("ollama/", StringComparison.Ordinal));
            Assert.Equal(models.Count, models.Distinct().Count());
            Assert.Equal(HttpStatusCode.NotFound, (await served.Http.GetAsync("/v1/models/openai/gpt-5.4-mini", TestContext.Current.CancellationToken)).StatusCode);
            var haiku = await GetAsync(served, "/v1/models/claude-haiku-4-5");
            Assert.Equal("claude-haiku-4-5", Text(haiku, "id"));
            Assert.Equal(200_000, haiku.GetProperty("context_window").GetInt32());
            Assert.True(haiku.GetProperty("capabilities").GetProperty("vision").GetBoolean());
            Assert.True(haiku.GetProperty("pricing").GetProperty("cache_write").GetDecimal() > 0);
        }
        finally
        {
            Environment.SetEnvironmentVariable("ANTHROPIC_API_KEY", null);
        }
    }

    [Fact]
    public async Task Anthropics_form_has_pages_both_ways()
    {
        await using var served = await StartAsync();
        var whole = await GetAsync(served, "/v1/models", ("anthropic-version", "2023-06-01"));
        var ids = whole.GetProperty("data").EnumerateArray().Select(model => Text(model, "id")!).ToList();
        Assert.False(whole.GetProperty("has_more").GetBoolean());
        Assert.Equal((ids[0], ids[^1]), (Text(whole, "first_id"), Text(whole, "last_id")));
        Assert.True(ids.Count >= 4);
        var first = whole.GetProperty("data")[0];
        Assert.Equal(("model", "1970-01-01T00:00:00Z", "route"), (Text(first, "type"), Text(first, "created_at"), Text(first.GetProperty("llm_gateway"), "kind")));

        var seen = new List<string>();
        string? after = null;
        for (bool more = true; more;)
        {
            var page = await GetAsync(served, $"/v1/models?limit=2{(after is null ? "" : $"&after_id={Uri.EscapeDataString(after)}")}", ("anthropic-version", "2023-06-01"));
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(model => Text(model, "id")!));
            more = page.GetProperty("has_more").GetBoolean();
            after = Text(page, "last_id");
        }

        Assert.Equal(ids, seen);
        var before = await GetAsync(served, $"/v1/models?limit=2&before_id={Uri.EscapeDataString(ids[3])}", ("anthropic-version", "2023-06-01"));
        Assert.Equal((ids[1], true), (Text(before, "first_id"), before.GetProperty("has_more").GetBoolean()));
        using var wrong = await served.Http.SendAsync(Get("/v1/models?limit=0", ("anthropic-version", "1")), TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)wrong.StatusCode);
        Assert.Equal("error", Text(await ReadAsync(wrong), "type"));
    }

    [Fact]
    public async Task Geminis_form_has_its_names_and_pages()
    {
        await using var served = await StartAsync();
        var page = await GetAsync(served, "/v1beta/models?pageSize=1");
        Assert.Equal("models/fast", Text(page.GetProperty("models")[0], "name"));
        var next = await GetAsync(served, $"/v1beta/models?pageSize=1000&pageToken={Text(page, "nextPageToken")}");
        Assert.Equal("models/one", Text(next.GetProperty("models")[0], "name"));
        Assert.False(next.TryGetProperty("nextPageToken", out _));
        var one = await GetAsync(served, "/v1beta/models/on_openai/cheap");
        Assert.Equal("models/on_openai/cheap", Text(one, "name"));
        Assert.Equal("0.25", one.GetProperty("llm_gateway").GetProperty("pricing").GetProperty("input").GetRawText());
    }

    [Fact]
    public async Task Googles_clients_of_today_are_known_by_their_header()
    {
        await using var served = await StartAsync();
        Assert.Equal("models/fast", Text((await GetAsync(served, "/v1/models?pageSize=1", ("x-goog-api-key", "any"))).GetProperty("models")[0], "name"));
        Assert.Equal("models/one", Text(await GetAsync(served, "/v1/models/one", ("x-goog-api-key", "any")), "name"));
    }

    [Theory]
    [InlineData("/v1/models/on_anthropic/some/model:7b")]
    [InlineData("/v1/models/on_anthropic%2Fsome%2Fmodel%3A7b")]
    public async Task One_models_name_may_hold_slashes_and_colons(string path)
    {
        await using var served = await StartAsync();
        Assert.Equal("on_anthropic/some/model:7b", Text(await GetAsync(served, path), "id"));
    }

    [Theory]
    [InlineData("/v1/models/nothing", false, "error.message")]
    [InlineData("/v1/models/nothing", true, "error.type=not_found_error")]
    [InlineData("/v1beta/models/nothing", false, "error.status=NOT_FOUND")]
    public async Task What_there_is_not_is_told_in_the_callers_form(string path, bool isAnthropic, string expected)
    {
        await using var served = await StartAsync();
        using var response = await served.Http.SendAsync(isAnthropic ? Get(path, ("anthropic-version", "1")) : Get(path), TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)response.StatusCode);
        var value = await ReadAsync(response);
        foreach (var name in expected.Split('=')[0].Split('.')) value = value.GetProperty(name);
        if (expected.Contains('=', StringComparison.Ordinal)) Assert.Equal(expected.Split('=')[1], value.GetString());
        else Assert.Contains("no model 'nothing'", value.GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_is_told_of_what_it_may_use_alone()
    {
        await using var served = await StartAsync();
        var (_, secret) = served.Gateway.Data!.Keys.Create(new KeySettings { Name = "some", Models = ["on_openai/*"], Routes = ["one"] });
        var models = (await GetAsync(served, "/v1/models", ("authorization", $"Bearer {secret}"))).GetProperty("data").EnumerateArray().Select(model => Text(model, "id")!);

        Assert.Equal(["one", "on_openai/cheap"], models);
        using var hidden = await served.Http.SendAsync(Get("/v1/models/fast", ("x-api-key", secret)), TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)hidden.StatusCode);
        using var nobody = await served.Http.GetAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)nobody.StatusCode);
    }

    [Fact]
    public async Task Thousands_of_models_are_told_of_from_memory()
    {
        await using var served = await StartAsync(prices =>
        {
            for (var i = 0; i < 1000; i++) prices.Register("on_openai", $"model-{i}", new ModelPrice { InputPerMillion = i, OutputPerMillion = i });
        });
        var first = await served.Http.GetByteArrayAsync("/v1/models", TestContext.Current.CancellationToken);
        Assert.Equal(first, await served.Http.GetByteArrayAsync("/v1/models", TestContext.Current.CancellationToken));
        using var document = JsonDocument.Parse(first);
        Assert.True(document.RootElement.GetProperty("data").GetArrayLength() > 1000);
    }

    private static Task<Served> StartAsync(Action<PriceBook>? add = null) => Served.StartAsync(Nobody, Routes, configure: options =>
    {
        var prices = new PriceBook();
        prices.Register("on_openai", "cheap", new ModelPrice { InputPerMillion = 0.25m, OutputPerMillion = 2.00m, CacheReadPerMillion = 0.025m });
        prices.Register("on_anthropic", "some/model:7b", new ModelPrice { InputPerMillion = 3m, OutputPerMillion = 15m });
        add?.Invoke(prices);
        options.Client = options.Client with { Prices = prices };
    });

    private static HttpRequestMessage Get(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static async Task<JsonElement> GetAsync(Served served, string path, params (string Name, string Value)[] headers)
    {
        using var request = Get(path, headers);
        using var response = await served.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("200 ", $"{(int)response.StatusCode} {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))}");
        return await ReadAsync(response);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
