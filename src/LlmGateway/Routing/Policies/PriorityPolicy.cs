namespace LlmGateway.Routing.Policies;

/// <summary>The first that can be asked, in the order written.</summary>
internal sealed class PriorityPolicy : ITargetPolicy
{
    public int Pick(ref TargetChoice choice)
    {
        for (var place = 0; place < choice.Count; place++)
            if (choice.Allows(place)) return place;
        return -1;
    }
}
