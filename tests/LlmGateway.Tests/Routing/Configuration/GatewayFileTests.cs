using System.Reflection;
using System.Text;
using LlmGateway.Routing.Configuration;

namespace LlmGateway.Tests.RouteConfiguration;

public sealed class GatewayFileTests
{
    [Fact]
    public void All_of_a_file_is_read()
    {
        var file = Read(
            """
            {
              // for the editor
              "$schema": "https://example.com/gateway.schema.json",
              "vendors": {"house": {"dialect": "openai", "base_url": "http://house/v1"}},
              "routes": {
                "main": {
                  "policy": "least_latency",
                  "targets": [
                    "openrouter/meta/llama:free#KEY_9",
                    {
                      "target": "house/", "weight": 2.5, "key_env": ["K1", "K2"], "base_url": "https://other/v1", "timeout_seconds": 0.5, "max_concurrency": 20, "max_queue": 0,
                      "requests_per_minute": 500, "tokens_per_minute": 200000,
                      "when": {"tags": {"team": "search"}, "min_input_tokens": 1, "max_input_tokens": 8000, "tools": true, "vision": false, "schema": true},
                    },
                  ],
                  "fallback_on": ["refusal", "content_filter", "authentication"],
                  "hedge": {"percentile": 0.95, "after_ms": 800},
                  "rescue": "splice"
                }
              }
            }
            """);

        Assert.Equal("house", Assert.Single(file.Vendors).Name);
        var route = Assert.Single(file.Routes);
        Assert.Equal(("main", RoutePolicy.LeastLatency, StreamRescue.Splice), (route.Name, route.Policy, route.Rescue));
        Assert.Equal([ProviderErrorKind.Refusal, ProviderErrorKind.ContentFilter, ProviderErrorKind.Authentication], route.FallbackOn);
        Assert.Equal(new RouteHedge { Percentile = 0.95, After = TimeSpan.FromMilliseconds(800) }, route.Hedge);
        Assert.Equal(["openrouter/meta/llama:free#KEY_9", "house/#K1", "house/#K2"], route.Targets.Select(target => target.ToString()));
        Assert.Equal(("openrouter", "meta/llama:free", "KEY_9"), (route.Targets[0].Vendor, route.Targets[0].Model, route.Targets[0].KeyVariable));
        Assert.Equal((1, 100), (route.Targets[0].Weight, route.Targets[0].MaxQueue));
        Assert.All(route.Targets.Skip(1), target =>
        {
            Assert.Equal((2.5, new Uri("https://other/v1"), TimeSpan.FromMilliseconds(500)), (target.Weight, target.BaseUrl, target.Timeout));
            Assert.Equal((20, 0, 500, 200000), (target.MaxConcurrency, target.MaxQueue, target.RequestsPerMinute, target.TokensPerMinute));
            Assert.Equal(("search", 1, 8000), (target.When!.Tags["team"], target.When.MinInputTokens, target.When.MaxInputTokens));
            Assert.Equal((true, false, true), (target.When.Tools, target.When.Vision, target.When.Schema));
        });
    }

    [Fact]
    public void An_empty_file_has_nothing_in_it()
        => Assert.Equal((0, 0), (Read("{}").Routes.Count, Read("\uFEFF{}").Vendors.Count));

