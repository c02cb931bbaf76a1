namespace LlmGateway.Embeddings;

/// <summary>The formats by name.</summary>
internal static class EmbeddingFormat
{
    /// <summary>All formats.</summary>
    public static IReadOnlyList<IEmbeddingFormat> All { get; } =
    [
        new OpenAIEmbeddings("openai", dimensionsField: "dimensions"),
        new OpenAIEmbeddings("mistral", dimensionsField: "output_dimension"),
        new GeminiEmbeddings(),
        new CohereEmbeddings(),
        new OllamaEmbeddings(),
    ];

    /// <summary>The format of that name; null where there is none.</summary>
    public static IEmbeddingFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);
}
