using LlmGateway.Configuration;

namespace LlmGateway.Server;

/// <summary>
/// Where the gateway keeps its ledger and its keys: <c>--data</c>, else <c>LLM_DATA_DIR</c>, else the user's own folder for data.
/// Only this user may look into one that is made here.
/// </summary>
internal sealed class DataFolder
{
    public const string Variable = "LLM_DATA_DIR";

    private DataFolder(string path) => Path = path;

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The file of the ledger and of what is spent of budgets.</summary>
    public string LedgerFile => System.IO.Path.Combine(Path, "ledger.db");

    /// <summary>The file of the virtual keys.</summary>
    public string KeysFile => System.IO.Path.Combine(Path, "keys.db");

    /// <summary>The folder.</summary>
    /// <param name="given">What the command line says; null where it says nothing.</param>
    /// <param name="variable">Reads a variable; null for the environment's and <c>.env</c>'s.</param>
    /// <param name="makes">Whether it is made where there is none.</param>
    /// <exception cref="GatewayException">It can't be made, or no place for it is known.</exception>
    public static DataFolder Open(string? given = null, Func<string, string?>? variable = null, bool makes = true)
    {
        var path = Locate(given, variable ?? Read);
        if (!makes) return new DataFolder(path);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new DataFolder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new GatewayException($"The data folder '{path}' can't be made: {e.Message} Name another with --data or {Variable}.", e);
        }
    }

    /// <summary>Where the folder is, or would be.</summary>
    /// <exception cref="GatewayException">No place for it is known.</exception>
    internal static string Locate(string? given, Func<string, string?> variable)
    {
        if (!string.IsNullOrWhiteSpace(given)) return System.IO.Path.GetFullPath(given);
        if (variable(Variable) is { } set && !string.IsNullOrWhiteSpace(set)) return System.IO.Path.GetFullPath(set);
        if (OperatingSystem.IsWindows()) return System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "llm-gateway");
        // Its specification has a relative one be passed over.
        if (variable("XDG_DATA_HOME") is { } xdg && System.IO.Path.IsPathRooted(xdg)) return System.IO.Path.Combine(xdg, "llm-gateway");
        if (variable("HOME") is { } home && System.IO.Path.IsPathRooted(home)) return System.IO.Path.Combine(home, ".local", "share", "llm-gateway");
        throw new GatewayException($"There is no place for the data folder: neither {Variable}, XDG_DATA_HOME nor HOME is set. Name one with --data or {Variable}.");
    }

    private static string? Read(string name) => VariableSet.Load(Directory.GetCurrentDirectory()).Find(name)?.Value;
}
