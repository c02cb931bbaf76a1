using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Extraction;

/// <summary>Whether a value is the one that was asked for: as it is, with allowed coercions, in a wrapper, or in a string.</summary>
internal sealed class SchemaFit(string text, JsonSchema? schema, Coercion coercion)
{
    /// <summary>What may stand beside <c>properties</c> where a model fills in the schema in place of an answer.</summary>
    private static readonly string[] SchemaWords = ["$schema", "$id", "title", "type", "description", "required", "additionalProperties"];

    /// <summary>Names under which a model puts its answer.</summary>
    private static readonly string[] WrapperNames = ["answer", "result", "output", "value", "response", "data", "json", "content"];

    /// <summary>Names under which it says something else: why there is no answer, or what it was asked.</summary>
    private static readonly string[] OtherNames = ["error", "errors", "message", "reason", "refusal", "status", "code", "warning", "exception", "input", "question", "request", "example", "examples"];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = LenientParser.MaxDepth };

    /// <summary>Whether a value is the one asked for, as it is.</summary>
    public static bool IsFit(JsonElement root, JsonSchema? schema)
        => HalfSurrogates.Find(root) is null && (schema is null || (!IsSchemaItself(root, schema) && schema.Validate(root).Count == 0));

    /// <summary>The reading, which owns its document; null where the value does not fit, and the document stays the caller's.</summary>
    public AnswerReading? Find(JsonDocument document, Candidate candidate)
    {
        var root = document.RootElement;
        if (schema is null) return new AnswerReading(document, candidate.Repairs, [], ErrorsOf(root), false);
        if (IsSchemaItself(root, schema)) return null;
        if (Fit(document) is { } fit) return fit with { Repairs = candidate.Repairs };
        var inner = root.ValueKind switch
        {
            JsonValueKind.Object => Unwrap(root, candidate),
            JsonValueKind.String => Unstring(root, candidate),
            _ => null,
        };
        if (inner is not null) document.Dispose();
        return inner;
    }

    /// <summary>What is wrong with a value that does not fit.</summary>
    public IReadOnlyList<ValidationError> ErrorsOf(JsonElement root)
    {
        if (HalfSurrogates.ErrorOf(root) is { } error) return [error];
        if (schema is null) return [];
        return IsSchemaItself(root, schema) ? [new("", "is the schema itself, and must be a value that satisfies it")] : schema.Validate(root);
    }

    /// <summary>Echoed schemas satisfy lax schemas.</summary>
    private static bool IsSchemaItself(JsonElement root, JsonSchema schema)
        => root.ValueKind == JsonValueKind.Object && root.GetPropertyCount() > 0
            && root.GetPropertyCount() == PropertyCount(schema.Document) && JsonElement.DeepEquals(root, schema.Document);

    private static int PropertyCount(JsonElement element) => element.ValueKind == JsonValueKind.Object ? element.GetPropertyCount() : -1;

    private AnswerReading? Fit(JsonDocument document, bool mayCoerce = true)
    {
        if (mayCoerce && coercion == Coercion.Lossless && Coercer.Coerce(document.RootElement, schema!.Document) is (var coerced, var applied))
        {
            if (ErrorsOf(coerced.RootElement).Count == 0)
            {
                document.Dispose();
                return new AnswerReading(coerced, [], applied, [], false);
            }

            coerced.Dispose();
        }

        return ErrorsOf(document.RootElement).Count == 0 ? new AnswerReading(document, [], [], [], false) : null;
    }

    /// <summary>The value stands alone in an object of the model's own making, or where a schema has its properties. Beside others it may be any of them.</summary>
    private AnswerReading? Unwrap(JsonElement root, Candidate candidate)
    {
        if (HalfSurrogates.Find(root) is not null) return null;
        JsonElement inner;
        string? name = null;
        if (root.GetPropertyCount() == 1)
        {
            var only = root.EnumerateObject().Single();
            (name, inner) = (only.Name, only.Value);
            if (OtherNames.Contains(name, StringComparer.OrdinalIgnoreCase)) return null;
        }
        else if (!root.TryGetProperty("properties"u8, out inner) || root.EnumerateObject().Any(member => member.Name != "properties" && !SchemaWords.Contains(member.Name)))
        {
            return null;
        }

        var isContainer = inner.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        if (!isContainer && (name is null || !IsWrapperName(name) || !SaysType(schema!.Document))) return null;
        if (FitInner(JsonMarshal.GetRawUtf8Value(inner).ToArray(), isContainer) is not { } fit) return null;
        candidate.Repairs.Add(new Repair(RepairKinds.WrapperObject, candidate.Start));
        return fit with { Repairs = candidate.Repairs };
    }

    /// <summary>Of a number or a string it must be plain that it is the answer: any model can write a word as a member.</summary>
    private bool IsWrapperName(string name)
        => WrapperNames.Contains(name, StringComparer.OrdinalIgnoreCase)
            || (schema!.Document.ValueKind == JsonValueKind.Object && schema.Document.TryGetProperty("title"u8, out var title) && title.ValueKind == JsonValueKind.String
                && string.Equals(title.GetString(), name, StringComparison.OrdinalIgnoreCase));

    /// <summary>An object or an array only: a number in a string is a value of another type, and a matter of coercion.</summary>
    private AnswerReading? Unstring(JsonElement root, Candidate candidate)
    {
        if (HalfSurrogates.Find(root) is not null) return null;
        var open = candidate.Start;
        while (text[open] != '"' && !Quotes.IsOpening(text[open])) open++;
        var escaped = EscapedText.Read(text, open + 1);
        var content = root.GetString()!;
        var isPlain = text[open] == '"' && escaped.Text == content; // Else the places cannot be told.
        var start = content.Length - content.AsSpan().TrimStart().Length;
        if (start == content.Length || content[start] is not ('{' or '[')) return null;

        var repairs = new List<Repair>();
        var output = new Utf8Output(content.Length + 64);
        var parser = new LenientParser(content, output, repairs);
        if (!parser.ReadContainer(start) || !content.AsSpan(parser.End).IsWhiteSpace() || (repairs.Count > 0 && !isPlain)) return null;
        if (FitInner(output.Slice(0, output.Length), mayCoerce: true) is not { } fit) return null;
        candidate.Repairs.Add(new Repair(RepairKinds.JsonInString, open));
        foreach (var repair in repairs) candidate.Repairs.Add(repair with { Offset = escaped.Places[repair.Offset] });
        return fit with { Repairs = candidate.Repairs };
    }

    /// <summary>A schema that says nothing of the type takes any number or string.</summary>
    private static bool SaysType(JsonElement document)
        => document.ValueKind == JsonValueKind.Object && (document.TryGetProperty("type"u8, out _) || document.TryGetProperty("enum"u8, out _) || document.TryGetProperty("const"u8, out _));

    private AnswerReading? FitInner(ReadOnlyMemory<byte> json, bool mayCoerce)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // Duplicates, in the text of a string, or half of a surrogate pair.
        }

        if (Fit(document, mayCoerce) is { } fit) return fit;
        document.Dispose();
        return null;
    }
}
