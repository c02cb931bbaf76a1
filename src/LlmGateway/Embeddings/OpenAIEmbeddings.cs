using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.PriceData;

namespace LlmGateway.Embeddings;

/// <summary>
/// OpenAI's form, which most vendors take: https://platform.openai.com/docs/api-reference/embeddings/create. Mistral's
/// differs in one name: https://docs.mistral.ai/api/endpoint/embeddings.
/// </summary>
internal sealed class OpenAIEmbeddings(string name, string dimensionsField) : IEmbeddingFormat
{
    public string Name => name;

    public string PathOf(LlmEmbeddingRequest request) => "embeddings";

    public void EncodeRequest(LlmEmbeddingRequest request, IBufferWriter<byte> body, List<string> losses)
    {
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        json.WriteStartArray("input"u8);
        foreach (var input in request.Inputs) json.WriteStringValue(input);
        json.WriteEndArray();
        json.WriteString("encoding_format"u8, "float"u8);
        if (request.Dimensions is { } dimensions) json.WriteNumber(dimensionsField, dimensions);
        if (request.Purpose is not null) losses.NoPlace("purpose", $"{name} embeddings");
        json.WriteEndObject();
    }

    public LlmEmbeddings DecodeReply(JsonElement root)
    {
        if (root.Member("data"u8, JsonValueKind.Array) is not { } data) throw new DialectException(ProviderErrorKind.MalformedReply, "The reply holds no list \"data\": it is not one of the embeddings API. Check LLM_BASE_URL.");
        var vectors = new SortedList<int, ReadOnlyMemory<float>>();
        foreach (var item in data.EnumerateArray())
        {
            // Each says its place; a server that does not gives them in order.
            var place = item.Member("index"u8, JsonValueKind.Number) is { } index && index.TryGetInt32(out var number) ? number : vectors.Count;
            var vector = item.ValueKind == JsonValueKind.Object && item.TryGetProperty("embedding"u8, out var value) ? VectorReader.Read(value) : throw new DialectException(ProviderErrorKind.MalformedReply, "An item of \"data\" holds no \"embedding\".");
            if (!vectors.TryAdd(place, vector)) throw new DialectException(ProviderErrorKind.MalformedReply, $"Two embeddings in the reply have the index {place}.");
        }

        return new LlmEmbeddings([.. vectors.Values]) { Model = root.Text("model"u8), Usage = Usage(root) };
    }

    /// <summary>Counts that cannot be read are estimated; the vectors are not lost for them.</summary>
    private TokenUsage? Usage(JsonElement root)
    {
        try
        {
            return root.Member("usage"u8, JsonValueKind.Object) is { } usage ? ChatUsage.Read(usage, name) : null;
        }
        catch (UsageFormatException)
        {
            return null;
        }
    }
}
