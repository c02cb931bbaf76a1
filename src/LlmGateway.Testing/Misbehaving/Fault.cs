namespace LlmGateway.Testing.Misbehaving;

/// <summary>One row of the table.</summary>
/// <param name="Name">The fault's name.</param>
/// <param name="Description">What the caller gets.</param>
/// <param name="Answer">Answers a request so.</param>
internal sealed record Fault(string Name, string Description, Func<Exchange, Task> Answer)
{
    /// <summary>Whether <c>-Ns</c> says how long.</summary>
    public bool TakesTime { get; init; }

    /// <summary>Whether <c>-after-N</c> says where.</summary>
    public bool TakesAfter { get; init; }

    /// <summary>How long after the first request the fault lasts by itself; null for ever.</summary>
    public Func<FaultName, TimeSpan?> LastsFor { get; init; } = static _ => null;

    public string Form => Name + (TakesTime ? "[-Ns]" : "") + (TakesAfter ? "[-after-N]" : "");
}
