using System.Globalization;
using System.Text;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// Where a walk through a JSON value stands. Steps are pushed and popped on the way, and written as a JSON Pointer
/// (RFC 6901) only where an error needs it, so that a walk without errors makes no garbage.
/// </summary>
internal sealed class JsonPlace
{
    private readonly List<(string? Name, int Index)> _steps = [];

    public void Enter(string member) => _steps.Add((member, 0));

    public void Enter(int item) => _steps.Add((null, item));

    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>The pointer; empty for the root.</summary>
    public override string ToString()
    {
        if (_steps.Count == 0) return "";
        var pointer = new StringBuilder();
        foreach (var (name, index) in _steps)
        {
            pointer.Append('/');
            if (name is null) pointer.Append(index.ToString(CultureInfo.InvariantCulture));
            else pointer.Append(JsonPointer.Escape(name));
        }

        return pointer.ToString();
    }

    /// <summary>The pointer of a member of where the walk stands.</summary>
    public string Of(string member) => $"{this}/{JsonPointer.Escape(member)}";
}
