using CsCheck;

namespace LlmGateway.Tests.Routing.Chaos;

/// <summary>
/// Whatever vendors do, over whatever routes: each call ends in time, with a whole answer or a typed error; no request too
/// many leaves, nothing stays taken, and the records say what the vendors counted.
/// </summary>
[Collection(nameof(ChaosTests))]
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class ChaosTests
{
    [Fact]
    public void Some_thousand_calls_over_a_hundred_scenes()
    {
        var requests = 0;
        for (var seed = 1; seed <= 100; seed++) requests += ChaosScene.Run(seed, calls: 50, together: 16);
        Assert.InRange(requests, 5_000, 50_000);
    }

    [Fact]
    public void Any_calls_over_any_routes()
        => Gen.Select(Gen.Int, Gen.Int[1, 60], Gen.Int[1, 40]).Sample((seed, calls, together) => { ChaosScene.Run(seed, calls, together); }, iter: 60, threads: 1);
}
