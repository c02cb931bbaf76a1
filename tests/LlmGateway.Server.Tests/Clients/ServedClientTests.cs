using System.Diagnostics;

namespace LlmGateway.Server.Tests.Clients;

/// <summary>
/// The vendors' own clients against the running server, with the simulated model and with vendors of every dialect behind it:
/// text, streams, tools, structured output, and errors as their own exceptions. A stream that breaks never looks whole.
/// </summary>
public class ServedClientTests(ServedProcess served) : IClassFixture<ServedProcess>
{
    private static readonly string[] Scripts = ["openai-chat.mjs", "openai-responses.mjs", "anthropic.mjs", "genai.mjs", "ai-sdk.mjs"];

    public static TheoryData<string, string> Matrix
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var script in Scripts)
                foreach (var upstream in ServedProcess.Upstreams.Prepend("simulated")) all.Add(script, upstream);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_real_client_works_by_its_base_URL_alone(string script, string upstream)
    {
        var folder = Path.GetDirectoryName(Installed.At("tests", "server-clients", "node_modules"))!;
        string[] models = upstream == "simulated" ? ["simulated", ""] : [$"good_{upstream}/m", $"bad_{upstream}"];
        var (exitCode, output, error) = await Installed.RunAsync(new ProcessStartInfo("node", [script, served.Url, served.Key, .. models]) { WorkingDirectory = folder });

        Assert.True(exitCode == 0, $"{error}\n{served.Log}");
        Assert.Equal("ok\n", output);
    }
}
