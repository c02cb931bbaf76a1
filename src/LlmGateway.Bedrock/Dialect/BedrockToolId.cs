using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// Ids of tool calls as Converse takes them: 1 to 64 letters, digits and a few signs
/// (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html). Another vendor's id that is
/// none gets one made of it, the same for the call and for its result.
/// </summary>
internal static class BedrockToolId
{
    public static string Of(string id)
        => id.Length is > 0 and <= 64 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-')
            ? id
            : "call_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 12));
}
