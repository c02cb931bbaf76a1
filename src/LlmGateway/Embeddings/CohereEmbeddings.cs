using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Embeddings;

/// <summary>Cohere's own form: https://docs.cohere.com/reference/embed.</summary>
internal sealed class CohereEmbeddings : IEmbeddingFormat
{
    public string Name => "cohere";

    public string PathOf(LlmEmbeddingRequest request) => "v2/embed";

    public void EncodeRequest(LlmEmbeddingRequest request, IBufferWriter<byte> body, List<string> losses)
    {
        var type = TypeOf(request.Purpose);
        if (request.Purpose is not null && type is null) losses.NoPlace($"purpose '{request.Purpose}'", "cohere embeddings");
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        json.WriteStartArray("texts"u8);
        foreach (var input in request.Inputs) json.WriteStringValue(input);
        json.WriteEndArray();

        // Required. What is stored is far more than what is asked, and this is the documentation's own first example.
        json.WriteString("input_type"u8, type ?? "search_document");
        json.WriteStartArray("embedding_types"u8);
        json.WriteStringValue("float"u8);
        json.WriteEndArray();

        // The default cuts what is too long, and says nothing.
        json.WriteString("truncate"u8, "NONE"u8);
        if (request.Dimensions is { } dimensions) json.WriteNumber("output_dimension"u8, dimensions);
        json.WriteEndObject();
    }

    public LlmEmbeddings DecodeReply(JsonElement root)
    {
        var vectors = VectorReader.ReadAll(root.Member("embeddings"u8, JsonValueKind.Object)?.Member("float"u8, JsonValueKind.Array));
        var tokens = root.Member("meta"u8, JsonValueKind.Object)?.Member("billed_units"u8, JsonValueKind.Object)?.Member("input_tokens"u8, JsonValueKind.Number);
        return new LlmEmbeddings(vectors) { Usage = tokens is { } count && count.TryGetDouble(out var input) && input is >= 0 and < 1e12 ? new TokenUsage { InputTokens = (long)input } : null };
    }

    private static string? TypeOf(string? purpose) => purpose switch
    {
        "document" => "search_document",
        "query" => "search_query",
        "classification" => "classification",
        "clustering" => "clustering",
        _ => null,
    };
}
