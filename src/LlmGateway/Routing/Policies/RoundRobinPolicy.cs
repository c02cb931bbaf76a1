namespace LlmGateway.Routing.Policies;

/// <summary>Each in turn. The turn of one that can't be asked goes to the next that can.</summary>
internal sealed class RoundRobinPolicy : ITargetPolicy
{
    private uint _turn = uint.MaxValue;

    public int Pick(ref TargetChoice choice)
    {
        var first = (int)(Interlocked.Increment(ref _turn) % (uint)choice.Count);
        for (var step = 0; step < choice.Count; step++)
        {
            var place = first + step < choice.Count ? first + step : first + step - choice.Count;
            if (choice.Allows(place)) return place;
        }

        return -1;
    }
}
