using LlmGateway.Server;

namespace LlmGateway.Server.Tests;

public class SkeletonTests
{
    [Fact]
    public void The_product_has_its_name() => Assert.Equal("llm-gateway", LlmGatewayServer.Product);
}
