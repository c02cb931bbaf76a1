namespace LlmGateway.Testing.Misbehaving;

/// <summary>What a server saw, in the order in which it came.</summary>
internal sealed class RequestLog(Action<SeenRequest>? onRequest)
{
    private readonly Lock _lock = new();
    private readonly Lock _calling = new();
    private readonly List<SeenRequest> _requests = [];
    private readonly Dictionary<string, (int Count, DateTimeOffset First)> _models = [];

    public IReadOnlyList<SeenRequest> All
    {
        get
        {
            lock (_lock) return [.. _requests];
        }
    }

    /// <summary>Adds a request.</summary>
    /// <returns>Its place; and of its model's requests its number, from 1, and the time since the first.</returns>
    public (int Place, int Number, TimeSpan SinceFirst) Add(SeenRequest seen)
    {
        lock (_lock)
        {
            _requests.Add(seen);
            var (count, first) = _models.GetValueOrDefault(seen.Model ?? "", (0, seen.Time));
            _models[seen.Model ?? ""] = (count + 1, first);
            return (_requests.Count - 1, count + 1, seen.Time - first);
        }
    }

    /// <summary>Says what became of it.</summary>
    public void End(int place, Func<SeenRequest, SeenRequest> with)
    {
        SeenRequest seen;
        lock (_lock) seen = _requests[place] = with(_requests[place]);
        if (onRequest is null) return;
        lock (_calling) onRequest(seen);
    }
}
