using System.Text.Json;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>Finds the members that stand in their object more than once. Which of two is meant, nobody can know.</summary>
internal static class Duplicates
{
    public static void Find(JsonElement value, JsonPlace at, List<ValidationError> errors)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                at.Enter(index++);
                Find(item, at, errors);
                at.Leave();
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in value.EnumerateObject())
            {
                at.Enter(member.Name);
                if (!names.Add(member.Name)) errors.Add(new(at.ToString(), "stands in its object more than once"));
                Find(member.Value, at, errors);
                at.Leave();
            }
        }
    }
}
