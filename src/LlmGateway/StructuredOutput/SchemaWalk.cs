using System.Text.Json;

namespace LlmGateway.StructuredOutput;

/// <summary>One check of a value against a schema: where it stands, what it has found, and how much more it may do.</summary>
internal sealed class SchemaWalk
{
    /// <summary>Far deeper than any answer, and far from the end of the stack.</summary>
    private const int MaxDepth = 512;

    /// <summary>Alternatives can double the work at each level; an honest schema needs a few steps for each value.</summary>
    private const int MaxSteps = 1_000_000;

    private int _depth;
    private int _steps;

    public JsonPlace Place { get; } = new();

    public List<ValidationError> Errors { get; private set; } = [];

    /// <summary>Whether a bound was reached, so that what was found says nothing.</summary>
    public bool IsExhausted { get; private set; }

    public bool TryEnter()
    {
        if (IsExhausted || _depth == MaxDepth || _steps == MaxSteps)
        {
            IsExhausted = true;
            return false;
        }

        _depth++;
        _steps++;
        return true;
    }

    public void Leave() => _depth--;

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
}
