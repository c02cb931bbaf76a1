using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlmGateway.Tests.DependencyInjection;

public sealed class AddLlmGatewayTests
{
    [Fact]
    public async Task The_client_is_a_singleton_over_the_configured_provider()
    {
        await using var services = Services(s => s.AddLlmGateway(c => { c.Provider = "echo"; c.Model = "echo-2"; }));

        var client = services.GetRequiredService<LlmClient>();

        Assert.Same(client, services.GetRequiredService<LlmClient>());
        Assert.Equal(("echo", "echo-2"), (client.Provider, client.Model));
        Assert.Equal("hi", (await client.CompleteTextAsync("hi", cancellationToken: TestContext.Current.CancellationToken)).Content);
    }

    [Fact]
    public async Task A_ledger_and_a_store_among_the_services_are_used()
    {
        var (ledger, store) = (new Fakes.FakeLedger(), new InProcessBudgetStore());
        await using var services = Services(s => s
            .AddSingleton<ILedger>(ledger)
            .AddSingleton<IBudgetStore>(store)
            .AddLlmGateway(c => (c.Provider, c.Model, c.Budgets, c.UnknownPrice) = ("echo", "echo-2", [new Budget("b") { LimitUsd = 1m }], UnknownPrice.Allow)));

        var response = await services.GetRequiredService<LlmClient>().CompleteTextAsync("hi", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Same(response.Metadata, Assert.Single(ledger.Records));
        Assert.Equal("total:b", Assert.Single(Assert.Single(ledger.Intents).Accounts).Key);
    }

    [Fact]
    public async Task A_section_is_read_and_code_wins_over_it()
    {
        var section = Section(("Llm:Provider", "echo"), ("Llm:Model", "from-section"), ("Llm:MaxTokens", "77"));
        await using var services = Services(s => s.AddLlmGateway(section, c => c.Model = "from-code"));

        var config = services.GetRequiredService<IOptions<GatewayConfig>>().Value;

        Assert.Equal(("echo", "from-code", 77), (config.Provider, config.Model, config.MaxTokens));
        Assert.Equal("from-code", services.GetRequiredService<LlmClient>().Model);
    }

    [Fact]
    public async Task Keyed_clients_have_options_of_their_own()
    {
        await using var services = Services(s => s
            .AddLlmGateway(c => { c.Provider = "echo"; c.Model = "main"; })
            .AddKeyedLlmGateway("cheap", c => { c.Provider = "echo"; c.Model = "small"; })
            .AddKeyedLlmGateway("section", Section(("Llm:Provider", "echo"), ("Llm:Model", "sectioned"))));

        Assert.Equal("main", services.GetRequiredService<LlmClient>().Model);
        Assert.Equal("small", services.GetRequiredKeyedService<LlmClient>("cheap").Model);
        Assert.Equal("sectioned", services.GetRequiredKeyedService<LlmClient>("section").Model);
    }

    [Fact]
    public async Task An_invalid_value_set_by_code_stops_the_start_of_the_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLlmGateway(c => { c.Provider = "echo"; c.MaxTokens = 0; });
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("LLM_MAX_TOKENS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_invalid_value_of_a_section_stops_the_start_of_the_host()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLlmGateway(Section(("Llm:TimeoutSeconds", "soon")));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<ProviderInitException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal("LLM_TIMEOUT_SECONDS", error.Setting);
        Assert.Contains("'soon'", error.Message, StringComparison.Ordinal);
        Assert.Contains("configuration", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_container_disposes_the_client()
    {
        LlmClient client;
        await using (var services = Services(s => s.AddLlmGateway(c => c.Provider = "echo")))
        {
            client = services.GetRequiredService<LlmClient>();
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CompleteTextAsync("hi", cancellationToken: TestContext.Current.CancellationToken));
    }

    private static IConfigurationSection Section(params (string Key, string Value)[] values)
        => new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build().GetSection("Llm");

    private static ServiceProvider Services(Action<IServiceCollection> add)
    {
        var registry = new ProviderRegistry();
        registry.Register("echo", _ => new EchoProvider());
        var services = new ServiceCollection().AddSingleton(new LlmClientOptions { Registry = registry });
        add(services);
        return services.BuildServiceProvider();
    }

    private sealed class EchoProvider : ILlmProvider
    {
        public string Name => "echo";

        public string DefaultModel => "echo-1";

        public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken) => Task.FromResult(new LlmReply(request.Messages[^1].Content));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
