namespace LlmGateway;

/// <summary>What <see cref="MisbehavingServer"/> may be given. Immutable.</summary>
public sealed record MisbehavingServerOptions
{
    /// <summary>The clock of its waits and of its log. Default the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The port on 127.0.0.1, 0 to 65535. Default 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>Called when a request is over, with what was seen of it; from any thread, one call at a time. Default null.</summary>
    public Action<SeenRequest>? OnRequest { get; init; }
}
