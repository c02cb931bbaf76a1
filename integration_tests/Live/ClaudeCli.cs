using System.Reflection;
using System.Runtime.InteropServices;

namespace LlmGateway.IntegrationTests.Live;

/// <summary>
/// The CLI that <c>npm ci</c> installed. Its package runs a step after installation that puts the platform's program in
/// place; that step may not have run, so the program is taken from the platform's own package.
/// </summary>
internal static class ClaudeCli
{
    public static void LinkInto(string folder)
        => File.CreateSymbolicLink(Path.Combine(folder, OperatingSystem.IsWindows() ? "claude.exe" : "claude"), Find());

    private static string Find()
    {
        var installed = Path.GetFullPath(Path.Combine(LoopbackFolder, "node_modules", "@anthropic-ai", $"claude-code-{Platform}"));
        var program = Path.Combine(installed, OperatingSystem.IsWindows() ? "claude.exe" : "claude");
        return File.Exists(program) ? program : throw new FileNotFoundException($"The claude CLI is not installed: {program} is missing. Run npm ci in {Path.GetFullPath(LoopbackFolder)}, or integration_tests/run.sh --loopback.");
    }

    private static string LoopbackFolder
        => typeof(ClaudeCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "LoopbackFolder").Value!;

    private static string Platform
    {
        get
        {
            var os = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            var cpu = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
            return RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? $"{os}-{cpu}-musl" : $"{os}-{cpu}";
        }
    }
}
