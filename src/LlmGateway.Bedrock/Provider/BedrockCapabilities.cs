using LlmGateway.Dialects.Bedrock;

namespace LlmGateway.Bedrock.Provider;

/// <summary>
/// What the models can do, as far as their documentation says:
/// https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html,
/// https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html (Claude 4.5 and later),
/// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolChoice.html (which models can be made to call a tool).
/// </summary>
internal static class BedrockCapabilities
{
    private static readonly ModelCapabilities OldClaude = new() { ForcedTool = true, Tools = true };

    private static readonly ModelCapabilities NewClaude = new()
    {
        NativeSchema = true,
        UnsupportedSchemaFeatures = SchemaFeatures.OpenObjects | SchemaFeatures.Recursion | SchemaFeatures.AnyType,
        ForcedTool = true,
        Tools = true,
        StrictTools = true,
        Vision = true,
        Documents = true,
        Thinking = true,
    };

    private static readonly ModelCapabilities Nova = new() { ForcedTool = true, Tools = true };

    /// <summary>Claude's before 4.5, which have no native schemas.</summary>
    private static readonly string[] OldClaudes =
    [
        "claude-v2", "claude-instant", "claude-3", "claude-sonnet-4-2", "claude-opus-4-2", "claude-opus-4-1",
    ];

    public static ModelCapabilities Of(string model)
    {
        switch (BedrockModels.MakerOf(model))
        {
            case BedrockModel.Claude when model.Contains("claude", StringComparison.OrdinalIgnoreCase):
                return OldClaudes.Any(old => model.Contains(old, StringComparison.OrdinalIgnoreCase)) ? OldClaude : NewClaude;
            case BedrockModel.Nova:
                return Nova;
            default:
                return ModelCapabilities.Basic;
        }
    }
}
