namespace LlmGateway.Dialects.Bedrock;

/// <summary>Whose model it is, since what goes into <c>additionalModelRequestFields</c> is the maker's own.</summary>
internal enum BedrockModel
{
    /// <summary>Anthropic's; and where the name does not say (the ARN of a profile of one's own), what is assumed.</summary>
    Claude,

    /// <summary>Amazon's Nova.</summary>
    Nova,

    /// <summary>OpenAI's open weights.</summary>
    OpenAI,

    /// <summary>Mistral's.</summary>
    Mistral,

    /// <summary>Cohere's Command R.</summary>
    Cohere,

    /// <summary>Any other, whose own fields are not known here.</summary>
    Other,
}

/// <summary>Reads the maker from a model's name: https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html.</summary>
internal static class BedrockModels
{
    public static BedrockModel MakerOf(string model)
    {
        if (Has("anthropic.") || Has("claude")) return BedrockModel.Claude;
        if (Has("amazon.nova")) return BedrockModel.Nova;
        if (Has("openai.")) return BedrockModel.OpenAI;
        if (Has("mistral.")) return BedrockModel.Mistral;
        if (Has("cohere.")) return BedrockModel.Cohere;
        var isFoundation = model.Contains('.', StringComparison.Ordinal) && (!model.StartsWith("arn:", StringComparison.Ordinal) || Has("foundation-model/") || Has(":inference-profile/"));
        return isFoundation ? BedrockModel.Other : BedrockModel.Claude;

        bool Has(string text) => model.Contains(text, StringComparison.OrdinalIgnoreCase);
    }
}
