using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Where something stands in a document of schemas. Written as a JSON Pointer only where an error needs it.</summary>
internal sealed class SchemaPlace
{
    private readonly SchemaPlace? _parent;
    private readonly string _step;

    private SchemaPlace(SchemaPlace? parent, string step)
    {
        _parent = parent;
        _step = step;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    public static SchemaPlace Root { get; } = new(null, "");

    public int Depth { get; }

    /// <summary>The last step; empty for the root.</summary>
    public string Step => _step;

    public SchemaPlace At(string step) => new(this, step);

    public SchemaPlace At(int index) => new(this, index.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The pointer (RFC 6901); empty for the root.</summary>
    public override string ToString()
    {
        if (_parent is null) return "";
        var steps = new Stack<string>();
        for (var place = this; place._parent is not null; place = place._parent) steps.Push(place._step);
        var pointer = new StringBuilder();
        foreach (var step in steps) pointer.Append('/').Append(JsonPointer.Escape(step));
        return pointer.ToString();
    }
}
