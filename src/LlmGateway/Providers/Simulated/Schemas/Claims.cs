using LlmGateway.Providers.Simulated.Facts;

namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>Which values of the prompt have been used, so that two members do not take the same one for want of better, and branches can be compared and taken back.</summary>
internal sealed class Claims
{
    /// <summary>What a value loses once it is used: enough to rule out a weak fit, not enough to rule out a plain label.</summary>
    private const double UsedAlready = 0.45;

    private readonly List<object> _claimed = [];
    private readonly Dictionary<object, int> _counts = new(ReferenceEqualityComparer.Instance);

    /// <summary>How many values have been taken so far.</summary>
    public int Count => _claimed.Count;

    public void Add(object source)
    {
        _claimed.Add(source);
        _counts[source] = _counts.GetValueOrDefault(source) + 1;
    }

    /// <summary>Takes back all that was claimed since, and returns it.</summary>
    public List<object> TakeBack(int count)
    {
        var taken = _claimed[count..];
        _claimed.RemoveRange(count, taken.Count);
        foreach (var source in taken) _counts[source]--;
        return taken;
    }

    public bool Has(object source) => _counts.GetValueOrDefault(source) > 0;

    /// <summary>The values that fit a member, those in use set back.</summary>
    public IEnumerable<(Fact Fact, double Score)> Rank(PromptFacts facts, Member member, FactKind? kind, Func<Fact, bool> suits) => FactMatcher
        .Rank(facts.Facts.Where(suits), member, kind)
        .Select(match => Has(match.Fact) ? (match.Fact, match.Score - UsedAlready) : match)
        .Where(match => match.Item2 >= FactMatcher.Threshold)
        .OrderByDescending(match => match.Item2);
}
