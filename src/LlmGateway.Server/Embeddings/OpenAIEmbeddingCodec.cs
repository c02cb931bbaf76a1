using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Server.Embeddings;

/// <summary>The server's half of https://platform.openai.com/docs/api-reference/embeddings.</summary>
internal static class OpenAIEmbeddingCodec
{
    /// <exception cref="DialectException">The body is no such request; the message names the field.</exception>
    public static AskedEmbedding DecodeRequest(ReadOnlyMemory<byte> body) => RequestRead.Parse(body, "The request for embeddings", static root =>
    {
        if (root.ValueKind != JsonValueKind.Object) throw new DialectException(ProviderErrorKind.InvalidRequest, "The request for embeddings is not a JSON object.");
        List<string> losses = [];
        string model = "";
        List<string> inputs = [];
        int? dimensions = null;
        var isBase64 = false;
        foreach (var member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "model": model = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw Wrong("model", "is not a text"); break;
                case "input": inputs = Inputs(member.Value); break;
                case "dimensions" when member.Value.ValueKind == JsonValueKind.Null: break;
                case "dimensions": dimensions = member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number) && number > 0 ? number : throw Wrong("dimensions", "is not a whole number above 0"); break;
                case "encoding_format": isBase64 = IsBase64(member.Value); break;
                default: losses.Add($"{member.Name} was left out: the gateway passes it to no embedding model."); break;
            }
        }

        if (model.Length == 0) throw Wrong("model", "is missing");
        if (inputs.Count == 0) throw Wrong("input", "is missing or empty");
        return new AskedEmbedding(new LlmEmbeddingRequest { Model = model, Inputs = inputs, Dimensions = dimensions }, isBase64, losses);
    });

    public static void EncodeReply(LlmResponse<IReadOnlyList<ReadOnlyMemory<float>>> response, bool isBase64, IBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        for (var i = 0; i < response.Content.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding"u8);
            json.WriteNumber("index"u8, i);
            json.WritePropertyName("embedding"u8);
            if (isBase64) WriteBase64(json, response.Content[i].Span);
            else WriteNumbers(json, response.Content[i].Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model"u8, response.Metadata.Model);
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, response.Usage.InputTokens);
        json.WriteNumber("total_tokens"u8, response.Usage.TotalTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteNumbers(Utf8JsonWriter json, ReadOnlySpan<float> vector)
    {
        json.WriteStartArray();
        foreach (var number in vector) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static void WriteBase64(Utf8JsonWriter json, ReadOnlySpan<float> vector)
    {
        var bytes = new byte[vector.Length * sizeof(float)];
        for (var i = 0; i < vector.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        json.WriteBase64StringValue(bytes);
    }

    private static List<string> Inputs(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.String) return [Text(input, "input")];
        if (input.ValueKind != JsonValueKind.Array) throw Wrong("input", "is neither a text nor a list of texts");
        List<string> texts = [];
        foreach (var item in input.EnumerateArray()) texts.Add(Text(item, $"input[{texts.Count}]"));
        return texts;
    }

    private static string Text(JsonElement item, string place) => item.ValueKind switch
    {
        JsonValueKind.String when item.GetString() is { Length: > 0 } text => text,
        JsonValueKind.String => throw Wrong(place, "is empty"),
        JsonValueKind.Number or JsonValueKind.Array => throw Wrong(place, "holds token numbers, which mean something to one vendor's models only: send the text"),
        _ => throw Wrong(place, "is not a text"),
    };

    private static bool IsBase64(JsonElement format) => format.ValueKind == JsonValueKind.Null ? false : format.ValueKind == JsonValueKind.String ? format.GetString() switch
    {
        "float" => false,
        "base64" => true,
        _ => throw Wrong("encoding_format", "is neither \"float\" nor \"base64\""),
    } : throw Wrong("encoding_format", "is not a text");

    private static DialectException Wrong(string field, string what) => new(ProviderErrorKind.InvalidRequest, $"The field \"{field}\" {what}.");
}
