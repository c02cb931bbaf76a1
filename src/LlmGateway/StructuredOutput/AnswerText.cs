using System.Text.Json;

namespace LlmGateway.StructuredOutput;

/// <summary>Finds the JSON in what a model said. It mends only what stands around the JSON, never the JSON itself.</summary>
internal static class AnswerText
{
    private const string Fence = "```";

    /// <summary>The parsed answer, which the caller disposes; or null and what is wrong.</summary>
    public static JsonDocument? Parse(string text, List<Repair> repairs, List<ValidationError> errors)
    {
        var (json, offset) = Strip(text);
        try
        {
            var document = JsonDocument.Parse(json);
            FindDuplicates(document.RootElement, JsonPointer.Root, errors);
            if (errors.Count > 0)
            {
                document.Dispose();
                return null;
            }

            if (offset is { } at) repairs.Add(new Repair("code_fence", at));
            return document;
        }
        catch (JsonException e)
        {
            errors.Add(new("", text.Length == 0 ? "The answer is empty, and must be JSON." : $"The answer is not JSON: {e.Message}"));
            return null;
        }
    }

    /// <summary>What is inside a code fence that holds the whole answer, and where the fence began; else the text itself.</summary>
    private static (ReadOnlyMemory<char> Json, int? FenceOffset) Strip(string text)
    {
        var all = text.AsMemory().Trim().TrimStart('\uFEFF').Trim();
        var span = all.Span;
        if (!span.StartsWith(Fence) || !span.EndsWith(Fence) || span.Length < 2 * Fence.Length) return (all, null);
        var endOfFirstLine = span.IndexOf('\n');
        if (endOfFirstLine < 0) return (all, null);
        return (all[(endOfFirstLine + 1)..^Fence.Length], text.IndexOf(Fence, StringComparison.Ordinal));
    }

    /// <summary>Which of two values is meant, nobody can know.</summary>
    private static void FindDuplicates(JsonElement value, JsonPointer at, List<ValidationError> errors)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (item.ValueKind is JsonValueKind.Array or JsonValueKind.Object) FindDuplicates(item, at.Item(index), errors);
                index++;
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            var names = new HashSet<string>(value.GetPropertyCount(), StringComparer.Ordinal);
            foreach (var member in value.EnumerateObject())
            {
                if (!names.Add(member.Name)) errors.Add(new(at.Member(member.Name).ToString(), "stands in its object more than once"));
                if (member.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object) FindDuplicates(member.Value, at.Member(member.Name), errors);
            }
        }
    }
}
