using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Holds one value against a schema.</summary>
internal static class SchemaCheck
{
    /// <summary>A value of a document as it is written there.</summary>
    /// <exception cref="ArgumentException">It is of no document.</exception>
    public static ReadOnlySpan<byte> TextOf(JsonElement instance)
        => instance.ValueKind == JsonValueKind.Undefined ? throw new ArgumentException("The value is undefined: it is of no document.", nameof(instance)) : JsonMarshal.GetRawUtf8Value(instance);

    public static bool IsValid(CompiledSchema schema, ReadOnlySpan<byte> json, bool isRead)
    {
        var space = Workspace.Rent();
        try
        {
            var count = JsonTapeBuilder.Read(json, ref space.Tokens, isRead, schema.Options.MaxInstanceDepth);
            return count > 0 && new SchemaWalk(schema, new JsonTape(json, space.Tokens.AsSpan(0, count)), space, findings: null).Run();
        }
        catch (JsonException) when (isRead)
        {
            return false;
        }
        finally
        {
            space.Return();
        }
    }

    public static IReadOnlyList<ValidationError> Validate(CompiledSchema schema, ReadOnlySpan<byte> json, bool isRead)
    {
        var space = Workspace.Rent();
        try
        {
            var count = JsonTapeBuilder.Read(json, ref space.Tokens, isRead, schema.Options.MaxInstanceDepth);
            if (count == 0) return [new("", $"cannot be checked: it is nested more than {schema.Options.MaxInstanceDepth} deep")];
            var tape = new JsonTape(json, space.Tokens.AsSpan(0, count));
            var verdict = new SchemaWalk(schema, tape, space, findings: null);
            if (verdict.Run()) return [];
            if (verdict.Unfinished is { } unfinished) return [unfinished];
            var findings = new Findings(schema.Options.MaxErrors);
            var walk = new SchemaWalk(schema, tape, space, findings);
            walk.Run();
            List<ValidationError> errors = [.. findings.Found.Select(f => f.Error)];
            if (walk.Unfinished is { } rest) errors.Add(rest);
            return errors;
        }
        catch (JsonException) when (isRead)
        {
            // It has been read as JSON before; what a reader passes over is bytes in a string that are no UTF-8.
            return [new("", "holds text that is not Unicode")];
        }
        finally
        {
            space.Return();
        }
    }
}
