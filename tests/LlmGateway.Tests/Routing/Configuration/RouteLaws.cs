using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.Configuration;
using LlmGateway.Routing.Configuration;
using LlmGateway.Tests.Configuration;
using Microsoft.Extensions.Configuration;

namespace LlmGateway.Tests.RouteConfiguration;

public sealed class RouteLaws
{
    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcXYZ019"], 1, 6];

    private static readonly Gen<string> Model = Gen.String[Gen.Char["aZ09./:_-#@é "], 1, 10].Select(text => $"m{text}m");

    private static readonly Gen<string?> Variable = Gen.OneOf(Gen.Const((string?)null), Gen.String[Gen.Char["ABC_19"], 1, 6].Select(text => (string?)$"K{text}"));

    private static readonly Gen<bool?> Either = Gen.OneOf<bool?>(null, true, false);

    private static readonly Gen<RouteCondition?> When = Gen.OneOf(
        Gen.Const((RouteCondition?)null),
        Gen.Select(
            Gen.Dictionary(Gen.OneOf("team", "user", "0"), Word)[0, 3],
            Gen.OneOf(Gen.Const((int?)null), Gen.Int[0, 1000].Select(n => (int?)n)),
            Gen.OneOf(Gen.Const((int?)null), Gen.Int[1000, int.MaxValue].Select(n => (int?)n)),
            Either,
            Either,
            Either,
            (tags, least, most, tools, vision, schema) => (RouteCondition?)new RouteCondition { Tags = tags, MinInputTokens = least, MaxInputTokens = most, Tools = tools, Vision = vision, Schema = schema })
            .Where(when => when is not { Tags.Count: 0, MinInputTokens: null, MaxInputTokens: null, Tools: null, Vision: null, Schema: null })); // A section can't say "nothing".

    private static readonly Gen<int?> Most = Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, int.MaxValue].Select(n => (int?)n));

    private static readonly Gen<RouteTarget> Target = Gen.Select(
        Gen.Select(Gen.OneOf("openai", "anthropic", "my-vendor"), Model, Variable, Gen.OneOf(null, new Uri("https://h.example/v1"), new Uri("http://localhost:8080"))),
        Gen.Select(Gen.OneOf(Gen.Const(1d), Gen.Double[0.001, 1e9]), Gen.OneOf(Gen.Const((TimeSpan?)null), Gen.Int[1, 1_000_000].Select(n => (TimeSpan?)TimeSpan.FromMilliseconds(n))), Gen.Int[0, 1000], When),
        Gen.Select(Most, Most, Most),
        (name, options, limits) => new RouteTarget
        {
            Vendor = name.Item1,
            Model = name.Item2.Replace("#", name.Item3 is null ? "" : "#", StringComparison.Ordinal), // Without a key's variable, what is behind # would be taken for one.
            KeyVariable = name.Item3,
            BaseUrl = name.Item4,
            Weight = options.Item1,
            Timeout = options.Item2,
            MaxQueue = options.Item3,
            When = options.Item4,
            MaxConcurrency = limits.Item1,
            RequestsPerMinute = limits.Item2,
            TokensPerMinute = limits.Item3,
        });

    private static readonly Gen<RouteHedge?> Hedge = Gen.OneOf(
        Gen.Const((RouteHedge?)null),
        Gen.Select(Gen.OneOf<double?>(null, 0.5, 0.95), Gen.Int[1, 100_000], (percentile, after) => (RouteHedge?)new RouteHedge { Percentile = percentile, After = TimeSpan.FromMilliseconds(after) }),
        Gen.Const((RouteHedge?)new RouteHedge { Percentile = 0.99 }));

    private static readonly Gen<RouteConfig[]> Routes = Gen.Select(
        Gen.Enum<RoutePolicy>(),
        Target.Array[1, 4],
        Gen.Enum<ProviderErrorKind>().Array[0, 4],
        Hedge,
        Gen.OneOf<StreamRescue?>(null, StreamRescue.Off, StreamRescue.Buffer, StreamRescue.Splice, StreamRescue.Continue | StreamRescue.Splice),
        (policy, targets, kinds, hedge, rescue) => new RouteConfig
        {
            Name = "",
            Policy = policy,
            Targets = [.. targets.DistinctBy(target => (target.Vendor, target.Model, target.KeyVariable, target.BaseUrl))],
            FallbackOn = [.. kinds.Distinct()],
            Hedge = hedge,
            Rescue = rescue,
        }).Array[0, 4].Select(all => all.Select((route, i) => route with { Name = $"r-{i}.x_{i}" }).ToArray());

    [Fact]
    public void What_is_written_as_a_file_and_as_a_section_reads_back_as_the_same_routes()
        => Routes.Sample(
            routes =>
            {
                var json = RouteText.Json(routes);
                var file = GatewayFile.Read("gateway.json", Encoding.UTF8.GetBytes(new JsonObject { ["routes"] = json.DeepClone() }.ToJsonString()));
                Assert.Equal(RouteText.Of(routes), RouteText.Of(file.Routes));
                foreach (var isPascal in (bool[])[false, true])
                {
                    var section = new ConfigurationBuilder().AddInMemoryCollection(RouteText.Pairs("Routes", json, isPascal)).Build();
                    Assert.Equal(RouteText.Of(routes), RouteText.Of(ConfigReader.Read(Config.Variables().With(section)).Routes));
                }
            },
            iter: 500);
}
