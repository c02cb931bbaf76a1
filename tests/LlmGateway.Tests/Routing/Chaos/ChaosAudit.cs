namespace LlmGateway.Tests.Routing.Chaos;

/// <summary>Holds the record of one call against what the vendors saw of it, and both against what is promised.</summary>
internal sealed class ChaosAudit(CallRecord record, Visit[] visits, GatewayConfig config, Action<string, string> wrong)
{
    private readonly string _call = record.Tags["call"];

    public void Check()
    {
        var attempts = record.Attempts;
        if (!attempts.Select(a => a.Provider).SequenceEqual(visits.Select(v => v.Vendor)))
        {
            Wrong($"the record has attempts at {string.Join(",", attempts.Select(a => a.Provider))}, the vendors saw {string.Join(",", visits.Select(v => v.Vendor))}");
            return;
        }

        if (visits.Length > record.Reasks + 1 + config.MaxRetries) Wrong($"{visits.Length} requests for {record.Reasks + 1} asks with {config.MaxRetries} retries");
        var asks = attempts.Zip(visits, (attempt, visit) => (Attempt: attempt, Visit: visit)).GroupBy(pair => pair.Attempt.Ask);
        foreach (var ask in asks)
        {
            if (ask.Count() > 1 + config.MaxRetries) Wrong($"{ask.Count()} requests for one ask with {config.MaxRetries} retries");
            foreach (var target in ask.GroupBy(pair => pair.Visit.Vendor)) CheckTarget([.. target]);
        }

        foreach (var hedge in attempts.Where(attempt => attempt.IsHedge)) CheckHedge(hedge, attempts[hedge.Number - 2]);
        if (record.Outcome == CallOutcome.Succeeded && !attempts.Any(a => a.Outcome == CallOutcome.Succeeded)) Wrong("it succeeded, and no attempt did");
    }

    /// <summary>Of two, the one that is not wanted ends when the other has answered, and its vendor has up to 2 s for that.</summary>
    private void CheckHedge(AttemptRecord second, AttemptRecord first)
    {
        var (winner, loser) = first.Outcome == CallOutcome.Succeeded ? (first, second) : (second, first);
        if (winner.Outcome != CallOutcome.Succeeded || EndOf(loser) <= EndOf(winner) + TimeSpan.FromSeconds(2.5)) return;
        Wrong($"{loser.Target} went on for {(EndOf(loser) - EndOf(winner)).TotalSeconds} s when {winner.Target} had answered");

        static DateTimeOffset EndOf(AttemptRecord attempt) => attempt.StartedAt + attempt.Latency;
    }

    private void CheckTarget((AttemptRecord Attempt, Visit Visit)[] requests)
    {
        if (requests.Length > 3) Wrong($"{requests.Length} requests to {requests[0].Visit.Vendor} for one ask");
        for (var i = 0; i < requests.Length - 1; i++)
        {
            var (attempt, visit) = requests[i];
            var next = requests[i + 1].Visit;
            if (visit.Misdeed is Misdeed.Silent or Misdeed.Stalls or Misdeed.Pings or Misdeed.PingsFirst && attempt.ErrorKind == ProviderErrorKind.Timeout) Wrong($"{visit.Vendor} was silent ({visit.Misdeed}), and was asked again ({next.Misdeed})");
            if (visit.RetryAfter is { } asked && next.Began < visit.Ended + asked) Wrong($"{visit.Vendor} asked to wait {asked.TotalSeconds} s and was asked again after {(next.Began - visit.Ended).TotalSeconds} s");
        }
    }

    private void Wrong(string what) => wrong(_call, $"{what} ({string.Join(" | ", record.Attempts.Select((a, i) => $"{a.Number}.{a.Ask} {a.Target} {visits.ElementAtOrDefault(i)?.Misdeed} {a.Outcome} {a.ErrorKind} {(a.IsHedge ? "hedge " : "")}{a.Rescue}→{a.NextBecause}"))})");
}