    [Theory]
    [InlineData("""{"routes":{"main":{"targets":["a/b"],"polizy":"weighted"}}}""", "route 'main': polizy is not a field of a route; did you mean policy?")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"],"policy":"wieghted"}}}""", "route 'main': policy has 'wieghted'; did you mean weighted?")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"],"policy":1}}}""", "route 'main': policy is not a text")]
    [InlineData("""{"routes":{"main":{}}}""", "route 'main' has no targets")]
    [InlineData("""{"routes":{"main":{"targets":[]}}}""", "route 'main': targets is empty")]
    [InlineData("""{"routes":{"main":{"targets":"a/b"}}}""", "route 'main': targets is not a list")]
    [InlineData("""{"routes":{"main":{"targets":[1]}}}""", "route 'main': targets[0] is not an object")]
    [InlineData("""{"routes":{"main":{"targets":["gpt"]}}}""", "route 'main': targets[0] is not vendor/model")]
    [InlineData("""{"routes":{"main":{"targets":["a/b#secret"]}}}""", "route 'main': targets[0] is not vendor/model")]
    [InlineData("""{"routes":{"main":{"targets":["a/b","A/b"]}}}""", "route 'main': targets[1] (A/b) is there already")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","key_env":["K","K"]}]}}}""", "route 'main': targets[1] (a/b#K) is there already")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","key_env":[]}]}}}""", "route 'main': targets[0].key_env is empty")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b#K","key_env":"K"}]}}}""", "route 'main': targets[0].key_env")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","key_env":"sk-secret"}]}}}""", "route 'main': targets[0].key_env is not a variable's name")]
    [InlineData("""{"routes":{"main":{"targets":[{"weight":1}]}}}""", "route 'main': targets[0] has no target")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","wieght":1}]}}}""", "route 'main': targets[0].wieght is not a field of a target; did you mean weight?")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","weight":0}]}}}""", "route 'main': targets[0].weight is not a number above 0")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","weight":1e999}]}}}""", "route 'main': targets[0].weight is not a number")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","weight":"1"}]}}}""", "route 'main': targets[0].weight is not a number")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","base_url":"https://user:secret@h"}]}}}""", "route 'main': targets[0].base_url is not an absolute http")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","base_url":"secret"}]}}}""", "route 'main': targets[0].base_url is not an absolute http")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","timeout_seconds":0}]}}}""", "route 'main': targets[0].timeout_seconds is not above 0")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","timeout_seconds":1e12}]}}}""", "route 'main': targets[0].timeout_seconds is too long")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","max_concurrency":1.5}]}}}""", "route 'main': targets[0].max_concurrency is not a whole number")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","max_concurrency":0}]}}}""", "route 'main': targets[0].max_concurrency is not at least 1")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","max_queue":-1}]}}}""", "route 'main': targets[0].max_queue is not at least 0")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","requests_per_minute":0}]}}}""", "route 'main': targets[0].requests_per_minute is not at least 1")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","tokens_per_minute":99999999999}]}}}""", "route 'main': targets[0].tokens_per_minute is not a whole number")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","when":{"tag":{}}}]}}}""", "route 'main': targets[0].when.tag is not a field of a condition; did you mean tags?")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","when":{"tags":{"team":1}}}]}}}""", "route 'main': targets[0].when.tags.team is not a text")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","when":{"tools":"yes"}}]}}}""", "route 'main': targets[0].when.tools is not true or false")]
    [InlineData("""{"routes":{"main":{"targets":[{"target":"a/b","when":{"min_input_tokens":9,"max_input_tokens":8}}]}}}""", "route 'main': targets[0].when.max_input_tokens is less than min_input_tokens")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"],"fallback_on":["refusel"]}}}""", "route 'main': fallback_on has 'refusel'; did you mean refusal?")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"],"fallback_on":["refusal","refusal"]}}}""", "route 'main': fallback_on names a kind of error twice")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"],"hedge":{}}}}""", "route 'main': hedge says neither percentile nor after_ms")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"],"hedge":{"percentile":1}}}}""", "route 'main': hedge.percentile is not a number above 0 and below 1")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"],"hedge":{"after_ms":0}}}}""", "route 'main': hedge.after_ms is not above 0")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"],"rescue":"off,splice"}}}""", "route 'main': rescue is not continue, splice or both")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"]},"Main":{"targets":["a/b"]}}}""", "route 'Main': another route has this name")]
    [InlineData("""{"routes":{"main":{"targets":["a/b"]},"main":{"targets":["a/b"]}}}""", "main")]
    [InlineData("""{"routes":{"a/b":{"targets":["a/b"]}}}""", "route 'a/b': a route's name is of letters")]
    [InlineData("""{"routes":[]}""", "routes is not an object")]
    [InlineData("""{"rotues":{}}""", "rotues is not a field of the file; did you mean routes?")]
    [InlineData("""{"vendors":{"x":{"dialect":"openai"}}}""", "vendor 'x': base_url is missing")]
    [InlineData("""{"vendors":{"x-y":{"dialect":"openai","base_url":"http://h"},"z":{"aliases":["X_Y"],"dialect":"openai","base_url":"http://h"}}}""", "vendor 'z': the name 'X_Y' is there twice")]
    [InlineData("""{"vendors":[]}""", "vendors is not an object")]
    [InlineData("[]", " is not an object")]
    [InlineData("{", "LLM_CONFIG_FILE")]
    public void What_is_wrong_is_an_error_that_names_the_file_the_route_and_the_field(string text, string said)
    {
        var e = Assert.Throws<ProviderInitException>(() => Read(text));

        Assert.Equal("LLM_CONFIG_FILE", e.Setting);
        Assert.StartsWith("LLM_CONFIG_FILE: /etc/gateway.json: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_that_names_it()
        => Assert.Contains("/nowhere/gateway.json", Assert.Throws<ProviderInitException>(() => GatewayFile.Load("/nowhere/gateway.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_example_of_the_page_is_read()
    {
        var repository = typeof(GatewayFileTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!;
        var page = File.ReadAllText(Path.Combine(repository, "docs/configuration.md"));
        var start = page.IndexOf("```json\n", page.IndexOf("<!-- gateway.json -->", StringComparison.Ordinal), StringComparison.Ordinal) + "```json\n".Length;

        var file = Read(page[start..page.IndexOf("```", start, StringComparison.Ordinal)]);

        Assert.Equal(["main", "search"], file.Routes.Select(route => route.Name));
        Assert.Equal(
            ["anthropic/claude-sonnet-5", "openai/gpt-5.5", "house/", "openai/gpt-5.5-mini#SEARCH_KEY_1", "openai/gpt-5.5-mini#SEARCH_KEY_2", "gemini/gemini-3.5-flash"],
            file.Routes.SelectMany(route => route.Targets).Select(target => target.ToString()));
        Assert.Equal(2, RouteBook.Make(new GatewayConfig(), file, [], new ProviderRegistry()).Routes.Count);
    }

    private static GatewayFile Read(string text) => GatewayFile.Read("/etc/gateway.json", Encoding.UTF8.GetBytes(text));
}
