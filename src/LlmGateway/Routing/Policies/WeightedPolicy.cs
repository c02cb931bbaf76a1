namespace LlmGateway.Routing.Policies;

/// <summary>By chance, each as often as its weight says, of those that can be asked.</summary>
internal sealed class WeightedPolicy : ITargetPolicy
{
    /// <summary>Drawing again keeps the shares of the rest exact. Where many can't be asked, looking at all is quicker.</summary>
    private const int Draws = 4;

    private readonly double[] _weights;
    private readonly double[] _cumulative;
    private readonly Func<double> _random;

    public WeightedPolicy(IReadOnlyList<double> weights, Func<double> random)
    {
        _weights = [.. weights];
        _cumulative = new double[_weights.Length];
        var sum = 0.0;
        for (var i = 0; i < _weights.Length; i++) _cumulative[i] = sum += _weights[i];
        _random = random;
    }

    public int Pick(ref TargetChoice choice)
    {
        for (var draw = 0; draw < Draws; draw++)
        {
            var place = Draw(_cumulative);
            if (choice.Allows(place)) return place;
        }

        return PickAmongAll(ref choice);
    }

    private int PickAmongAll(ref TargetChoice choice)
    {
        var sum = 0.0;
        var allowed = new double[_weights.Length];
        for (var place = 0; place < allowed.Length; place++)
        {
            if (choice.Allows(place)) sum += _weights[place];
            allowed[place] = sum;
        }

        return sum > 0 ? Draw(allowed) : -1;
    }

    /// <summary>The first place whose sum is above what was drawn: one of no weight has the sum of the one before.</summary>
    private int Draw(double[] cumulative)
    {
        var drawn = _random() * cumulative[^1];
        var (low, high) = (0, cumulative.Length - 1);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (cumulative[middle] > drawn) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
