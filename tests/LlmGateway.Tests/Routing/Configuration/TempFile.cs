namespace LlmGateway.Tests.RouteConfiguration;

/// <summary>A file in a folder of its own, which goes with it.</summary>
internal sealed class TempFile : IDisposable
{
    private int _writes;

    public TempFile(string text)
    {
        Path = System.IO.Path.Combine(Directory.CreateTempSubdirectory("llmgw-routes-").FullName, "gateway.json");
        Write(text);
    }

    public string Path { get; }

    /// <summary>Each write is a minute after the one before it, whatever the clock of the file system says.</summary>
    public void Write(string text)
    {
        File.WriteAllText(Path, text);
        File.SetLastWriteTimeUtc(Path, new DateTime(2026, 1, 1, 0, _writes++, 0, DateTimeKind.Utc));
    }

    public void Dispose() => Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
}
