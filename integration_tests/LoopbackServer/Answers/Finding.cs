using System.Text.Json.Nodes;

namespace LoopbackServer.Answers;

/// <summary>What was made of a question: a sentence for people, the one value that matters, and values by name for a schema's members.</summary>
internal sealed record Finding(string Sentence, JsonValue Main, params (string Name, JsonValue Value)[] Named)
{
    /// <summary>The value for a member of this name: its own, else the one that matters.</summary>
    public JsonValue ValueFor(string member)
    {
        foreach (var (name, value) in Named)
        {
            if (string.Equals(name, member.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) return value;
        }

        return Main;
    }
}
