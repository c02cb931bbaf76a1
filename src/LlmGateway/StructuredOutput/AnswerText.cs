using System.Text.Json;

namespace LlmGateway.StructuredOutput;

/// <summary>What was made of an answer's text.</summary>
internal sealed record AnswerReading(JsonDocument? Document, IReadOnlyList<Repair> Repairs, IReadOnlyList<AppliedCoercion> Coercions, IReadOnlyList<ValidationError> Errors, bool IsTruncated) : IDisposable
{
    public void Dispose() => Document?.Dispose();
}

internal static class AnswerReader
{
    public static AnswerReading Read(string text, JsonSchema? schema, Coercion coercion = Coercion.None)
    {
        var repairs = new List<Repair>();
        var errors = new List<ValidationError>();
        var document = AnswerText.Parse(text, repairs, errors);
        return new(document, repairs, [], document is null ? errors : schema?.Validate(document.RootElement) ?? [], false);
    }
}

/// <summary>Finds the JSON in what a model said. It mends only what stands around the JSON, never the JSON itself.</summary>
internal static class AnswerText
{
    private const string Fence = "```";

    private static readonly JsonDocumentOptions WithoutDuplicates = new() { AllowDuplicateProperties = false };

    /// <summary>The parsed answer, which the caller disposes; or null and what is wrong.</summary>
    public static JsonDocument? Parse(string text, List<Repair> repairs, List<ValidationError> errors)
    {
        var (json, offset) = Strip(text);
        try
        {
            var document = JsonDocument.Parse(json, WithoutDuplicates);
            if (offset is { } at) repairs.Add(new Repair("code_fence", at));
            return document;
        }
        catch (JsonException e)
        {
            FindErrors(json, e, errors);
            return null;
        }
    }

    /// <summary>The parser gives no place for a duplicate, and stops at the first.</summary>
    private static void FindErrors(ReadOnlyMemory<char> json, JsonException error, List<ValidationError> errors)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            FindDuplicates(document.RootElement, new JsonPlace(), errors);
        }
        catch (JsonException)
        {
            errors.Add(new("", json.IsEmpty ? "The answer is empty, and must be JSON." : $"The answer is not JSON: {error.Message}"));
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
    private static void FindDuplicates(JsonElement value, JsonPlace at, List<ValidationError> errors)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                at.Enter(index++);
                FindDuplicates(item, at, errors);
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
                FindDuplicates(member.Value, at, errors);
                at.Leave();
            }
        }
    }
}
