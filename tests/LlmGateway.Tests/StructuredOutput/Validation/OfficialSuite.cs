using System.Reflection;
using System.Text.Json;

namespace LlmGateway.Tests.StructuredOutput.Validation;

/// <summary>The official JSON-Schema-Test-Suite, which stands beside the repository and not in it.</summary>
internal static class OfficialSuite
{
    private static readonly string Repository = typeof(OfficialSuite).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!;

    private static readonly Lazy<JsonSchemaDocuments> LazyRemotes = new(ReadRemotes);

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Repository, "..", "shared", "data", "json-schema-test-suite"));

    public static bool IsThere => Directory.Exists(Path.Combine(Folder, "tests"));

    /// <summary>Where it is missing, CI must not pass for want of it; elsewhere the tests are reported as skipped.</summary>
    public static bool MayBeMissing => Environment.GetEnvironmentVariable("CI") != "true" && Environment.GetEnvironmentVariable("LLM_GATEWAY_CI") is null;

    public static JsonSchemaDocuments Remotes => LazyRemotes.Value;

    public static string FolderOf(JsonSchemaDraft draft) => draft switch
    {
        JsonSchemaDraft.Draft7 => "draft7",
        JsonSchemaDraft.Draft4 => "draft4",
        _ => "draft2020-12",
    };

    /// <summary>The files of a draft, by their paths within its folder; one empty path where the suite is missing.</summary>
    public static IEnumerable<string> Files(JsonSchemaDraft draft, bool optional)
    {
        if (!IsThere) return [""];
        var folder = Path.Combine(Folder, "tests", FolderOf(draft));
        return Directory.EnumerateFiles(optional ? Path.Combine(folder, "optional") : folder, "*.json", optional ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly)
            .Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Order(StringComparer.Ordinal);
    }

    public static IEnumerable<SuiteTest> Read(JsonSchemaDraft draft, string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "tests", FolderOf(draft), file)));
        foreach (var group in document.RootElement.Clone().EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                yield return new SuiteTest($"{group.GetProperty("description")}: {test.GetProperty("description")}", group.GetProperty("schema"), test.GetProperty("data"), test.GetProperty("valid").GetBoolean());
            }
        }
    }

    private static JsonSchemaDocuments ReadRemotes()
    {
        var folder = Path.Combine(Folder, "remotes");
        return JsonSchemaDocuments.From(Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Select(file =>
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            return KeyValuePair.Create($"http://localhost:1234/{Path.GetRelativePath(folder, file).Replace('\\', '/')}", document.RootElement.Clone());
        }));
    }
}

internal sealed record SuiteTest(string Name, JsonElement Schema, JsonElement Data, bool IsValid);
