using LlmGateway.Dialects.Bedrock;

namespace LlmGateway.Bedrock.Tests;

/// <summary>What the tests of the dialect share.</summary>
internal static class Bedrock
{
    public const string Claude = "anthropic.claude-sonnet-4-5-20250929-v1:0";

    public static BedrockDialect Dialect => BedrockDialect.Instance;

    public static LlmRequest Ask(params IEnumerable<LlmPart> parts) => new() { Model = Claude, Messages = [new LlmMessage(LlmRole.User, parts)] };
}
