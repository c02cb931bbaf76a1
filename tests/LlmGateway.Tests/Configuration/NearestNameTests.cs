using LlmGateway.Configuration;

namespace LlmGateway.Tests.Configuration;

public class NearestNameTests
{
    [Theory]
    [InlineData("antropic", "anthropic")]
    [InlineData("ANTHROPIC", "anthropic")]
    [InlineData("simulate", "simulated")]
    [InlineData("xyz", null)]
    [InlineData("", null)]
    public void The_nearest_is_found_where_it_is_near(string name, string? nearest)
        => Assert.Equal(nearest, NearestName.Find(name, ["anthropic", "local_claude", "simulated"]));
}
