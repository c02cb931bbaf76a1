using System.Collections.Concurrent;

namespace LlmGateway.StructuredOutput;

/// <summary>The contracts of the schemas that callers send, each compiled once: the same caller sends the same one again. Safe for concurrent use.</summary>
internal sealed class WireContracts
{
    /// <summary>Schemas that callers make up must not fill the memory.</summary>
    private const int MaxKept = 256;

    /// <summary>Larger ones are seldom, and not worth their place.</summary>
    private const int MaxKeptLength = 64 * 1024;

    private static readonly JsonSchema AnyObject = JsonSchema.Parse("""{"type":"object"}""");

    private readonly ConcurrentDictionary<string, SchemaContract> _kept = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The schema is none that can be checked; the message says why.</exception>
    public SchemaContract Of(LlmRequest request)
    {
        if (request.OutputSchema is not { } asked) return SchemaContract.Of(AnyObject);
        var text = asked.Schema.GetRawText();
        if (_kept.TryGetValue(text, out var known)) return known;
        SchemaContract contract;
        try
        {
            contract = SchemaContract.Of(JsonSchema.From(asked.Schema.Clone()));
        }
        catch (JsonSchemaException e)
        {
            throw new ArgumentException($"The schema that the answer is to have can't be checked: {e.Message}", e);
        }

        if (text.Length <= MaxKeptLength && _kept.Count < MaxKept) _kept[text] = contract;
        return contract;
    }
}
