using System.Globalization;
using System.Text;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>What kind of rule a value breaks: tells which of several alternatives was meant.</summary>
internal enum FindingKind
{
    Other,

    /// <summary>It is of another type.</summary>
    Type,

    /// <summary>It is not one of the allowed values.</summary>
    Value,
}

/// <summary>One error, and how deep in the instance it is.</summary>
internal readonly record struct Finding(ValidationError Error, int Depth, FindingKind Kind);

/// <summary>The errors of a walk, and where in the instance it stands.</summary>
internal sealed class Findings(int maxErrors)
{
    /// <summary>Of all pointers, messages and values: a huge name above many errors would be written into each.</summary>
    private const int MaxCharacters = 8 * 1024 * 1024;

    private readonly List<int> _path = [];
    private int _characters;

    public List<Finding> Found { get; private set; } = [];

    public int Depth => _path.Count;

    /// <summary>Whether no more errors are taken.</summary>
    public bool IsFull { get; private set; }

    public void EnterMember(int name) => _path.Add(name);

    public void EnterItem(int index) => _path.Add(~index);

    public void Leave() => _path.RemoveAt(_path.Count - 1);

    public void Add(ValidationError error, int depth, FindingKind kind)
    {
        if (IsFull) return;
        _characters += error.Pointer.Length + error.Message.Length + (error.SchemaPointer?.Length ?? 0) + (error.Value?.Length ?? 0);
        if (Found.Count >= maxErrors || _characters > MaxCharacters)
        {
            IsFull = true;
            error = new ValidationError("", $"has more errors than the {Found.Count.ToString(CultureInfo.InvariantCulture)} that are listed");
        }

        Found.Add(new Finding(error, depth, kind));
    }

    /// <summary>From here on, errors go into another list.</summary>
    /// <returns>The list until now.</returns>
    public List<Finding> Swap(List<Finding> other)
    {
        var before = Found;
        Found = other;
        return before;
    }

    /// <summary>The place, or that of a member of it, as a JSON Pointer (RFC 6901).</summary>
    public string Pointer(in JsonTape tape, string? member = null)
    {
        if (_path.Count == 0 && member is null) return "";
        var pointer = new StringBuilder();
        foreach (var step in _path)
        {
            pointer.Append('/');
            if (step < 0) pointer.Append(CultureInfo.InvariantCulture, $"{~step}");
            else pointer.Append(JsonPointer.Escape(JsonText.ToString(tape.Text(tape[step]))));
        }

        if (member is not null) pointer.Append('/').Append(JsonPointer.Escape(member));
        return pointer.ToString();
    }
}
