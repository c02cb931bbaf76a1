using System.Collections;
using LlmGateway.Configuration;
using LlmGateway.Providers.Cli;

namespace LlmGateway.Tests.Providers.Cli;

public sealed class CliExecutableTests
{
    [Fact]
    public void The_first_folder_of_PATH_that_has_it_wins()
    {
        using var first = new FakeCli("prog", "");
        using var second = new FakeCli("prog", "");

        Assert.Equal(first.Executable, Find("prog", $"/nowhere:{first.Folder}:{second.Folder}"));
    }

    [Fact]
    public void A_file_that_is_not_executable_and_a_folder_do_not_count()
    {
        using var cli = new FakeCli("prog", "");
        cli.Touch("text");
        Directory.CreateDirectory(Path.Combine(cli.Folder, "folder"));

        Assert.Null(Find("text", cli.Folder));
        Assert.Null(Find("folder", cli.Folder));
    }

    [Fact]
    public void The_working_folder_is_never_searched()
    {
        using var cli = new FakeCli("prog", "");
        var relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), cli.Folder);

        Assert.Null(Find("prog", $".:{relative}:"));
    }

    [Fact]
    public void Without_PATH_nothing_is_found() => Assert.Null(Find("sh", ""));

    private static string? Find(string name, string path) => CliExecutable.Find(name, "x", VariableSet.Merge(null, new Hashtable { ["PATH"] = path }));
}
