namespace LlmGateway;

/// <summary>A schema cannot be used: a keyword is malformed, a reference leads nowhere, or it is beyond a limit. The message names the place and the reason.</summary>
public sealed class JsonSchemaException : GatewayException
{
    internal JsonSchemaException(string message, string schemaPointer, Exception? innerException = null)
        : base(message, innerException)
        => SchemaPointer = schemaPointer;

    /// <summary>Where in the schema, or in the registered document that the message names: a JSON Pointer (RFC 6901); empty for the root.</summary>
    public string SchemaPointer { get; }
}
