using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace LlmGateway.Cli.Tests;

public sealed class MisbehaveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_where_it_listens_logs_each_request_and_ends_cleanly()
    {
        using var cli = CliProcess.Start(["misbehave", "--port", "0"]);
        var address = await AddressAsync(cli);

        Assert.Equal("model\twhat it does", await cli.ReadLineAsync());
        var asked = await CliProcess.RunAsync(["complete", "Hi"], null, ("LLM_PROVIDER", "anthropic"), ("LLM_API_KEY", "sk-canary-123"), ("LLM_BASE_URL", address), ("LLM_MODEL", "fails-once"));
        var result = await InterruptAsync(cli);

        Assert.Equal((0, 0), (asked.ExitCode, result.ExitCode));
        Assert.StartsWith("A harbour master kept two clocks", asked.Output, StringComparison.Ordinal);
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z anthropic fails-once \d+ bytes: failed 500, \d+ bytes, billed 0\+0 tokens$", lines[0]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z anthropic fails-once \d+ bytes: answered 200, \d+ bytes, billed 1\+150 tokens$", lines[1]);
        Assert.DoesNotContain("canary", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_logged_as_json_for_bedrock_too()
    {
        using var cli = CliProcess.Start(["misbehave", "--json"]);
        using var http = new HttpClient { BaseAddress = new Uri(await AddressAsync(cli)) };

        using var request = new HttpRequestMessage(HttpMethod.Post, "/model/mine%2Fcut-after-9/converse-stream");
        request.Content = new StringContent("""{"messages":[{"role":"user","content":[{"text":"Hi"}]},{"role":"assistant","content":[{"text":"A harbour"}]}]}""", Encoding.UTF8, "application/json");
        using var reply = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        await Assert.ThrowsAsync<HttpRequestException>(() => reply.Content.ReadAsByteArrayAsync(Token));
        var result = await InterruptAsync(cli);

        var seen = JsonNode.Parse(Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)))!;
        Assert.Equal("""
            bedrock mine/cut-after-9 true "A harbour" broken 200 3 3 null
            """, $"{seen["dialect"]} {seen["model"]} {seen["streamed"]} \"{seen["prefill"]}\" {seen["outcome"]} {seen["status"]} {seen["billed_input_tokens"]} {seen["billed_output_tokens"]} {seen["key_hash"]?.ToJsonString() ?? "null"}");
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task The_list_has_every_fault()
    {
        var text = await CliProcess.RunAsync(["misbehave", "--list"]);
        var json = await CliProcess.RunAsync(["misbehave", "--list", "--json"]);

        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        var lines = text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["model\twhat it does", .. MisbehavingServer.Faults.Select(fault => $"{fault.Form}\t{fault.Description}")], lines);
        Assert.Equal(MisbehavingServer.Faults.Select(fault => fault.Name), json.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["name"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_port_that_is_taken_or_none_is_an_error_of_usage()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var first = await CliProcess.RunAsync(["misbehave", "--port", port]);
        var second = await CliProcess.RunAsync(["misbehave", "--port", "65536"]);

        Assert.Equal((2, 2), (first.ExitCode, second.ExitCode));
        Assert.StartsWith($"error: Port {port} can't be used: ", first.Error, StringComparison.Ordinal);
        Assert.Equal("error: --port must be 0 to 65535, and is 65536.\n", second.Error);
    }

    private static async Task<string> AddressAsync(CliProcess cli)
    {
        var line = await cli.ReadLineAsync();
        Assert.StartsWith("listening on http://127.0.0.1:", line, StringComparison.Ordinal);
        return line!["listening on ".Length..];
    }

    private static async Task<CliResult> InterruptAsync(CliProcess cli)
    {
        using (var kill = Process.Start("kill", ["-INT", cli.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(Token);
        return await cli.FinishAsync();
    }
}
