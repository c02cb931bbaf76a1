using System.Text.Json.Nodes;

namespace LlmGateway.StructuredOutput;

/// <summary>The description of a schema, as the place for what no keyword says.</summary>
internal static class SchemaWords
{
    public static void Append(JsonObject schema, string words)
        => schema["description"] = TextOf(schema) is { } before ? $"{before} ({words})" : $"({words})";

    public static void Prepend(JsonObject schema, string description)
        => schema["description"] = TextOf(schema) is { } words ? $"{description} {words}" : description;

    private static string? TextOf(JsonObject schema) => schema["description"]?.GetValue<string>();
}
