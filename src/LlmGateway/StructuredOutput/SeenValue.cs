using System.Text.Json;

namespace LlmGateway.StructuredOutput;

/// <summary>The value that an error is about, for those whose finder did not have it at hand.</summary>
internal static class SeenValue
{
    private const int MaxLength = 200;

    public static ValidationError Add(ValidationError error, JsonElement root)
        => error.Value is null && JsonPointer.Find(root, error.Pointer) is { } value ? error with { Value = Show(value) } : error;

    private static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength), "…");
    }
}
