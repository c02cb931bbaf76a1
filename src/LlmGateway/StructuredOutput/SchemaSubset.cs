using LlmGateway.Dialects.Anthropic;
using LlmGateway.Dialects.Gemini;
using LlmGateway.Dialects.OpenAI;
using LlmGateway.Dialects.Schemas;
using LlmGateway.Providers.LocalClaude;

namespace LlmGateway;

/// <summary>The part of JSON Schema that a vendor's native schemas take. A full schema is turned into it, and answers are checked against the full one all the same.</summary>
public enum SchemaSubset
{
    /// <summary>Schemas go as they are.</summary>
    All,

    /// <summary>OpenAI's strict mode: every member required, none beyond, few keywords.</summary>
    OpenAIStrict,

    /// <summary>Anthropic's structured outputs, and Claude's on Bedrock.</summary>
    Anthropic,

    /// <summary>Gemini's <c>responseJsonSchema</c>.</summary>
    Gemini,

    /// <summary>The <c>claude</c> command line's <c>--json-schema</c>.</summary>
    ClaudeCli,
}

internal static class SchemaSubsets
{
    /// <summary>The rules of a subset; null where there are none.</summary>
    public static SchemaRules? RulesOf(SchemaSubset subset) => subset switch
    {
        SchemaSubset.OpenAIStrict => OpenAISchema.Rules,
        SchemaSubset.Anthropic => AnthropicSchema.Rules,
        SchemaSubset.Gemini => GeminiSchema.Rules,
        SchemaSubset.ClaudeCli => ClaudeSchema.Rules,
        _ => null,
    };
}
