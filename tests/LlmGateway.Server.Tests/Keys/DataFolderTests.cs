namespace LlmGateway.Server.Tests.Keys;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llm-gateway-data-").FullName;

    [Theory]
    [InlineData("/given", "/given")]
    [InlineData(null, "/set", "LLM_DATA_DIR=/set", "XDG_DATA_HOME=/xdg", "HOME=/home/a")]
    [InlineData(null, "/xdg/llm-gateway", "XDG_DATA_HOME=/xdg", "HOME=/home/a")]
    [InlineData(null, "/home/a/.local/share/llm-gateway", "XDG_DATA_HOME=relative", "HOME=/home/a")]
    public void The_folder_is_the_first_that_is_named(string? given, string path, params string[] variables)
    {
        if (OperatingSystem.IsWindows()) return;
        var set = variables.Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        Assert.Equal(path, LlmGateway.Server.DataFolder.Locate(given, name => set.GetValueOrDefault(name)));
    }

    [Fact]
    public void Without_any_place_it_is_said_how_to_name_one()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Contains("--data", Assert.Throws<GatewayException>(() => LlmGateway.Server.DataFolder.Locate(null, _ => null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_made_for_this_user_alone()
    {
        var path = Path.Combine(_folder, "a", "b");
        var data = LlmGateway.Server.DataFolder.Open(path);

        Assert.Equal((path, Path.Combine(path, "ledger.db"), Path.Combine(path, "keys.db")), (data.Path, data.LedgerFile, data.KeysFile));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        File.WriteAllText(Path.Combine(path, "file"), "");
        Assert.Contains("can't be made", Assert.Throws<GatewayException>(() => LlmGateway.Server.DataFolder.Open(Path.Combine(path, "file", "x"))).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
