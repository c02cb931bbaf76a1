using System.Text.Json;

namespace LlmGateway;

/// <summary>What shape the answer must have, and how the provider is to be told.</summary>
/// <param name="Name">A short name of the shape, for vendors that want one: letters, digits and <c>_</c>.</param>
/// <param name="Schema">The JSON schema, an object schema at its root.</param>
/// <param name="Mode">How the provider is told. Only with <see cref="OutputMode.Native"/> does the provider have anything to do.</param>
public sealed record OutputSchema(string Name, JsonElement Schema, OutputMode Mode)
{
    /// <summary>What the shape is for, where a vendor wants it said; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the vendor is to hold the answer to the schema exactly; null for yes, where it can.</summary>
    public bool? Strict { get; init; }

    /// <summary>Whether the client made the name up from a type, so that it is nobody's loss.</summary>
    internal bool HasMadeUpName { get; init; }
}

/// <summary>The ways to ask a model for JSON of a given schema.</summary>
public enum OutputMode
{
    /// <summary>The schema stands in the prompt; the provider sees plain messages.</summary>
    Prompt,

    /// <summary>The model is made to call a tool whose parameters are the schema.</summary>
    Tool,

    /// <summary>The provider passes the schema through the vendor's own field for it.</summary>
    Native,
}
