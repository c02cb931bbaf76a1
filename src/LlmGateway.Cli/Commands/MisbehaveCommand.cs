using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using LlmGateway.Cli.Output;

namespace LlmGateway.Cli.Commands;

/// <summary><c>misbehave</c>: a vendor on this machine that goes wrong as the model's name says, to try a stack against.</summary>
internal static class MisbehaveCommand
{
    public static Command Create(Terminal terminal)
    {
        var port = new Option<int>("--port") { Description = "The port on 127.0.0.1; 0 for a free one", HelpName = "N" };
        var onlyList = new Option<bool>("--list") { Description = "Print the faults, and end" };
        var asJson = new Option<bool>("--json") { Description = "Print the faults, and each request, as one JSON object a line" };
        var command = new Command("misbehave", "Run a vendor that goes wrong on demand, in every dialect: the model's name says how. Each request is logged on standard error when it is over.") { port, onlyList, asJson };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var json = parsed.GetValue(asJson);
            if (parsed.GetValue(onlyList)) List(terminal, json);
            else await ServeAsync(terminal, parsed.GetValue(port), json, cancellationToken);
            return ExitCodes.Ok;
        });
        return ExamplesHelp.Describe(
            command,
            """
            llm-gateway misbehave --port 8080
            llm-gateway misbehave --list
            LLM_PROVIDER=openai LLM_API_KEY=any LLM_BASE_URL=http://127.0.0.1:8080 LLM_MODEL=rate-limited-2s-once llm-gateway complete "Hi"

            Behind a fault's name may stand its time (-2s, -500ms) and its place (-after-12), as its form says, and behind
            every one -once, -3x or -for-60s. Requests that it does not meet are answered as by ok. Ctrl-C ends it.
            """);
    }

    private static async Task ServeAsync(Terminal terminal, int port, bool asJson, CancellationToken cancellationToken)
    {
        if (port is < 0 or > 65535) throw new UsageException($"--port must be 0 to 65535, and is {port.ToString(CultureInfo.InvariantCulture)}.");
        var server = Start(new MisbehavingServerOptions { Port = port, OnRequest = seen => terminal.Error.WriteLine(asJson ? JsonOf(seen) : LineOf(seen)) });
        await using (server)
        {
            terminal.Output.WriteLine($"listening on {server.Url.OriginalString}");
            if (!asJson) List(terminal, asJson: false);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how it is meant to end.
            }
        }
    }

    private static MisbehavingServer Start(MisbehavingServerOptions options)
    {
        try
        {
            return new MisbehavingServer(options);
        }
        catch (SocketException e)
        {
            throw new UsageException($"Port {options.Port.ToString(CultureInfo.InvariantCulture)} can't be used: {e.Message}. Choose another with --port, or 0 for a free one.");
        }
    }

    private static void List(Terminal terminal, bool asJson)
    {
        if (!asJson)
        {
            TextGrid.Write(terminal, ["model", "what it does"], MisbehavingServer.Faults.Select(fault => new[] { fault.Form, fault.Description }));
            return;
        }

        foreach (var fault in MisbehavingServer.Faults)
        {
            terminal.Output.WriteLine(ResponseJson.Write(json =>
            {
                json.WriteString("name", fault.Name);
                json.WriteString("form", fault.Form);
                json.WriteString("description", fault.Description);
            }));
        }
    }

    private static string LineOf(SeenRequest seen)
    {
        var what = seen.Model is null ? seen.Path : $"{seen.Dialect} {seen.Model}{(seen.IsStreamed ? " streamed" : "")}";
        var status = seen.Status?.ToString(CultureInfo.InvariantCulture) ?? "-";
        return string.Create(CultureInfo.InvariantCulture, $"{seen.Time:yyyy-MM-ddTHH:mm:ss.fffZ} {what} {seen.Bytes} bytes{(seen.Prefill is null ? "" : " with prefill")}: {WordOf(seen.Outcome)} {status}, {seen.BytesSent} bytes, billed {seen.BilledInputTokens}+{seen.BilledOutputTokens} tokens");
    }

    private static string JsonOf(SeenRequest seen) => ResponseJson.Write(json =>
    {
        json.WriteString("time", seen.Time);
        json.WriteString("path", seen.Path);
        json.WriteString("dialect", seen.Dialect);
        json.WriteString("model", seen.Model);
        json.WriteBoolean("streamed", seen.IsStreamed);
        json.WriteNumber("bytes", seen.Bytes);
        json.WriteString("prefill", seen.Prefill);
        json.WriteString("key_hash", seen.KeyHash);
        json.WriteString("outcome", WordOf(seen.Outcome));
        ResponseJson.WriteNumber(json, "status", seen.Status);
        json.WriteNumber("bytes_sent", seen.BytesSent);
        json.WriteNumber("billed_input_tokens", seen.BilledInputTokens);
        json.WriteNumber("billed_output_tokens", seen.BilledOutputTokens);
    });

    private static string WordOf(SeenOutcome outcome) => JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());
}
