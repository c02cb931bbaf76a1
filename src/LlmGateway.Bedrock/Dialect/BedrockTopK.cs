using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// Where each maker's models have top-k: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html, and for
/// Nova https://docs.aws.amazon.com/nova/latest/userguide/using-converse-api.html.
/// </summary>
internal static class BedrockTopK
{
    /// <summary>The member of <c>additionalModelRequestFields</c>; null where the maker's models have none.</summary>
    public static string? FieldOf(BedrockModel maker) => maker switch
    {
        BedrockModel.Claude or BedrockModel.Mistral => "top_k",
        BedrockModel.Nova => "inferenceConfig",
        BedrockModel.Cohere => "k",
        _ => null,
    };

    public static void Write(Utf8JsonWriter json, BedrockModel maker, int topK)
    {
        if (maker != BedrockModel.Nova)
        {
            json.WriteNumberValue(topK);
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("topK"u8, topK);
        json.WriteEndObject();
    }

    /// <summary>Null where there is none, or where its field says more.</summary>
    public static int? Read(JsonElement? additional, BedrockModel maker)
    {
        if (additional is not { } fields) return null;
        return maker switch
        {
            BedrockModel.Claude or BedrockModel.Mistral => fields.Int("top_k"u8),
            BedrockModel.Nova when fields.Object("inferenceConfig"u8) is { } config && BedrockBlockDecoder.HasOnly(config, "topK") => config.Int("topK"u8),
            BedrockModel.Cohere => fields.Int("k"u8),
            _ => null,
        };
    }
}
