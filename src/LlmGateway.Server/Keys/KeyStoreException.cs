using LlmGateway.Sqlite;

namespace LlmGateway.Server.Keys;

/// <summary>The keys' file can't be used: opened, read or written.</summary>
internal sealed class KeyStoreException(string message, Exception? innerException = null) : GatewayException(message, innerException)
{
    public static KeyStoreException Of(string action, string path, Exception error) => new($"The keys in '{path}' can't be {action}: {LedgerErrors.Why(error)}", error);
}

/// <summary>What was asked of a key can't be done as it stands: it is revoked.</summary>
internal sealed class KeyRevokedException(string id) : GatewayException($"The key {id} is revoked, which can't be undone, and so it can't be changed. Make another key.");
