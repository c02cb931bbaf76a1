using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Embeddings;

/// <summary>Gemini's form, several texts at once: https://ai.google.dev/api/embeddings#method:-models.batchembedcontents.</summary>
internal sealed class GeminiEmbeddings : IEmbeddingFormat
{
    public string Name => "gemini";

    public string PathOf(LlmEmbeddingRequest request) => $"v1beta/models/{Uri.EscapeDataString(request.Model)}:batchEmbedContents";

    public void EncodeRequest(LlmEmbeddingRequest request, IBufferWriter<byte> body, List<string> losses)
    {
        var task = TaskOf(request.Purpose);
        if (request.Purpose is not null && task is null) losses.NoPlace($"purpose '{request.Purpose}'", "gemini embeddings");
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteStartArray("requests"u8);
        foreach (var input in request.Inputs)
        {
            json.WriteStartObject();
            json.WriteString("model"u8, $"models/{request.Model}");
            json.WriteStartObject("content"u8);
            json.WriteStartArray("parts"u8);
            json.WriteStartObject();
            json.WriteString("text"u8, input);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            if (task is not null) json.WriteString("taskType"u8, task);
            if (request.Dimensions is { } dimensions) json.WriteNumber("outputDimensionality"u8, dimensions);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public LlmEmbeddings DecodeReply(JsonElement root)
    {
        if (root.Member("embeddings"u8, JsonValueKind.Array) is not { } embeddings) throw new DialectException(ProviderErrorKind.MalformedReply, "The reply holds no list \"embeddings\": it is not one of batchEmbedContents. Check LLM_BASE_URL.");
        var vectors = new List<ReadOnlyMemory<float>>();
        foreach (var item in embeddings.EnumerateArray()) vectors.Add(VectorReader.Read(item.Member("values"u8, JsonValueKind.Array) ?? default));
        var tokens = root.Member("usageMetadata"u8, JsonValueKind.Object)?.Member("promptTokenCount"u8, JsonValueKind.Number);
        return new LlmEmbeddings(vectors) { Usage = tokens is { } count && count.TryGetInt64(out var input) && input >= 0 ? new TokenUsage { InputTokens = input } : null };
    }

    /// <summary>https://ai.google.dev/gemini-api/docs/embeddings#supported-task-types</summary>
    private static string? TaskOf(string? purpose) => purpose switch
    {
        "document" => "RETRIEVAL_DOCUMENT",
        "query" => "RETRIEVAL_QUERY",
        "similarity" => "SEMANTIC_SIMILARITY",
        "classification" => "CLASSIFICATION",
        "clustering" => "CLUSTERING",
        _ => null,
    };
}
