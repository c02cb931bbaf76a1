using LlmGateway.Server.Hosting;

namespace LlmGateway.Server.Health;

/// <summary>What must hold for the gateway to be given requests.</summary>
internal static class ReadyChecks
{
    public static IEnumerable<Func<(string Name, string? Trouble)>> Of(Gateway gateway)
    {
        yield return () => ("serving", gateway.IsStopping ? "it stops, and takes no new calls" : null);
        if (gateway.Data is not { } data) yield break;
        yield return () => ("keys", data.Keys.IsReadable ? null : "the file of the keys can't be read, so nobody is let in; the log says why");
        yield return () => ("ledger", data.Ledger switch
        {
            { IsReadOnly: true } => "a newer version of the gateway has written the ledger, so this one only reads it",
            { IsFailing: true } => "the ledger can't be written to; the log says why",
            _ => null,
        });
    }
}
