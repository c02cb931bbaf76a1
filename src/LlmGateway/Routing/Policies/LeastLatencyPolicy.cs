namespace LlmGateway.Routing.Policies;

/// <summary>
/// The faster of two that chance picks: nearly as good as the fastest of all, and without sending everybody to the same one.
/// A target whose time is not known counts as the fastest, for one attempt at a time.
/// </summary>
internal sealed class LeastLatencyPolicy(Func<double> random) : ITargetPolicy
{
    private const int Draws = 4;

    public int Pick(ref TargetChoice choice)
    {
        if (choice.Count == 1) return choice.Allows(0) ? 0 : -1;
        for (var draw = 0; draw < Draws; draw++)
        {
            var one = (int)(random() * choice.Count);
            var other = (int)(random() * (choice.Count - 1));
            if (other >= one) other++;
            var (mayOne, mayOther) = (choice.Allows(one), choice.Allows(other));
            if (mayOne && mayOther) return choice[other].LatencyScore(choice.Now) < choice[one].LatencyScore(choice.Now) ? other : one;
            if (mayOne) return one;
            if (mayOther) return other;
        }

        return PickAmongAll(ref choice);
    }

    private static int PickAmongAll(ref TargetChoice choice)
    {
        var (best, least) = (-1, 0.0);
        for (var place = 0; place < choice.Count; place++)
        {
            if (!choice.Allows(place)) continue;
            var score = choice[place].LatencyScore(choice.Now);
            if (best < 0 || score < least) (best, least) = (place, score);
        }

        return best;
    }
}
