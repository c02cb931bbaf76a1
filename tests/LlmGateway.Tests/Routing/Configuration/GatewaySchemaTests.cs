using System.Reflection;
using System.Text;
using System.Text.Json;
using LlmGateway.Configuration;
using LlmGateway.Dialects;
using LlmGateway.Routing.Configuration;
using LlmGateway.Vendors;

namespace LlmGateway.Tests.RouteConfiguration;

/// <summary>The schema for editors must not warn of what the gateway takes, nor pass what it names as wrong.</summary>
public sealed class GatewaySchemaTests
{
    private static readonly string Repository = typeof(GatewaySchemaTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!;

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository, "docs/gateway.schema.json"));

    private static readonly JsonSchema Schema = JsonSchema.Parse(Text);

    [Fact]
    public void The_example_of_the_page_fits_it()
    {
        var page = File.ReadAllText(Path.Combine(Repository, "docs/configuration.md"));
        var start = page.IndexOf("```json\n", page.IndexOf("<!-- gateway.json -->", StringComparison.Ordinal), StringComparison.Ordinal) + "```json\n".Length;

        Assert.Empty(Schema.Validate(Encoding.UTF8.GetBytes(page[start..page.IndexOf("```", start, StringComparison.Ordinal)])));
    }

    [Theory]
    [InlineData("""{"$schema":"x"}""")]
    [InlineData("""{"routes":{"a.b-c_1":{"targets":["openrouter/meta/llama:free#K_1","simulated/"],"fallback_on":"refusal","rescue":"off"}}}""")]
    [InlineData("""{"routes":{"a":{"targets":[{"target":"a/b","key_env":"K","base_url":"http://h/v1","weight":0.5,"max_queue":0,"when":{}}],"hedge":{"after_ms":1}}}}""")]
    public void What_the_gateway_takes_fits_it(string text)
    {
        GatewayFile.Read("gateway.json", Encoding.UTF8.GetBytes(text));
        Assert.Empty(Schema.Validate(Encoding.UTF8.GetBytes(text)));
    }

    [Theory]
    [InlineData("""{"rotues":{}}""")]
    [InlineData("""{"routes":{"a/b":{"targets":["a/b"]}}}""")]
    [InlineData("""{"routes":{"a":{}}}""")]
    [InlineData("""{"routes":{"a":{"targets":[]}}}""")]
    [InlineData("""{"routes":{"a":{"targets":["a/b","a/b"]}}}""")]
    [InlineData("""{"routes":{"a":{"targets":["gpt"]}}}""")]
    [InlineData("""{"routes":{"a":{"targets":["a/b#key"]}}}""")]
    [InlineData("""{"routes":{"a":{"targets":[{"target":"a/b","key_env":"key"}]}}}""")]
    [InlineData("""{"routes":{"a":{"targets":[{"target":"a/b","weight":0}]}}}""")]
    [InlineData("""{"routes":{"a":{"targets":[{"target":"a/b","wieght":1}]}}}""")]
    [InlineData("""{"routes":{"a":{"targets":[{"target":"a/b","base_url":"https://u:p@h"}]}}}""")]
    [InlineData("""{"routes":{"a":{"targets":["a/b"],"policy":"wieghted"}}}""")]
    [InlineData("""{"routes":{"a":{"targets":["a/b"],"hedge":{}}}}""")]
    [InlineData("""{"routes":{"a":{"targets":["a/b"],"rescue":"off,splice"}}}""")]
    [InlineData("""{"vendors":{"x":{"dialect":"openai"}}}""")]
    [InlineData("""{"vendors":{"x":{"dialect":"cobol","base_url":"http://h"}}}""")]
    public void What_the_gateway_refuses_does_not_fit_it(string text)
    {
        Assert.Throws<ProviderInitException>(() => GatewayFile.Read("gateway.json", Encoding.UTF8.GetBytes(text)));
        Assert.NotEmpty(Schema.Validate(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void It_lists_what_the_code_has()
    {
        using var schema = JsonDocument.Parse(Text);
        var definitions = schema.RootElement.GetProperty("$defs");

        Assert.Equal(EnumText.Names<ProviderErrorKind>(), Words(definitions.GetProperty("error").GetProperty("enum")));
        Assert.Equal(EnumText.Names<RoutePolicy>(), Words(definitions.GetProperty("route").GetProperty("properties").GetProperty("policy").GetProperty("enum")));
        Assert.Equal(Dialect.Names.Append("bedrock").Distinct().Order(StringComparer.Ordinal), Words(definitions.GetProperty("vendor").GetProperty("properties").GetProperty("dialect").GetProperty("enum")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_built_in_vendor_fits_it()
    {
        using var rows = typeof(Vendor).Assembly.GetManifestResourceStream("LlmGateway.vendors.json")!;
        using var document = JsonDocument.Parse(rows);

        Assert.Empty(Schema.Validate(Encoding.UTF8.GetBytes("{\"vendors\":" + document.RootElement.GetProperty("vendors").GetRawText() + "}")));
    }

    private static IEnumerable<string> Words(JsonElement list) => list.EnumerateArray().Select(word => word.GetString()!);
}
