namespace LlmGateway.Testing.Misbehaving;

/// <summary>What happens to a connection before anything is said on it.</summary>
internal static class ConnectionFaults
{
    public static Task Resets(Exchange exchange)
    {
        exchange.Reset();
        return Task.CompletedTask;
    }

    /// <summary>Without a word; the connection is closed in order when the fault returns.</summary>
    public static Task HangsUp(Exchange exchange) => Task.CompletedTask;

    public static async Task Silent(Exchange exchange)
    {
        if (exchange.Fault.Time is not { } time)
        {
            await exchange.WaitForEverAsync().ConfigureAwait(false);
            return;
        }

        await exchange.WaitAsync(time).ConfigureAwait(false);
        await StreamFaults.Ok(exchange).ConfigureAwait(false);
    }
}
