namespace LlmGateway.Providers.Simulated.Schemas;

/// <summary>No valid value was found for one place of a schema. Caught where another branch can be tried, and else by the provider.</summary>
internal sealed class UnfillableSchemaException(string pointer, string message) : Exception(message)
{
    /// <summary>The place in the answer, as a JSON Pointer.</summary>
    public string Pointer { get; } = pointer;
}
