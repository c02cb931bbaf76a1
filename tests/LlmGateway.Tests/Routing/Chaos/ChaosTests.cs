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
    /// <summary>It also sees to it that what is to be tried is tried: each way of going on, a second attempt beside the first, a re-ask, each outcome.</summary>
    [Fact]
    public void Some_thousand_calls_over_a_hundred_scenes()
    {
        CallRecord[] records = [.. Enumerable.Range(1, 100).SelectMany(seed => ChaosScene.Run(seed, calls: 50, together: 16))];

        var attempts = records.SelectMany(record => record.Attempts).ToArray();
        Assert.Equal(5_000, records.Length);
        Assert.True(attempts.Length > 4_000, $"{attempts.Length} requests");
        foreach (var outcome in new[] { CallOutcome.Succeeded, CallOutcome.Failed, CallOutcome.Cancelled }) Assert.Contains(records, record => record.Outcome == outcome);
        foreach (var rescue in new[] { StreamRescue.Continue, StreamRescue.Splice }) Assert.Contains(records, record => record.Outcome == CallOutcome.Succeeded && record.Attempts[^1].Rescue == rescue);
        foreach (var kind in Enum.GetValues<ProviderErrorKind>().Except([ProviderErrorKind.Billing, ProviderErrorKind.RequestTooLarge, ProviderErrorKind.CliNotFound])) Assert.Contains(attempts, attempt => attempt.ErrorKind == kind);
        Assert.Contains(attempts, attempt => attempt is { IsHedge: true, Outcome: CallOutcome.Succeeded });
        Assert.Contains(attempts, attempt => attempt is { IsHedge: true, Outcome: CallOutcome.Cancelled });
        Assert.Contains(records, record => record.Rescues > 1);
        Assert.Contains(records, record => record is { Reasks: > 0, Outcome: CallOutcome.Succeeded });
    }

    [Fact]
    public void Any_calls_over_any_routes()
        => Gen.Select(Gen.Int, Gen.Int[1, 60], Gen.Int[1, 40]).Sample((seed, calls, together) => { ChaosScene.Run(seed, calls, together); }, iter: 60, threads: 1);
}
