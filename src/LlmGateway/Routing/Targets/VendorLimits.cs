using System.Collections.Concurrent;
using System.Net.Http.Headers;

namespace LlmGateway.Routing.Targets;

/// <summary>A provider whose vendor says in its headers how much it may still be asked.</summary>
internal interface IReportsLimits
{
    /// <summary>What it said last.</summary>
    VendorLimits Limits { get; }
}

/// <summary>What a vendor's headers said last of one key, by model: one key has limits of its own for each. Thread-safe.</summary>
internal sealed class VendorLimits
{
    /// <summary>A caller may make up names of models: those beyond are not kept.</summary>
    private const int MostModels = 256;

    private readonly ConcurrentDictionary<string, ModelLimits> _models = new(StringComparer.Ordinal);

    /// <summary>The limits of a model; of one kind the same object, always.</summary>
    public ModelLimits Of(string model)
        => _models.TryGetValue(model, out var known) ? known : _models.Count < MostModels ? _models.GetOrAdd(model, static _ => new ModelLimits()) : new ModelLimits();

    /// <summary>Learns from a response of any status. What is not understood is passed over.</summary>
    public void Learn(string model, HttpResponseHeaders headers, DateTimeOffset now)
    {
        // Most vendors say nothing at all, and then there is nothing to keep.
        if (headers.NonValidated.Count == 0) return;
        ModelLimits? limits = null;
        foreach (var (kind, names) in VendorLimitHeaders.All)
        {
            if (LimitReading.Find(headers, names, now) is { } reading) (limits ??= Of(model)).Set(kind, reading, now);
        }
    }
}
