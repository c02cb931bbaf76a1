using System.CommandLine;
using LlmGateway.Cli.Output;
using Spectre.Console;

namespace LlmGateway.Cli.Commands;

/// <summary><c>providers</c>: which there are, and which of them could answer now.</summary>
internal static class ProvidersCommand
{
    public static Command Create(Terminal terminal)
    {
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object a line" };
        var command = new Command("providers", "List the providers, their default models, and whether each is ready.")
        {
            asJson,
        };
        command.SetAction(async (parsed, _) =>
        {
            var config = GatewayConfig.Load();
            var table = new Table().Border(TableBorder.Simple).AddColumns("provider", "default model", "ready");
            foreach (var name in ProviderRegistry.Default.List())
            {
                var (model, problem) = await ProbeAsync(config with { Provider = name });
                if (parsed.GetValue(asJson))
                {
                    terminal.Output.WriteLine(ResponseJson.Write(json =>
                    {
                        json.WriteString("name", name);
                        json.WriteString("default_model", model);
                        json.WriteBoolean("ready", problem is null);
                        json.WriteString("problem", problem);
                    }));
                }
                else
                {
                    table.AddRow(Markup.Escape(name == config.Provider ? $"{name} *" : name), Markup.Escape(model ?? ""), Markup.Escape(problem is null ? "yes" : $"no: {problem}"));
                }
            }

            if (!parsed.GetValue(asJson))
            {
                terminal.Table.Write(table);
                terminal.Output.WriteLine("* chosen by LLM_PROVIDER");
            }

            return ExitCodes.Ok;
        });
        return ExamplesHelp.Describe(
            command,
            """
            llm-gateway providers
            llm-gateway providers --json | jq -r 'select(.ready).name'
            """);
    }

    private static async Task<(string? Model, string? Problem)> ProbeAsync(GatewayConfig config)
    {
        try
        {
            await using var provider = ProviderRegistry.Default.Build(config);
            return (provider.DefaultModel, null);
        }
        catch (GatewayException e)
        {
            return (null, e.Message);
        }
    }
}
