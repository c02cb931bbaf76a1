using LlmGateway.Configuration;
using LlmGateway.Vendors;

namespace LlmGateway.Tests.Providers;

public class VendorTests
{
    private static readonly Vendor Anthropic = Vendor.All.Single(v => v.Name == "anthropic");

    [Fact]
    public void The_key_is_the_gateways_own_else_the_vendors_usual_one()
    {
        Assert.Equal("own", VendorSettings.FindKey(Anthropic, Configuration.Config.Of(("LLM_API_KEY", "own"), ("ANTHROPIC_API_KEY", "usual"))));
        Assert.Equal("usual", VendorSettings.FindKey(Anthropic, Configuration.Config.Of(("ANTHROPIC_API_KEY", " usual "))));
        Assert.Equal("usual", VendorSettings.FindKey(Anthropic, Configuration.Config.Of(("LLM_API_KEY", ""), ("ANTHROPIC_API_KEY", "usual"))));
        Assert.Null(VendorSettings.FindKey(Anthropic, Configuration.Config.Of(("OPENAI_API_KEY", "other"))));
    }

    [Fact]
    public void The_vendors_usual_key_may_stand_in_the_file()
        => Assert.Equal("usual", VendorSettings.FindKey(Anthropic, ConfigReader.Read(Configuration.Config.Variables("ANTHROPIC_API_KEY=usual"))));

    [Fact]
    public void A_missing_key_says_what_to_set()
    {
        var e = Assert.Throws<ProviderInitException>(() => new ProviderRegistry().Build(Configuration.Config.Of()));

        Assert.Equal(("anthropic", "LLM_API_KEY"), (e.Provider, e.Setting));
        Assert.Contains("LLM_API_KEY or ANTHROPIC_API_KEY", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_usual_key_that_no_header_can_hold_is_refused_and_not_shown()
    {
        var e = Assert.Throws<ProviderInitException>(() => VendorSettings.FindKey(Anthropic, Configuration.Config.Of(("ANTHROPIC_API_KEY", "sk secret"))));

        Assert.Equal("ANTHROPIC_API_KEY", e.Setting);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_is_the_gateways_own_else_the_vendors_usual_one_else_the_public_one()
    {
        Assert.Equal(new Uri("https://own/"), VendorSettings.BaseUrl(Anthropic, Configuration.Config.Of(("LLM_BASE_URL", "https://own"), ("ANTHROPIC_BASE_URL", "https://usual"))));
        Assert.Equal(new Uri("https://usual/"), VendorSettings.BaseUrl(Anthropic, Configuration.Config.Of(("ANTHROPIC_BASE_URL", "https://usual"))));
        Assert.Equal(new Uri("https://api.anthropic.com/"), VendorSettings.BaseUrl(Anthropic, Configuration.Config.Of()));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("https://user:secret@h")]
    [InlineData("https://h/?key=secret")]
    public void A_usual_address_that_is_none_is_refused_and_not_shown(string value)
    {
        var e = Assert.Throws<ProviderInitException>(() => VendorSettings.BaseUrl(Anthropic, Configuration.Config.Of(("ANTHROPIC_BASE_URL", value))));

        Assert.Equal("ANTHROPIC_BASE_URL", e.Setting);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude-2.1", false, false)]
    [InlineData("claude-3-7-sonnet-20250219", false, true)]
    [InlineData("claude-opus-4-20250514", false, true)]
    [InlineData("claude-opus-4-1-20250805", false, true)]
    [InlineData("claude-sonnet-4-20250514", false, true)]
    [InlineData("claude-sonnet-4-5-20250929", true, true)]
    [InlineData("claude-opus-4-5", true, true)]
    [InlineData("claude-haiku-4-5", true, true)]
    [InlineData("some-proxy-model", false, true)]
    public void What_a_model_can_do_is_known_by_its_name(string model, bool native, bool tool)
    {
        var capabilities = Anthropic.CapabilitiesOf(model);

        Assert.Equal((native, tool), (capabilities.NativeSchema, capabilities.ForcedTool));
    }
}
