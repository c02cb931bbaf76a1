using System.CommandLine;
using System.Globalization;
using LlmGateway.Cli.Output;
using LlmGateway.Cli.Prices;
using LlmGateway.PriceData;

namespace LlmGateway.Cli.Commands;

/// <summary><c>prices</c>: what the price book holds, and what a file would change in it.</summary>
internal static class PricesCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("prices", "Look into the price book: list, show, diff, check.") { List(terminal), Show(terminal), Diff(terminal), Check(terminal) };
        return ExamplesHelp.Describe(
            command,
            """
            All of it is in US dollars: per million tokens, or for one where a line is a fee. In a pipe, tables are lines of
            tab-separated values; --json gives one JSON object a line, with exact amounts as text.

            llm-gateway prices list --vendor anthropic
            llm-gateway prices show claude-opus-5-5
            llm-gateway prices show gpt-5.6-sol --vendor openai --at 2026-08-01
            llm-gateway prices diff prices.json
            llm-gateway prices check prices.json
            """);
    }

    private static Command List(Terminal terminal)
    {
        var (vendor, at, asJson) = (Vendor(), At(), AsJson());
        var command = new Command("list", "List every row: what its tokens cost, and whether it has tiers, regions and fees.") { vendor, at, asJson };
        command.SetAction((parsed, _) =>
        {
            var sources = PriceSources.Load(GatewayConfig.Load());
            var when = parsed.GetValue(at) ?? TimeProvider.System.GetUtcNow();
            var rows = sources.Rows.Where(Of(parsed.GetValue(vendor), sources)).OrderBy(row => row.Provider, StringComparer.Ordinal).ThenBy(row => row.Model, StringComparer.Ordinal);
            if (parsed.GetValue(asJson)) foreach (var row in rows) terminal.Output.WriteLine(ResponseJson.Write(json => PriceJson.Write(json, row)));
            else TextGrid.Write(terminal, ["vendor", "model", "input", "output", "cache read", "cache write", "changes", "tiers", "regions", "fees"], rows.Select(row => Summary(row, row.At(when))));
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var model = new Argument<string>("model") { Description = "The model's name, as a vendor gives it" };
        var (vendor, at, asJson) = (Vendor(), At(), AsJson());
        var command = new Command("show", "Show all that is known of a model's price: every tier, region, step and fee, the names, the source.") { model, vendor, at, asJson };
        command.SetAction((parsed, _) =>
        {
            var config = GatewayConfig.Load();
            var sources = PriceSources.Load(config);
            var book = config.PricesFile is { } file ? PriceBook.Load(file) : PriceBook.Default;
            var (name, asked, moment) = (parsed.GetValue(model)!, parsed.GetValue(vendor), parsed.GetValue(at));
            var found = (asked is null ? sources.Vendors : [asked]).Select(v => sources.Find(book, v, name)).OfType<(PriceRow Row, string Name)>().Where(f => asked is not null || f.Name != "*").ToList();
            if (found.Count == 0) throw Unknown(name, asked, sources);
            foreach (var (row, matched) in found)
            {
                if (parsed.GetValue(asJson)) terminal.Output.WriteLine(Json(row, matched, moment));
                else Write(terminal, row, matched, moment);
            }

            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static Command Diff(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "A price file" };
        var asJson = AsJson();
        var command = new Command("diff", "Show what a price file would change against the built-in prices.") { file, asJson };
        command.SetAction((parsed, _) =>
        {
            var changes = PriceDifferences.Of(PriceSources.BuiltIn, PriceSources.Read(parsed.GetValue(file)!)).ToList();
            if (parsed.GetValue(asJson)) foreach (var change in changes) terminal.Output.WriteLine(ResponseJson.Write(change.Write));
            else TextGrid.Write(terminal, ["row", "what", "built-in", "file"], changes.Select(change => new[] { change.Row, change.What, change.Before ?? "-", change.After ?? "-" }));
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static Command Check(Terminal terminal)
    {
        var file = new Argument<string?>("file") { Description = "A price file; without it, the prices that are in use", Arity = ArgumentArity.ZeroOrOne };
        var asJson = AsJson();
        var command = new Command("check", "Check a price file whole, or say what the prices in use are and how old.") { file, asJson };
        command.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(file) is { } path) WriteCheck(terminal, path, PriceSources.Read(path), parsed.GetValue(asJson));
            else WriteState(terminal, PriceSources.Load(GatewayConfig.Load()), parsed.GetValue(asJson));
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static Func<PriceRow, bool> Of(string? vendor, PriceSources sources)
    {
        if (vendor is null) return _ => true;
        var name = VendorName.Canonical(vendor);
        if (PriceSources.BuiltIn.Inherit.TryGetValue(name, out var other) && !sources.Vendors.Contains(name)) name = other;
        return sources.Vendors.Contains(name) ? row => row.Provider == name : throw new UsageException($"No row is of vendor '{vendor}'. Vendors with rows: {string.Join(", ", sources.Vendors)}.");
    }

    private static string[] Summary(PriceRow row, ModelPrice price) =>
    [
        row.Provider, row.Model, Text(price.InputPerMillion), Text(price.OutputPerMillion), Text(price.CacheReadPerMillion), Text(price.CacheWritePerMillion),
        string.Join(" ", [.. row.Entries.Count > 1 ? ["by time"] : Array.Empty<string>(), .. price.Steps.Count > 0 ? ["by size"] : Array.Empty<string>()]),
        string.Join(" ", price.Tiers.Keys), string.Join(" ", price.Regions.Count > 3 ? price.Regions.Keys.Take(2).Append($"+{price.Regions.Count - 2}") : price.Regions.Keys), string.Join(" ", price.Fees.Keys),
    ];

    private static void Write(Terminal terminal, PriceRow row, string matched, DateTimeOffset? at)
    {
        terminal.Output.WriteLine($"{row.Provider}/{row.Model}");
        terminal.Output.WriteLine($"matched by  {matched}");
        terminal.Output.WriteLine($"names       {string.Join(" ", row.Names)}");
        terminal.Output.WriteLine($"source      {row.Source}");
        foreach (var note in row.Entries.Select(entry => entry.Price.Note).OfType<string>().Distinct()) terminal.Output.WriteLine($"read        {note}");
        var shown = at is { } moment ? new PriceRow { Provider = row.Provider, Model = row.Model, Names = row.Names, Source = row.Source, Entries = [new PriceEntry(row.At(moment))] } : row;
        TextGrid.Write(terminal, ["when", "what", "US dollars"], PriceLines.Of(shown).Select(line => new[] { line.When, line.What, line.Amount }));
    }

    private static string Json(PriceRow row, string matched, DateTimeOffset? at) => ResponseJson.Write(json =>
    {
        json.WriteString("matched", matched);
        PriceJson.Write(json, row);
        if (at is not { } moment) return;
        json.WriteString("at", moment.ToString("O", CultureInfo.InvariantCulture));
        json.WriteStartObject("price");
        PriceJson.Write(json, row.At(moment));
        json.WriteEndObject();
    });

    private static UsageException Unknown(string model, string? vendor, PriceSources sources)
    {
        var of = vendor is null ? "" : $" of vendor '{vendor}'";
        var near = NearNames.Of(model, sources.Rows.Where(row => vendor is null || row.Provider == VendorName.Canonical(vendor)));
        var hint = near.Count > 0 ? $" Nearest names, none of which it is priced as: {string.Join(", ", near)}." : "";
        return new UsageException($"The price of model '{model}'{of} is unknown.{hint} Give it in a file that LLM_PRICES_FILE names.");
    }

    private static void WriteCheck(Terminal terminal, string path, PriceTable table, bool asJson)
    {
        if (asJson)
        {
            terminal.Output.WriteLine(ResponseJson.Write(json =>
            {
                json.WriteString("file", path);
                json.WriteNumber("rows", table.Rows.Count);
            }));
            return;
        }

        terminal.Output.WriteLine($"{path}: nothing wrong in {table.Rows.Count} rows of {string.Join(", ", table.Rows.Select(row => row.Provider).Distinct().Order(StringComparer.Ordinal))}.");
    }

    private static void WriteState(Terminal terminal, PriceSources sources, bool asJson)
    {
        var age = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).DayNumber - PriceSources.Made.DayNumber;
        var made = PriceSources.Made.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var counts = PriceSources.BuiltIn.Rows.GroupBy(row => row.Provider).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        if (asJson)
        {
            terminal.Output.WriteLine(ResponseJson.Write(json =>
            {
                json.WriteString("source", PriceBook.BuiltInSource);
                json.WriteString("made", made);
                json.WriteNumber("age_days", age);
                json.WriteNumber("rows", PriceSources.BuiltIn.Rows.Count);
                json.WriteStartObject("vendors");
                foreach (var vendor in counts) json.WriteNumber(vendor.Key, vendor.Count());
                json.WriteEndObject();
                json.WriteString("prices_file", sources.Path);
                json.WriteNumber("prices_file_rows", sources.File.Rows.Count);
            }));
            return;
        }

        terminal.Output.WriteLine($"built-in  {PriceBook.BuiltInSource} and rows kept by hand, made on {made}, {age} days ago: {PriceSources.BuiltIn.Rows.Count} rows");
        terminal.Output.WriteLine(sources.Path is { } path ? $"file      {path} (LLM_PRICES_FILE): {sources.File.Rows.Count} rows" : "file      none (LLM_PRICES_FILE is not set)");
        TextGrid.Write(terminal, ["vendor", "rows"], counts.Select(vendor => new[] { vendor.Key, vendor.Count().ToString(CultureInfo.InvariantCulture) }));
    }

    private static string Text(decimal? amount) => amount is { } known ? Money.ToExactString(known) : "-";

    private static Option<string?> Vendor() => new("--vendor") { Description = "One vendor's rows alone" };

    private static Option<bool> AsJson() => new("--json") { Description = "Print one JSON object a line" };

    private static Option<DateTimeOffset?> At() => TimeOption.Create("--at", "The prices of this moment");
}
