namespace LlmGateway;

/// <summary>
/// What one dialect says beyond the model in the middle: names and values of its JSON, carried unchanged to the same
/// dialect, and a reported loss on the way to another. Immutable.
/// </summary>
public sealed class LlmExtensions
{
    /// <summary>A bag of members.</summary>
    /// <param name="dialect">The dialect whose members they are, such as <c>openai</c>.</param>
    /// <param name="members">Names and the exact JSON text of their values, in order; copied. A later member of the same name wins.</param>
    /// <exception cref="ArgumentNullException">Either is null.</exception>
    public LlmExtensions(string dialect, IEnumerable<KeyValuePair<string, string>> members)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        ArgumentNullException.ThrowIfNull(members);
        Dialect = dialect;
        var all = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, json) in members) all[name] = json;
        Members = all;
    }

    /// <summary>The dialect whose members they are.</summary>
    public string Dialect { get; }

    /// <summary>Names and the exact JSON text of their values, in the order in which they came. Never null.</summary>
    public IReadOnlyDictionary<string, string> Members { get; }
}
