using System.CommandLine;
using System.Globalization;
using System.Net;
using LlmGateway.Cli.Output;
using LlmGateway.Server;
using LlmGateway.Server.Hosting;

namespace LlmGateway.Cli.Commands;

/// <summary><c>serve</c>: the gateway for clients in any language, which speak their vendors' own protocols to it.</summary>
internal static class ServeCommand
{
    public const int UsualPort = 4000;

    private const string UsualConfigFile = "gateway.json";

    public static Command Create(Terminal terminal)
    {
        var port = new Option<int>("--port") { Description = "The port; 0 for a free one", HelpName = "N", DefaultValueFactory = static _ => UsualPort };
        var host = new Option<string>("--host") { Description = "The address to listen on; 0.0.0.0 for all", HelpName = "H", DefaultValueFactory = static _ => "127.0.0.1" };
        var config = new Option<string?>("--config") { Description = "Vendors and routes; else LLM_CONFIG_FILE, else gateway.json of this folder where there is one", HelpName = "FILE" };
        var data = new Option<string?>("--data") { Description = "The folder of the ledger and the keys; else LLM_DATA_DIR, else the user's own", HelpName = "DIR" };
        var insecure = new Option<bool>("--insecure") { Description = "Listen beyond this machine though there are no keys" };
        var certificate = new Option<string?>("--tls-cert") { Description = "A certificate for TLS and HTTP/2, in PEM", HelpName = "FILE" };
        var key = new Option<string?>("--tls-key") { Description = "Its key, where the certificate's file does not hold it", HelpName = "FILE" };
        var verbose = new Option<bool>("--verbose") { Description = "Log each call on standard error" };
        var command = new Command("serve", "Run the gateway: a server that speaks the protocols of OpenAI, Anthropic and Gemini in front of any vendor.") { port, host, config, data, insecure, certificate, key, verbose };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new ServeSettings
            {
                Port = parsed.GetValue(port),
                Host = parsed.GetValue(host)!,
                Insecure = parsed.GetValue(insecure),
                CertificateFile = parsed.GetValue(certificate),
                CertificateKeyFile = parsed.GetValue(key),
            };
            Check(settings);
            var loaded = GatewayConfig.Load();
            if (parsed.GetValue(config) is { } file) loaded.ConfigFile = file;
            else if (loaded.ConfigFile is null && File.Exists(UsualConfigFile)) loaded.ConfigFile = UsualConfigFile;
            await ServeAsync(terminal, loaded, settings, DataFolder.Open(parsed.GetValue(data)).Path, parsed.GetValue(verbose), cancellationToken);
            return ExitCodes.Ok;
        });
        return ExamplesHelp.Describe(
            command,
            """
            llm-gateway serve
            llm-gateway serve --port 0 --config gateway.json --data ./data
            OPENAI_BASE_URL=http://127.0.0.1:4000/v1 OPENAI_API_KEY=any python app.py
            ANTHROPIC_BASE_URL=http://127.0.0.1:4000 claude -p "Hi"

            When it is ready, standard output says "listening on http://127.0.0.1:PORT". Ctrl-C lets calls under way end.
            """);
    }

    private static async Task ServeAsync(Terminal terminal, GatewayConfig config, ServeSettings settings, string data, bool verbose, CancellationToken cancellationToken)
    {
        using var log = new ErrorLog(config, terminal.Error, verbose);
        using var telemetry = LlmGatewayTelemetry.Start(config, log);
        var options = new LlmGatewayServerOptions { Config = config, DataFolder = data, AdminToken = Environment.GetEnvironmentVariable("LLM_ADMIN_TOKEN") is { Length: > 0 } token ? token : null };
        var app = ServerApp.Build(options, settings, log);
        await using (app)
        {
            try
            {
                await app.StartAsync(cancellationToken);
            }
            catch (IOException e)
            {
                throw new UsageException($"{settings.Host}:{settings.Port.ToString(CultureInfo.InvariantCulture)} can't be listened on: {e.Message} Choose another with --port, or 0 for a free one.");
            }

            terminal.Error.WriteLine($"data in {data}");
            foreach (var line in ServerApp.Notes(app, settings)) terminal.Error.WriteLine(line);
            terminal.Output.WriteLine($"listening on {ServerApp.AddressOf(app)}");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how it is meant to end.
            }

            terminal.Error.WriteLine("stopping: calls under way may end");
            await app.StopAsync(CancellationToken.None);
        }
    }

    private static void Check(ServeSettings settings)
    {
        if (settings.Port is < 0 or > 65535) throw new UsageException($"--port must be 0 to 65535, and is {settings.Port.ToString(CultureInfo.InvariantCulture)}.");
        if (settings.Host != "localhost" && !IPAddress.TryParse(settings.Host, out _)) throw new UsageException($"--host must be an IP address or localhost, and is '{settings.Host}'.");
        if (settings is { CertificateKeyFile: not null, CertificateFile: null }) throw new UsageException("--tls-key needs --tls-cert.");
    }
}
