namespace LlmGateway;

/// <summary>How the gateway serves. Each setting has a default.</summary>
public sealed class LlmGatewayServerOptions
{
    /// <summary>The configuration of the core: vendors, routes, budgets, limits. Default null: by <c>.env</c> and the environment.</summary>
    public GatewayConfig? Config { get; set; }

    /// <summary>What the core works with: HTTP, clock, registry, prices. Its ledger and store of budgets are the server's own.</summary>
    public LlmClientOptions Client { get; set; } = new();

    /// <summary>The folder of the ledger and the keys, made where it is missing. Default null: nothing is kept, and there are no keys.</summary>
    public string? DataFolder { get; set; }

    /// <summary>The token of the admin API, at least 16 characters; null (the default) to have none.</summary>
    public string? AdminToken { get; set; }

    /// <summary>Whether requests without a key are refused even while no key is defined. Default false: then whoever reaches the port may ask, which is for a port that only this machine reaches.</summary>
    public bool RequireKeys { get; set; }

    /// <summary>The largest body of a request, in bytes. Default 32 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>How long a request's body may take to come. Default 60 seconds.</summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The most calls under way at once; more are told to come again. Default 10,000.</summary>
    public int MaxConcurrentCalls { get; set; } = 10_000;

    /// <summary>The most connections at once; more are closed. Only where the gateway is a process of its own. Default 20,000.</summary>
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>How long calls under way may go on when the server stops. Those left then end with an error. Default 25 seconds.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>Whether an answer whose caller has left is read to its end, so that what it cost is known. Default false: the vendor is told to stop, and what was used is counted or estimated.</summary>
    public bool DrainAbandonedCalls { get; set; }

    /// <summary>Whether an answer by a schema is checked, and asked for again where it is wrong, also where the vendor's model keeps to schemas itself. Default false.</summary>
    public bool CheckNativeSchemas { get; set; }

    /// <summary>How long a caller of a stream sees nothing while its answer is held back until it is valid; then, and as often again, something that its protocol passes over. From then on an error has no status of its own. Default 15 seconds; <see cref="Timeout.InfiniteTimeSpan"/> for never.</summary>
    public TimeSpan SignOfLifeInterval { get; set; } = TimeSpan.FromSeconds(15);
}
