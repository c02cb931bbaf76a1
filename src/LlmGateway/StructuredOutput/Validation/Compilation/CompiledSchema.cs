using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>A schema, ready for use. Immutable.</summary>
/// <param name="Document">The schema as it was written.</param>
/// <param name="Root">Its rules.</param>
/// <param name="Options">The limits.</param>
/// <param name="HasDynamicReferences">Whether the way by which a rule was reached matters.</param>
internal sealed record CompiledSchema(JsonElement Document, SchemaNode Root, JsonSchemaOptions Options, bool HasDynamicReferences);
