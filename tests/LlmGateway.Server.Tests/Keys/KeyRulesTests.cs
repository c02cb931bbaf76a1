using LlmGateway.Server.Keys;

namespace LlmGateway.Server.Tests.Keys;

public class KeyRulesTests
{
    [Theory]
    [InlineData("gpt-4o", "openai", "gpt-4o", true)]
    [InlineData("gpt-4o", "groq", "gpt-4o", true)]
    [InlineData("gpt-4o", "openai", "gpt-4o-mini", false)]
    [InlineData("gpt-4o", "openai", "GPT-4o", false)]
    [InlineData("gpt-*", "openai", "gpt-4o-mini", true)]
    [InlineData("*mini", "openai", "gpt-4o-mini", true)]
    [InlineData("*", "openrouter", "meta-llama/llama-3:free", true)]
    [InlineData("openai/*", "openai", "o3", true)]
    [InlineData("openai/*", "groq", "openai/gpt-oss-120b", false)]
    [InlineData("*/meta-llama/*:free", "openrouter", "meta-llama/llama-3:free", true)]
    [InlineData("a*b*c", "v", "axxbxbxc", true)]
    [InlineData("a*b*c", "v", "axxbxbx", false)]
    [InlineData("gpt-?o", "v", "gpt-4o", false)]
    public void A_pattern_with_a_slash_is_for_vendor_and_model_and_one_without_for_the_model(string pattern, string vendor, string model, bool isAllowed)
        => Assert.Equal(isAllowed, KeyRules.Model(Key(new() { Models = [pattern] }), vendor, model) is null);

    [Fact]
    public void A_key_of_which_nothing_is_said_may_use_everything_but_fallbacks()
    {
        var key = Key(new());
        Assert.Null(KeyRules.Model(key, "openai", "gpt-4o"));
        Assert.Null(KeyRules.Route(key, "cheap"));
        Assert.Equal((KeyRefusalReason.Fallbacks, 403), (KeyRules.Fallbacks(key)!.Reason, KeyRules.Fallbacks(key)!.HttpStatus));
        Assert.Null(KeyRules.Fallbacks(Key(new() { MayFallBack = true })));
    }

    [Fact]
    public void A_refusal_says_what_was_asked_and_what_may_be()
    {
        var models = Key(new() { Models = ["gpt-4o-mini", "claude-*"] });
        var refusal = KeyRules.Model(models, "openai", "o3")!;
        Assert.Equal((KeyRefusalReason.Model, 403), (refusal.Reason, refusal.HttpStatus));
        Assert.Equal("This API key may not use the model 'openai/o3'. It may use the models gpt-4o-mini, claude-*, and no route.", refusal.Message);
        // Who may use two models may not use whatever a route leads to.
        Assert.Equal(KeyRefusalReason.Route, KeyRules.Route(models, "cheap")!.Reason);

        var routes = Key(new() { Routes = ["cheap", "team-*"] });
        Assert.Null(KeyRules.Route(routes, "team-a"));
        Assert.Equal("This API key may not use the route 'best'. It may use the routes cheap, team-*, and no model besides.", KeyRules.Route(routes, "best")!.Message);
        Assert.NotNull(KeyRules.Model(routes, "openai", "gpt-4o"));
    }

    private static VirtualKey Key(KeySettings settings) => new(settings) { Id = "aaaaaaaaaa", Prefix = "lgw_aaaaaaaaaa_aaaa", CreatedAt = default };
}
