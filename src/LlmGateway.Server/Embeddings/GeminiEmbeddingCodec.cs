using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Server.Embeddings;

/// <summary>The server's half of https://ai.google.dev/api/embeddings, one text at a time and several.</summary>
internal static class GeminiEmbeddingCodec
{
    /// <exception cref="DialectException">The body is no such request; the message names the field.</exception>
    public static AskedEmbedding DecodeRequest(ReadOnlyMemory<byte> body, string model, bool isBatch) => RequestRead.Parse(body, "The request for embeddings", root =>
    {
        List<string> losses = [];
        if (!isBatch)
        {
            var (text, dimensions, purpose) = One(root, "", losses);
            return new AskedEmbedding(new LlmEmbeddingRequest { Model = model, Inputs = [text], Dimensions = dimensions, Purpose = purpose }, false, losses);
        }

        if (root.Member("requests"u8, JsonValueKind.Array) is not { } requests || requests.GetArrayLength() == 0) throw Wrong("requests", "is missing or empty");
        List<(string Text, int? Dimensions, string? Purpose)> all = [];
        foreach (var request in requests.EnumerateArray()) all.Add(One(request, $"requests[{all.Count}].", losses));
        if (all.Exists(one => one.Dimensions != all[0].Dimensions || one.Purpose != all[0].Purpose)) throw Wrong("requests", "differ in taskType or outputDimensionality: send those apart");
        return new AskedEmbedding(new LlmEmbeddingRequest { Model = model, Inputs = all.ConvertAll(static one => one.Text), Dimensions = all[0].Dimensions, Purpose = all[0].Purpose }, false, losses);
    });

    public static void EncodeReply(LlmResponse<IReadOnlyList<ReadOnlyMemory<float>>> response, bool isBatch, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        if (isBatch) json.WriteStartArray("embeddings"u8);
        else json.WritePropertyName("embedding"u8);
        foreach (var vector in response.Content)
        {
            json.WriteStartObject();
            json.WritePropertyName("values"u8);
            OpenAIEmbeddingCodec.WriteNumbers(json, vector.Span);
            json.WriteEndObject();
        }

        if (isBatch) json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (string Text, int? Dimensions, string? Purpose) One(JsonElement request, string place, List<string> losses)
    {
        if (request.ValueKind != JsonValueKind.Object) throw Wrong(place.TrimEnd('.'), "is not an object");
        if (request.Object("content"u8)?.Member("parts"u8, JsonValueKind.Array) is not { } parts) throw Wrong($"{place}content.parts", "is missing");
        var text = "";
        foreach (var part in parts.EnumerateArray())
            text += part.ValueKind == JsonValueKind.Object && part.Text("text"u8) is { } piece ? piece : throw Wrong($"{place}content.parts", "holds something else than texts");
        if (text.Length == 0) throw Wrong($"{place}content.parts", "holds no text");
        foreach (var member in request.EnumerateObject())
        {
            if (member.Name is not ("content" or "model" or "taskType" or "task_type" or "outputDimensionality" or "output_dimensionality") && !losses.Exists(loss => loss.StartsWith(member.Name, StringComparison.Ordinal)))
                losses.Add($"{member.Name} was left out: the gateway passes it to no embedding model.");
        }

        return (text, request.AskedInt("outputDimensionality"u8, place, mayBeText: true) ?? request.AskedInt("output_dimensionality"u8, place, mayBeText: true), PurposeOf(request.AskedText("taskType"u8, place) ?? request.AskedText("task_type"u8, place), losses));
    }

    private static string? PurposeOf(string? task, List<string> losses)
    {
        string? purpose = task switch
        {
            "RETRIEVAL_DOCUMENT" => "document",
            "RETRIEVAL_QUERY" => "query",
            "SEMANTIC_SIMILARITY" => "similarity",
            "CLASSIFICATION" => "classification",
            "CLUSTERING" => "clustering",
            _ => null,
        };
        if (purpose is null && task is not (null or "TASK_TYPE_UNSPECIFIED")) losses.Add($"taskType {task} was left out: the gateway knows no such purpose.");
        return purpose;
    }

    private static DialectException Wrong(string field, string what) => new(ProviderErrorKind.InvalidRequest, $"The field \"{field}\" {what}.");
}
