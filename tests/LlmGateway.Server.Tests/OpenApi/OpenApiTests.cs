using System.Text.Json;
using LlmGateway.Server.Tests.Fakes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Server.Tests.OpenApi;

/// <summary>The document of the endpoints is held against the endpoints.</summary>
public class OpenApiTests
{
    private static readonly string[] Methods = ["get", "head", "post", "put", "patch", "delete"];

    [Fact]
    public async Task It_has_every_endpoint_and_no_other()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:9/"), configure: static options => options.AdminToken = "an-admin-token-of-the-tests");
        var document = await DocumentAsync(served);
        var told = document.GetProperty("paths").EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Where(static member => Methods.Contains(member.Name)).Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"))
            .ToHashSet();
        var mapped = served.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(static endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{**", "{", StringComparison.Ordinal)}"))
            .ToHashSet();

        // The admin API is mapped as one, and says itself what of it there is not.
        Assert.Contains("* /admin/{path}", mapped);
        mapped.Remove("* /admin/{path}");
        var admin = told.Where(static one => one.Contains(" /admin/", StringComparison.Ordinal)).ToList();
        Assert.Equal(mapped.Order(), told.Except(admin).Order());
        Assert.Equal(9, admin.Count);
        foreach (var one in admin)
        {
            var (method, path) = (one.Split(' ')[0], one.Split(' ')[1].Replace("{id}", "aaaaaaaaaa", StringComparison.Ordinal));
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = method is "GET" or "DELETE" ? null : new StringContent("{}") };
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer an-admin-token-of-the-tests");
            using var response = await served.Http.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode is 200 or 201 or 400 or 404 && !text.Contains("There are /admin/keys", StringComparison.Ordinal), $"{one}: {(int)response.StatusCode} {text}");
        }
    }

    [Fact]
    public async Task Each_reference_leads_somewhere_and_each_operation_has_a_name_of_its_own()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:9/"));
        var document = await DocumentAsync(served);

        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        Assert.Matches("^[0-9]+\\.[0-9]+", document.GetProperty("info").GetProperty("version").GetString()!);
        var (references, names) = (new List<string>(), new List<string>());
        Walk(document, references, names);
        Assert.NotEmpty(references);
        foreach (var reference in references.Distinct())
        {
            var at = document;
            foreach (var part in reference.Split('/').Skip(1)) Assert.True(at.TryGetProperty(part, out at), reference);
        }

        foreach (var kind in document.GetProperty("components").EnumerateObject().Where(static kind => kind.Name != "securitySchemes"))
            foreach (var one in kind.Value.EnumerateObject()) Assert.Contains($"#/components/{kind.Name}/{one.Name}", references);
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    [Fact]
    public async Task What_is_answered_has_the_members_that_are_told_of()
    {
        await using var served = await Served.StartAsync(new Uri("http://127.0.0.1:9/"), """{"r": {"targets": ["on_openai/x"]}}""", configure: static options => options.AdminToken = "an-admin-token-of-the-tests");
        var document = await DocumentAsync(served);
        var model = await GetAsync(served, "/v1/models/r");
        Assert.Equal(MembersOf(document, "Model"), NamesOf(model));
        Assert.Equal(MembersOf(document, "Capabilities"), NamesOf(model.GetProperty("capabilities")));
        Assert.Equal(MembersOf(document, "Pricing"), NamesOf(model.GetProperty("pricing")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/keys") { Content = new StringContent("""{"name":"k","budgets":["1/day"]}""") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer an-admin-token-of-the-tests");
        using var made = await served.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var key = JsonDocument.Parse(await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal(MembersOf(document, "KeyWithSecret"), NamesOf(key));
        var budget = await GetAsync(served, $"/admin/keys/{key.GetProperty("id").GetString()}/budget");
        Assert.Equal(MembersOf(document, "BudgetBalance"), NamesOf(budget.GetProperty("budgets")[0]));
        Assert.Equal(MembersOf(document, "KeyList"), NamesOf(await GetAsync(served, "/admin/keys")));
        Assert.Equal(MembersOf(document, "LedgerSummary"), NamesOf(await GetAsync(served, "/admin/ledger")));
    }

    private static IEnumerable<string> MembersOf(JsonElement document, string schema)
        => document.GetProperty("components").GetProperty("schemas").GetProperty(schema).GetProperty("properties").EnumerateObject().Select(static member => member.Name).Order();

    private static IEnumerable<string> NamesOf(JsonElement json) => json.EnumerateObject().Select(static member => member.Name).Order();

    private static void Walk(JsonElement json, List<string> references, List<string> names)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray()) Walk(item, references, names);
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
            {
                if (member is { Name: "$ref", Value.ValueKind: JsonValueKind.String }) references.Add(member.Value.GetString()!);
                if (member is { Name: "operationId", Value.ValueKind: JsonValueKind.String }) names.Add(member.Value.GetString()!);
                Walk(member.Value, references, names);
            }
        }
    }

    private static Task<JsonElement> DocumentAsync(Served served) => GetAsync(served, "/openapi.json");

    private static async Task<JsonElement> GetAsync(Served served, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (path.StartsWith("/admin", StringComparison.Ordinal)) request.Headers.TryAddWithoutValidation("Authorization", "Bearer an-admin-token-of-the-tests");
        else if (path.StartsWith("/v1", StringComparison.Ordinal) && served.Gateway.Callers.HasKeys) throw new InvalidOperationException("Ask before there are keys.");
        using var response = await served.Http.SendAsync(request, TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.True(response.IsSuccessStatusCode, document.RootElement.GetRawText());
        return document.RootElement.Clone();
    }
}
