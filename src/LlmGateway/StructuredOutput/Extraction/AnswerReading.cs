using System.Text.Json;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>What was found in the text of an answer. Whoever reads it disposes it.</summary>
/// <param name="Document">The value; null where the text cannot be read. Where it does not fit the schema, it is the candidate that <paramref name="Errors"/> speak of.</param>
/// <param name="Repairs">What was mended in the syntax, in order of the text.</param>
/// <param name="Coercions">The values that were changed to fit the schema. Empty where the value did not fit in the end.</param>
/// <param name="Errors">Why there is no value, or what of the schema it breaks; empty where all is well.</param>
/// <param name="IsTruncated">Whether the text ends before its value does.</param>
internal sealed record AnswerReading(
    JsonDocument? Document,
    IReadOnlyList<Repair> Repairs,
    IReadOnlyList<AppliedCoercion> Coercions,
    IReadOnlyList<ValidationError> Errors,
    bool IsTruncated) : IDisposable
{
    public bool IsValid => Document is not null && Errors.Count == 0;

    public static AnswerReading Unreadable(IReadOnlyList<ValidationError> errors, bool isTruncated = false) => new(null, [], [], errors, isTruncated);

    public void Dispose() => Document?.Dispose();
}
