using LlmGateway.Configuration;

namespace LlmGateway.Providers.Cli;

/// <summary>
/// Finds a program on PATH. Only folders given by their full path are searched, so that no program of the working folder
/// is ever run. On Windows only a real <c>.exe</c> counts, or the one that an npm shim stands for: a <c>.cmd</c> file
/// would be run by a shell, which parses the arguments again.
/// </summary>
internal static class CliExecutable
{
    /// <param name="name">The program's name, without an extension.</param>
    /// <param name="npmPath">Where npm's package has its program, relative to the folder of its shim.</param>
    /// <param name="variables">Where PATH is read.</param>
    /// <returns>The full path; null where there is none.</returns>
    public static string? Find(string name, string npmPath, VariableSet variables)
    {
        foreach (var folder in (variables.Find("PATH")?.Value ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Path.IsPathFullyQualified(folder)) continue;
            if (!OperatingSystem.IsWindows())
            {
                var path = Path.Combine(folder, name);
                if (IsExecutable(path)) return path;
                continue;
            }

            foreach (var path in (ReadOnlySpan<string>)[Path.Combine(folder, name + ".exe"), Path.Combine(folder, npmPath)])
            {
                if (File.Exists(path)) return path;
            }
        }

        return null;
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return !OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & execute) != 0;
    }
}
