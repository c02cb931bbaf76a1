using System.Collections.Concurrent;
using LlmGateway.Telemetry;

namespace LlmGateway.Server.Metrics;

/// <summary>
/// The models that are told apart. A caller may write any name, and each would be a series for ever; so a name counts once an
/// answer came by it, and all others are <see cref="Other"/> together.
/// </summary>
internal sealed class KnownModels
{
    public const string Other = "other";

    private const int Most = 500;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Takes in the names of a measurement that says which model answered.</summary>
    public void Learn(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var (asked, answered) = ((string?)null, (string?)null);
        foreach (var (name, value) in tags)
        {
            if (name == TelemetryNames.RequestModel) asked = value as string;
            else if (name == TelemetryNames.ResponseModel) answered = value as string;
        }

        if (answered is null) return;
        Add(answered);
        if (asked is not null) Add(asked);
    }

    public static bool IsOfModel(string tag) => tag is TelemetryNames.RequestModel or TelemetryNames.ResponseModel;

    public bool Knows(object? model) => model is string name && _known.ContainsKey(name);

    private void Add(string name)
    {
        if (_known.Count < Most) _known.TryAdd(name, true);
    }
}
