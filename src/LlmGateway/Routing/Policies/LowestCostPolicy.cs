namespace LlmGateway.Routing.Policies;

/// <summary>The one that the request costs least at, by its input and the most output it allows; of equals the first written, and those of unknown price last.</summary>
internal sealed class LowestCostPolicy : ITargetPolicy
{
    /// <summary>Where the request sets no limit: the same for all, so that it only weighs input against output.</summary>
    private const int UsualOutput = 1000;

    private readonly double[] _request;
    private readonly double[] _input;
    private readonly double[] _output;

    /// <summary>Those that can be the cheapest at all: no other costs less, or the same and stands before, whatever is asked.</summary>
    private readonly int[] _candidates;

    public LowestCostPolicy(IReadOnlyList<LinearPrice> prices)
    {
        _request = [.. prices.Select(static p => p.Request)];
        _input = [.. prices.Select(static p => p.Input)];
        _output = [.. prices.Select(static p => p.Output)];
        _candidates = [.. Enumerable.Range(0, prices.Count).Where(place => !Enumerable.Range(0, prices.Count).Any(other => IsNeverDearer(prices[other], prices[place]) && (other < place || prices[other] != prices[place])))];
    }

    public int Pick(ref TargetChoice choice)
    {
        double input = choice.Needs.InputTokens;
        double output = choice.Needs.MaxOutputTokens ?? UsualOutput;
        // Where nothing is counted the prices of it decide nothing, and of equals the first written is asked.
        if (input <= 0 || output <= 0) return PickAmongAll(ref choice, input, output);
        var (best, least) = (_candidates[0], CostOf(_candidates[0], input, output));
        foreach (var place in _candidates.AsSpan(1))
        {
            var cost = CostOf(place, input, output);
            if (cost < least) (best, least) = (place, cost);
        }

        return choice.Allows(best) ? best : PickAmongAll(ref choice, input, output);
    }

    private static bool IsNeverDearer(LinearPrice one, LinearPrice other) => one.Request <= other.Request && one.Input <= other.Input && one.Output <= other.Output;

    private int PickAmongAll(ref TargetChoice choice, double input, double output)
    {
        var places = Enumerable.Range(0, _request.Length).OrderBy(place => CostOf(place, input, output));
        foreach (var place in places)
            if (choice.Allows(place)) return place;
        return -1;
    }

    private double CostOf(int place, double input, double output) => _request[place] + (_input[place] * input) + (_output[place] * output);
}
