using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway;

/// <summary>What a provider needs from outside: HTTP, time, chance and a log. Each has a default, and tests put their own.</summary>
public sealed record ProviderServices
{
    /// <summary>What requests go through. Not disposed by the gateway. Default null: one client shared by the process, which follows no redirects.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>
    /// Gives a bearer token for a vendor (its name) that takes one in place of a key: Entra ID for <c>azure_openai</c>, Google's
    /// for <c>vertex</c>. Asked with each request where no key is set; keep the token until it expires. Default null: none.
    /// </summary>
    public Func<string, CancellationToken, ValueTask<string?>>? TokenProvider { get; init; }

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gives random numbers from 0 up to 1, for the jitter of waits; called from many threads. Default <see cref="Random.Shared"/>.</summary>
    public Func<double> Randomizer { get; init; } = Random.Shared.NextDouble;

    /// <summary>Where log lines go. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
