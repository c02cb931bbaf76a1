namespace LlmGateway.Sqlite;

/// <summary>
/// A file beside the ledger that a process holds locked while it lives: the system lets go of it at the process's death, however
/// that comes. So another process can tell the intents of the living from those of the dead.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private readonly FileStream _file;

    private OwnerLock(string id, FileStream file)
    {
        Id = id;
        _file = file;
    }

    public string Id { get; }

    /// <exception cref="LedgerException">Locks do not work there.</exception>
    public static OwnerLock Take(string ledger, string id)
    {
        try
        {
            Directory.CreateDirectory(FolderOf(ledger));
            var taken = new OwnerLock(id, new FileStream(PathOf(ledger, id), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
            if (TryTake(ledger, id, out var second))
            {
                second?.Dispose();
                taken.Dispose();
                throw new LedgerException($"The ledger '{ledger}' can't be opened: its folder has no locks between processes, without which it can't be known whose calls are still under way. Put it on a local disk, and leave DOTNET_SYSTEM_IO_DISABLEFILELOCKING unset.");
            }

            return taken;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LedgerErrors.Of("opened", ledger, e);
        }
    }

    /// <summary>Whether the owner is dead; then with its lock, which keeps others from taking it for dead too, where there still is one.</summary>
    public static bool TryTake(string ledger, string id, out OwnerLock? taken)
    {
        taken = null;
        try
        {
            taken = new OwnerLock(id, new FileStream(PathOf(ledger, id), FileMode.Open, FileAccess.ReadWrite, FileShare.None));
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public static void Forget(string ledger, string id) => File.Delete(PathOf(ledger, id));

    public void Dispose() => _file.Dispose();

    private static string FolderOf(string ledger) => ledger + ".owners";

    private static string PathOf(string ledger, string id) => Path.Combine(FolderOf(ledger), id);
}
