using System.CommandLine;
using System.Net.Sockets;
using LlmGateway.Cli.Output;
using Spectre.Console;

namespace LlmGateway.Cli.Commands;

/// <summary><c>doctor</c>: what is set, found and reachable, and what to do about what is not. It makes no paid request.</summary>
internal static class DoctorCommand
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("doctor", "Check the set-up: what is set, found and reachable, and what to do about what is not. Nothing is asked of a model.");
        command.SetAction((_, cancellationToken) => RunAsync(terminal, cancellationToken));
        return ExamplesHelp.Describe(
            command,
            """
            llm-gateway doctor
            LLM_PROVIDER=anthropic llm-gateway doctor
            """);
    }

    private static async Task<int> RunAsync(Terminal terminal, CancellationToken cancellationToken)
    {
        var report = new Report(terminal);
        if (report.Try("configuration", () => GatewayConfig.Load(), _ => "valid") is not { } config) return report.ExitCode;

        var files = config.Describe().Select(s => s.Source).Where(s => s is not ("default" or "environment" or "code" or "configuration")).Distinct().ToList();
        report.Say(files.Count > 0 ? $"settings from {string.Join(", ", files)}" : "no setting comes from a .env file");
        foreach (var warning in config.Warnings) report.Warn(warning);

        if (config.PricesFile is { } prices) report.Try("prices file", () => PriceBook.Load(prices), _ => prices);
        var provider = report.Try("provider", () => ProviderRegistry.Default.Build(config), p => $"{p.Name}, model {config.Model ?? p.DefaultModel}");
        if (provider is not null)
        {
            await using (provider)
            {
                Price(report, config, provider);
                if (provider.Endpoint is { } endpoint) await ReachAsync(report, "provider's address", endpoint, "Check LLM_BASE_URL, the network and any proxy.", cancellationToken);
            }
        }

        if (config is { TraceEnabled: true, TraceExporter: TraceExporter.Otlp })
        {
            await ReachAsync(report, "OTLP receiver", config.TraceEndpoint, "Start it, or correct LLM_TRACE_ENDPOINT.", cancellationToken);
        }

        return report.ExitCode;
    }

    private static void Price(Report report, GatewayConfig config, ILlmProvider provider)
    {
        var model = config.Model ?? provider.DefaultModel;
        var book = config.PricesFile is { } file && File.Exists(file) ? PriceBook.Load(file) : PriceBook.Default;
        if (provider.Billing == ProviderBilling.Free) report.Say("calls are free");
        else if (provider.Billing == ProviderBilling.Reported) report.Say("calls cost what the provider reports");
        else if (book.Find(provider.Name, model) is { } match) report.Say($"price found: {match.Provider}/{match.Row}");
        else report.Warn($"the price of {model} is unknown, so costs will be null{(config.CostLimitUsd is null ? "" : ", and with LLM_COST_LIMIT_USD set every call is refused")}. Give it in a file that LLM_PRICES_FILE names.");
    }

    private static async Task ReachAsync(Report report, string what, Uri address, string advice, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectTimeout);
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address.Host, address.Port, limit.Token);
            report.Ok(what, $"{address.Host}:{address.Port} accepts connections");
        }
        catch (SocketException e)
        {
            report.Fail(what, $"{address.Host}:{address.Port}: {e.Message}. {advice}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            report.Fail(what, $"{address.Host}:{address.Port} did not answer within {ConnectTimeout.TotalSeconds} s. {advice}");
        }
    }

    /// <summary>The findings, a line each as they are made.</summary>
    private sealed class Report(Terminal terminal)
    {
        public int ExitCode { get; private set; }

        public void Ok(string what, string found) => Line("[green]ok[/]     ", $"{what}: {found}");

        public void Say(string text) => Line("       ", text);

        public void Warn(string text) => Line("[yellow]warning[/]", text);

        public void Fail(string what, string problem)
        {
            ExitCode = ExitCodes.Other;
            Line("[red]problem[/]", $"{what}: {problem}");
        }

        public T? Try<T>(string what, Func<T> check, Func<T, string> describe)
            where T : class
        {
            try
            {
                var found = check();
                Ok(what, describe(found));
                return found;
            }
            catch (GatewayException e)
            {
                Fail(what, e.Message);
                return null;
            }
        }

        private void Line(string mark, string text)
        {
            terminal.Table.Markup(mark);
            terminal.Output.WriteLine($" {text}");
        }
    }
}
