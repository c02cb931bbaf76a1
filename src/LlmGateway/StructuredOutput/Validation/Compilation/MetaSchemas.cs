using System.Text.Json;

namespace LlmGateway.StructuredOutput.Validation;

/// <summary>The published meta-schemas, which every schema may refer to.</summary>
internal static class MetaSchemas
{
    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["https://json-schema.org/draft/2020-12/schema"] = "2020-12.schema",
        ["https://json-schema.org/draft/2020-12/meta/core"] = "2020-12.core",
        ["https://json-schema.org/draft/2020-12/meta/applicator"] = "2020-12.applicator",
        ["https://json-schema.org/draft/2020-12/meta/unevaluated"] = "2020-12.unevaluated",
        ["https://json-schema.org/draft/2020-12/meta/validation"] = "2020-12.validation",
        ["https://json-schema.org/draft/2020-12/meta/meta-data"] = "2020-12.meta-data",
        ["https://json-schema.org/draft/2020-12/meta/format-annotation"] = "2020-12.format-annotation",
        ["https://json-schema.org/draft/2020-12/meta/content"] = "2020-12.content",
        ["http://json-schema.org/draft-07/schema"] = "draft-07",
        ["http://json-schema.org/draft-04/schema"] = "draft-04",
    };

    public static JsonElement? Find(string uri)
    {
        if (!Files.TryGetValue(uri, out var name)) return null;
        using var stream = typeof(MetaSchemas).Assembly.GetManifestResourceStream($"LlmGateway.metaschemas.{name}.json")!;
        using var document = JsonDocument.Parse(stream);
        return document.RootElement.Clone();
    }
}
