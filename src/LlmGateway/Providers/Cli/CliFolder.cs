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
