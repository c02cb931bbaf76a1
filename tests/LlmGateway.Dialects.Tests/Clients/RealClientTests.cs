using System.Diagnostics;
using System.Reflection;

namespace LlmGateway.Dialects.Tests.Clients;

/// <summary>The vendors' own npm clients read what the server halves of the codecs write. Codecs that only agree with themselves prove nothing.</summary>
public class RealClientTests
{
    private static readonly string Folder = Path.Combine(
        typeof(RealClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!, "tests", "clients");

    [Theory]
    [InlineData("openai-chat.mjs")]
    [InlineData("openai-responses.mjs")]
    [InlineData("anthropic.mjs")]
    [InlineData("ai-sdk.mjs")]
    [InlineData("bedrock.mjs")]
    public async Task A_real_client_understands_every_reply(string script)
    {
        // CI installs them, and sets this so that a missing client is a failure there.
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("LLM_GATEWAY_CI") is null, "Run npm ci in tests/clients first.");
        }

        await using var server = new CodecServer();
        using var node = Process.Start(new ProcessStartInfo("node", [script, server.Url]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        Assert.True(node.ExitCode == 0, await error);
        Assert.Equal("ok\n", await output);
    }
}
