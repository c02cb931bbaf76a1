using System.CommandLine;
using LlmGateway.Cli.Output;
using Spectre.Console;

namespace LlmGateway.Cli.Commands;

/// <summary><c>config</c>: every setting, its value, and where it came from.</summary>
internal static class ConfigCommand
{
    public static Command Create(Terminal terminal)
    {
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object a line" };
        var command = new Command("config", "Show every setting with its effective value and where it came from. Secrets are redacted.")
        {
            asJson,
        };
        command.SetAction(parsed =>
        {
            var config = GatewayConfig.Load();
            if (parsed.GetValue(asJson))
            {
                foreach (var setting in config.Describe())
                {
                    terminal.Output.WriteLine(ResponseJson.Write(json =>
                    {
                        json.WriteString("variable", setting.Variable);
                        json.WriteString("value", setting.Value);
                        json.WriteString("source", setting.Source);
                        json.WriteString("description", setting.Description);
                    }));
                }
            }
            else
            {
                var table = new Table().Border(TableBorder.Simple).AddColumns("variable", "value", "from", "what it is");
                foreach (var setting in config.Describe())
                {
                    table.AddRow(Markup.Escape(setting.Variable), Markup.Escape(setting.Value ?? "(unset)"), Markup.Escape(setting.Source), Markup.Escape(setting.Description));
                }

                terminal.Table.Write(table);
            }

            foreach (var warning in config.Warnings) terminal.Warn(warning);
            return ExitCodes.Ok;
        });
        return ExamplesHelp.Describe(
            command,
            """
            llm-gateway config
            llm-gateway config --json | jq -r 'select(.source != "default").variable'
            """);
    }
}
