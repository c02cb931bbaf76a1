namespace LlmGateway.Dialects.Tests;

/// <summary>The bytes that vendors document, one folder a dialect; each folder's SOURCES.md says where they are from.</summary>
internal static class Fixture
{
    public static string Folder(string dialect) => Path.Combine(AppContext.BaseDirectory, "Fixtures", dialect);

    public static byte[] Bytes(string dialect, string name) => File.ReadAllBytes(Path.Combine(Folder(dialect), name));

    public static string Text(string dialect, string name) => File.ReadAllText(Path.Combine(Folder(dialect), name));

    public static bool Exists(string dialect, string name) => File.Exists(Path.Combine(Folder(dialect), name));
}
