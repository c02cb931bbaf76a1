using System.Text.Json;

namespace LlmGateway.StructuredOutput;

/// <summary>One check of a value against a schema: where it stands and what it has found.</summary>
internal sealed class SchemaWalk
{
    /// <summary>A schema may refer to itself without end, as <c>{"$ref":"#"}</c> does; a value can't be that deep.</summary>
    private const int MaxReferenceDepth = 256;

    private int _referenceDepth;

    public JsonPlace Place { get; } = new();

    public List<ValidationError> Errors { get; private set; } = [];

    public void Fail(string message) => Errors.Add(new(Place.ToString(), message));

    public void FailAt(string member, string message) => Errors.Add(new(Place.Of(member), message));

    /// <summary>What a schema says of the value here, kept apart from what has been found.</summary>
    public List<ValidationError> Try(SchemaNode schema, JsonElement value)
    {
        var found = Errors;
        Errors = [];
        schema.Validate(value, this);
        var tried = Errors;
        Errors = found;
        return tried;
    }

    public bool TryEnterReference()
    {
        if (_referenceDepth == MaxReferenceDepth) return false;
        _referenceDepth++;
        return true;
    }

    public void LeaveReference() => _referenceDepth--;
}
