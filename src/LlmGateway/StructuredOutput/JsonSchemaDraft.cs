namespace LlmGateway;

/// <summary>A version of JSON Schema.</summary>
public enum JsonSchemaDraft
{
    /// <summary>2020-12, the current one.</summary>
    Draft202012,

    /// <summary>Draft 7: <c>definitions</c>, <c>dependencies</c>, <c>items</c> as an array; what stands beside a <c>$ref</c> means nothing.</summary>
    Draft7,

    /// <summary>Draft 4: as draft 7, with <c>id</c>, and <c>exclusiveMinimum</c> as true or false.</summary>
    Draft4,
}
