using System.Reflection;
using LlmGateway.Configuration;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Tests.Docs;

/// <summary>What the pages list must be what the code has.</summary>
public sealed class DocumentationTests
{
    private static readonly string Repository = typeof(DocumentationTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!;

    [Fact]
    public void Configuration_md_has_a_row_for_every_variable_and_no_other()
    {
        var documented = Lines("docs/configuration.md")
            .Where(l => l.StartsWith("| `LLM_", StringComparison.Ordinal) || l.StartsWith("| `OTEL_", StringComparison.Ordinal))
            .Select(l => (Name: Cell(l, 1), Key: Cell(l, 2)));

        Assert.Equal(ConfigVariable.All.Select(v => (v.Name, v.Key)), documented);
    }

    [Fact]
    public void Env_example_names_every_variable()
    {
        var text = File.ReadAllText(Path.Combine(Repository, ".env.example"));

        Assert.All(ConfigVariable.All, v => Assert.Contains(v.Name + "=", text, StringComparison.Ordinal));
    }

    [Fact]
    public void Env_example_is_read_without_a_warning()
    {
        var file = EnvFile.Read(Path.Combine(Repository, ".env.example"));

        Assert.Empty(file.Warnings);
        Assert.Equal(["LLM_PROVIDER"], file.Values.Keys);
        Assert.Equal("simulated", file.Values["LLM_PROVIDER"]);
    }

    [Fact]
    public void Observability_md_has_every_log_event_with_its_level()
    {
        var documented = Lines("docs/observability.md")
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal) && int.TryParse(Cell(l, 1), out _))
            .Select(l => (int.Parse(Cell(l, 1)), Cell(l, 2)));
        var actual = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Select(a => (a.EventId, a.Level.ToString().ToLowerInvariant())).Order();

        Assert.Equal(actual, documented);
    }

    [Fact]
    public void The_architecture_page_names_every_folder_of_the_core()
    {
        var page = File.ReadAllText(Path.Combine(Repository, "docs/architecture.md"));
        var folders = Directory.GetDirectories(Path.Combine(Repository, "src/LlmGateway"))
            .Select(Path.GetFileName).Where(f => f is not ("bin" or "obj" or "buildTransitive"));

        Assert.All(folders, f => Assert.Contains($"`src/LlmGateway/{f}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_relative_link_of_the_pages_leads_somewhere()
    {
        var pages = Directory.GetFiles(Path.Combine(Repository, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository, "README.md")).Append(Path.Combine(Repository, "CONTRIBUTING.md"));
        var broken =
            from page in pages
            from link in System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(page), @"\]\(([^)#:]+)(#[^)]*)?\)").Select(m => m.Groups[1].Value)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, link))
            select $"{Path.GetRelativePath(Repository, page)}: {link}";

        Assert.Empty(broken);
    }

    private static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Repository, path));

    private static string Cell(string line, int number) => line.Split('|')[number].Trim(' ', '`');
}
