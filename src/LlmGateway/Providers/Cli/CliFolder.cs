using System.Text;

namespace LlmGateway.Providers.Cli;

/// <summary>
/// A temporary folder for one run, which only this user can read: an empty one to run in, so that the program finds no
/// project there, and beside it room for files that are passed by path. Removed on disposal.
/// </summary>
internal sealed class CliFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("llm-gateway-");

    public CliFolder() => Work = _root.CreateSubdirectory("work").FullName;

    /// <summary>The empty working folder.</summary>
    public string Work { get; }

    public string AddFile(string name, string text)
    {
        var path = Path.Combine(_root.FullName, name);
        File.WriteAllText(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }

    /// <summary>A folder beside the working one, for a program's settings and state.</summary>
    public string AddFolder(string name) => _root.CreateSubdirectory(name).FullName;

    /// <summary>
    /// Shows a file of the user's own, such as a login, at a place of the folder: a link and not a copy, so that what the
    /// program renews there is kept. Nothing is done where the file does not exist.
    /// </summary>
    /// <exception cref="ProviderException">Links cannot be made here: Windows lets only administrators and developers make them.</exception>
    public void Link(string name, string target, CliProgram program)
    {
        if (!File.Exists(target)) return;
        try
        {
            File.CreateSymbolicLink(Path.Combine(_root.FullName, name), target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(program.Provider, ProviderErrorKind.Authentication,
                $"{program.Provider}: the login of {program.Words} cannot be shown to its run, since no symbolic link can be made here: {e.Message} Set a key (LLM_API_KEY), or allow symbolic links (on Windows: developer mode).", e);
        }
    }

    public void Dispose()
    {
        try
        {
            _root.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Windows keeps a folder while a killed process is still being torn down. Leaving it is no failure of the call.
        }
    }
}
