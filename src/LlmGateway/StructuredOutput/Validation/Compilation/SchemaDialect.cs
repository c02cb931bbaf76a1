namespace LlmGateway.StructuredOutput.Validation;

/// <summary>Which keywords a schema's <c>$schema</c> gives a meaning.</summary>
internal sealed record SchemaDialect(JsonSchemaDraft Draft)
{
    public static SchemaDialect Draft202012 { get; } = new(JsonSchemaDraft.Draft202012);

    public static SchemaDialect Draft7 { get; } = new(JsonSchemaDraft.Draft7);

    public static SchemaDialect Draft4 { get; } = new(JsonSchemaDraft.Draft4);

    /// <summary>Vocabularies that a meta-schema of one's own may leave out.</summary>
    public bool HasApplicators { get; init; } = true;

    public bool HasValidation { get; init; } = true;

    public bool HasUnevaluated { get; init; } = true;

    /// <summary>Whether <c>format</c> is a rule by the dialect itself.</summary>
    public bool AssertsFormat { get; init; }

    public bool Is202012 => Draft == JsonSchemaDraft.Draft202012;

    public bool Is4 => Draft == JsonSchemaDraft.Draft4;

    public string IdKeyword => Is4 ? "id" : "$id";

    /// <summary>Before 2019-09, what stands beside a reference means nothing.</summary>
    public bool ReferenceHidesSiblings => !Is202012;

    public static SchemaDialect Of(JsonSchemaDraft draft) => draft switch
    {
        JsonSchemaDraft.Draft7 => Draft7,
        JsonSchemaDraft.Draft4 => Draft4,
        _ => Draft202012,
    };

    /// <summary>The dialect of one of the published meta-schemas; null for any other URI.</summary>
    public static SchemaDialect? OfMetaSchema(string uri) => uri.Replace("https://", "http://", StringComparison.Ordinal) switch
    {
        "http://json-schema.org/draft/2020-12/schema" => Draft202012,
        "http://json-schema.org/draft-07/schema" => Draft7,
        "http://json-schema.org/draft-04/schema" => Draft4,
        _ => null,
    };
}
