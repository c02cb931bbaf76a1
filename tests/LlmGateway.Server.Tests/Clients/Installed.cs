using System.Diagnostics;
using System.Reflection;

namespace LlmGateway.Server.Tests.Clients;

/// <summary>The programs of others that the tests run. CI installs them, and sets <c>LLM_GATEWAY_CI</c> so that a missing one is a failure there.</summary>
internal static class Installed
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(
        typeof(Installed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ProjectFolder").Value!, "..", ".."));

    /// <summary>A path in the repository, which npm must have made.</summary>
    public static string At(params string[] path)
    {
        var full = Path.Combine([Root, .. path]);
        if (!Path.Exists(full))
        {
            var folder = string.Join('/', path.TakeWhile(static part => part != "node_modules"));
            Assert.SkipWhen(Environment.GetEnvironmentVariable("LLM_GATEWAY_CI") is null, $"Run npm ci in {folder} first.");
            Assert.Fail($"{full} is missing: run npm ci in {folder}.");
        }

        return full;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
