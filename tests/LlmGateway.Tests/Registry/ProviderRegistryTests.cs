using LlmGateway.Tests.Fakes;

namespace LlmGateway.Tests.Registry;

public class ProviderRegistryTests
{
    private readonly ProviderRegistry _registry = new();

    [Fact]
    public async Task A_factory_runs_only_when_its_provider_is_built()
    {
        var made = 0;
        _registry.Register("other", _ => throw new InvalidOperationException("not to be made"));
        _registry.Register("mine", _ =>
        {
            made++;
            return new ScriptedProvider();
        });
        Assert.Equal(0, made);

        await using var first = _registry.Build(new GatewayConfig { Provider = "mine" });
        await using var second = _registry.Build(new GatewayConfig { Provider = "mine" });

        Assert.Equal(2, made);
        Assert.NotSame(first, second);
    }

    [Fact]
    public void The_list_is_sorted_and_has_the_built_in_ones()
    {
        _registry.Register("zz", _ => new ScriptedProvider());
        _registry.Register("aa", _ => new ScriptedProvider());

        var names = _registry.List();

        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Contains("anthropic", names);
        Assert.Equal("aa", names[0]);
    }

    [Fact]
    public void Registries_do_not_share_what_is_registered()
    {
        _registry.Register("only_here", _ => new ScriptedProvider());

        Assert.DoesNotContain("only_here", new ProviderRegistry().List());
    }

    [Theory]
    [InlineData("my-provider")]
    [InlineData("MY_PROVIDER")]
    [InlineData(" My_Provider ")]
    public void Case_and_hyphens_make_no_difference(string asked)
    {
        var provider = new ScriptedProvider();
        _registry.Register("My-Provider", _ => provider);

        Assert.Same(provider, _registry.Build(new GatewayConfig { Provider = asked }));
        Assert.Contains("my_provider", _registry.List());
    }

    [Fact]
    public void A_later_registration_replaces_an_earlier_one_and_a_built_in()
    {
        var mine = new ScriptedProvider();
        _registry.Register("anthropic", _ => mine);

        Assert.Same(mine, _registry.Build(new GatewayConfig()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("é")]
    public void A_name_with_other_characters_is_refused(string name)
        => Assert.Throws<ArgumentException>(() => _registry.Register(name, _ => new ScriptedProvider()));

    [Fact]
    public void An_unknown_name_lists_the_known_ones_and_the_nearest()
    {
        var e = Assert.Throws<ProviderNotFoundException>(() => _registry.Build(new GatewayConfig { Provider = "antropic" }));

        Assert.Equal("antropic", e.ProviderName);
        Assert.Equal("anthropic", e.NearestMatch);
        Assert.Equal(_registry.List(), e.KnownProviders);
        Assert.Contains("Did you mean 'anthropic'?", e.Message, StringComparison.Ordinal);
        Assert.Contains(string.Join(", ", _registry.List()), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_like_no_other_gets_no_guess()
        => Assert.Null(Assert.Throws<ProviderNotFoundException>(() => _registry.Build(new GatewayConfig { Provider = "qqqqqqqq" })).NearestMatch);

    [Fact]
    public void A_factory_that_fails_is_an_error_of_set_up_with_its_cause()
    {
        _registry.Register("bad", _ => throw new FileNotFoundException("no such model file"));

        var e = Assert.Throws<ProviderInitException>(() => _registry.Build(new GatewayConfig { Provider = "bad" }));

        Assert.Equal("bad", e.Provider);
        Assert.IsType<FileNotFoundException>(e.InnerException);
        Assert.Contains("no such model file", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_factory_that_gives_nothing_is_an_error()
    {
        _registry.Register("none", _ => null!);

        Assert.Contains("null", Assert.Throws<ProviderInitException>(() => _registry.Build(new GatewayConfig { Provider = "none" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_the_gateways_own_comes_out_as_it_is()
    {
        var missing = new CliNotFoundException("cli", "tool", "Install it.");
        _registry.Register("cli", _ => throw missing);

        Assert.Same(missing, Assert.Throws<CliNotFoundException>(() => _registry.Build(new GatewayConfig { Provider = "cli" })));
    }

    [Fact]
    public void A_configuration_with_a_key_that_no_header_can_hold_is_refused()
        => Assert.Equal("LLM_API_KEY", Assert.Throws<ProviderInitException>(() => _registry.Build(new GatewayConfig { ApiKey = "a\r\nb" })).Setting);

    [Fact]
    public void A_configuration_without_a_provider_is_refused()
        => Assert.Equal("LLM_PROVIDER", Assert.Throws<ProviderInitException>(() => _registry.Build(new GatewayConfig { Provider = null! })).Setting);

    [Fact]
    public void Registration_from_many_threads_loses_nothing()
    {
        Parallel.For(0, 500, i =>
        {
            _registry.Register($"p{i}", _ => new ScriptedProvider { Name = $"p{i}" });
            Assert.Equal($"p{i}", _registry.Build(new GatewayConfig { Provider = $"p{i}" }).Name);
            _ = _registry.List();
        });

        Assert.Equal(500, _registry.List().Count(n => n.Length > 1 && n[0] == 'p' && char.IsAsciiDigit(n[1])));
    }
}
