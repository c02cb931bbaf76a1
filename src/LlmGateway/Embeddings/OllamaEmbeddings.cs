using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Embeddings;

/// <summary>Ollama's own form: https://docs.ollama.com/api/embed.</summary>
internal sealed class OllamaEmbeddings : IEmbeddingFormat
{
    public string Name => "ollama";

    public string PathOf(LlmEmbeddingRequest request) => "api/embed";

    public void EncodeRequest(LlmEmbeddingRequest request, IBufferWriter<byte> body, List<string> losses)
    {
        if (request.Purpose is not null) losses.NoPlace("purpose", "ollama embeddings");
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        json.WriteStartArray("input"u8);
        foreach (var input in request.Inputs) json.WriteStringValue(input);
        json.WriteEndArray();

        // The default cuts what is too long, and says nothing.
        json.WriteBoolean("truncate"u8, false);
        if (request.Dimensions is { } dimensions) json.WriteNumber("dimensions"u8, dimensions);
        json.WriteEndObject();
    }

    public LlmEmbeddings DecodeReply(JsonElement root)
    {
        var vectors = VectorReader.ReadAll(root.Member("embeddings"u8, JsonValueKind.Array));
        var tokens = root.Member("prompt_eval_count"u8, JsonValueKind.Number);
        return new LlmEmbeddings(vectors)
        {
            Model = root.Text("model"u8),
            Usage = tokens is { } count && count.TryGetInt64(out var input) && input >= 0 ? new TokenUsage { InputTokens = input } : null,
        };
    }
}
