namespace LlmGateway.Server;

/// <summary>The name under which the server tells of itself.</summary>
internal static class LlmGatewayServer
{
    public const string Product = "llm-gateway";
}
