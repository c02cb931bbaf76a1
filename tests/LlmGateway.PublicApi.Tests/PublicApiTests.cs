using System.Reflection;
using PublicApiGenerator;

namespace LlmGateway.PublicApi.Tests;

/// <summary>
/// The whole public surface of each package stands in <c>approved/PACKAGE.txt</c>, so that a change of it is seen in
/// review. To approve one: <c>APPROVE_PUBLIC_API=1 dotnet test --project tests/LlmGateway.PublicApi.Tests</c>.
/// </summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Packages => ["LlmGateway", "LlmGateway.Bedrock", "LlmGateway.Extensions.AI", "LlmGateway.OpenTelemetry", "LlmGateway.Server", "LlmGateway.Sqlite", "LlmGateway.Testing"];

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_public_surface_is_the_approved_one(string package)
    {
        var actual = Assembly.Load(package).GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] }).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var path = Path.Combine(ProjectFolder(), "approved", $"{package}.txt");
        if (Environment.GetEnvironmentVariable("APPROVE_PUBLIC_API") == "1") File.WriteAllText(path, actual);

        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";

        Assert.Equal(approved, actual);
    }

    /// <summary>From the build, since a deterministic one hides the paths of its sources.</summary>
    private static string ProjectFolder()
        => typeof(PublicApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProjectFolder").Value!;
}
