using System.CommandLine;
using LlmGateway.Cli.Output;
using LlmGateway.Vendors;
using Spectre.Console;

namespace LlmGateway.Cli.Commands;

/// <summary><c>vendors</c>: the table of vendors, and which of their keys are set.</summary>
internal static class VendorsCommand
{
    public static Command Create(Terminal terminal)
    {
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object a line" };
        var command = new Command("vendors", "List the vendors' table: dialect, address, key variable, default model.") { asJson };
        command.SetAction((parsed, _) =>
        {
            var config = GatewayConfig.Load();
            var rows = Rows(config);
            if (parsed.GetValue(asJson))
            {
                foreach (var vendor in rows) terminal.Output.WriteLine(Json(vendor, config));
                return Task.FromResult(ExitCodes.Ok);
            }

            var table = new Table().Border(TableBorder.Simple).AddColumns("vendor", "dialect", "base url", "key", "default model");
            foreach (var vendor in rows)
            {
                table.AddRow(
                    Markup.Escape(vendor.Name),
                    Markup.Escape(vendor.Dialect),
                    Markup.Escape(vendor.BaseUrl),
                    Markup.Escape(Key(vendor, config)),
                    Markup.Escape(vendor.DefaultModel.Length > 0 ? vendor.DefaultModel : "(name one)"));
            }

            terminal.Table.Write(table);
            terminal.Output.WriteLine($"{rows.Count} vendors. Choose one with LLM_PROVIDER; LLM_API_KEY stands for any vendor's key. Add your own with LLM_VENDORS_FILE.");
            return Task.FromResult(ExitCodes.Ok);
        });
        return ExamplesHelp.Describe(
            command,
            """
            llm-gateway vendors
            llm-gateway vendors --json | jq -r 'select(.key_set).name'
            """);
    }

    /// <summary>A row of the user's stands in the place of a built-in one of its name.</summary>
    private static List<Vendor> Rows(GatewayConfig config)
    {
        var rows = Vendor.All.ToDictionary(vendor => vendor.Name);
        foreach (var own in config.VendorsFile is { } file ? VendorFile.Load(file) : []) rows[own.Name] = own;
        return [.. rows.Values.OrderBy(vendor => vendor.Name, StringComparer.Ordinal)];
    }

    private static bool IsSet(Vendor vendor, GatewayConfig config) => config.Variables.FindFirst(vendor.KeyVariables) is not null;

    private static string Key(Vendor vendor, GatewayConfig config)
    {
        if (vendor.KeyVariables.Count == 0) return "none needed";
        var state = IsSet(vendor, config) ? "set" : vendor.IsKeyOptional ? "not needed" : "not set";
        return $"{vendor.KeyVariables[0]} ({state})";
    }

    private static string Json(Vendor vendor, GatewayConfig config) => ResponseJson.Write(json =>
    {
        json.WriteString("name", vendor.Name);
        json.WriteString("dialect", vendor.Dialect);
        json.WriteString("base_url", vendor.BaseUrl);
        json.WriteString("auth_header", vendor.KeyHeader);
        json.WriteStartArray("key_env");
        foreach (var variable in vendor.KeyVariables) json.WriteStringValue(variable);
        json.WriteEndArray();
        json.WriteBoolean("key_set", IsSet(vendor, config));
        json.WriteBoolean("key_optional", vendor.IsKeyOptional);
        json.WriteString("default_model", vendor.DefaultModel.Length > 0 ? vendor.DefaultModel : null);
        json.WriteString("embeddings", vendor.EmbeddingFormat);
        json.WriteStartArray("sources");
        foreach (var source in vendor.Sources) json.WriteStringValue(source);
        json.WriteEndArray();
    });
}
