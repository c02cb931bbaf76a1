using System.CommandLine;
using System.Globalization;
using LlmGateway.Cli.Filters;
using LlmGateway.Cli.Output;
using LlmGateway.Vendors;
using Spectre.Console;

namespace LlmGateway.Cli.Commands;

/// <summary><c>price</c>: what a model costs, what some tokens cost, and, as a filter, what vendors' replies cost.</summary>
internal static class PriceCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string?>("model") { Description = "The model's name", Arity = ArgumentArity.ZeroOrOne };
        var provider = new Option<string>("--provider", "-p") { Description = "The vendor", DefaultValueFactory = _ => "anthropic" };
        var input = new Option<long>("--input") { Description = "Input tokens, cached ones included" };
        var cacheRead = new Option<long>("--cache-read") { Description = "Those of them read from a cache" };
        var cacheWrite = new Option<long>("--cache-write") { Description = "Those of them written to a cache" };
        var output = new Option<long>("--output") { Description = "Output tokens" };
        var asLines = new Option<bool>("--jsonl") { Description = "Price vendors' replies: one JSON object a line in and out" };
        var command = new Command("price", "Show what a model costs, or what a number of tokens costs.")
        {
            model, provider, input, cacheRead, cacheWrite, output, asLines,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(asLines)) return await JsonLinesFilter.RunAsync(terminal.Input, terminal.OutputBytes, PriceFilter.Convert, cancellationToken);
            var name = parsed.GetValue(model) ?? throw new UsageException("Name a model, or give --jsonl.");
            var config = GatewayConfig.Load();
            var book = config.PricesFile is { } file ? PriceBook.Load(file) : PriceBook.Default;
            var vendor = parsed.GetValue(provider)!;
            var match = book.Find(vendor, name) ?? throw Unknown(book, vendor, name);
            var usage = new TokenUsage { InputTokens = parsed.GetValue(input), CacheReadTokens = parsed.GetValue(cacheRead), CacheWriteTokens = parsed.GetValue(cacheWrite), OutputTokens = parsed.GetValue(output) };
            if (usage.TotalTokens == 0) Show(terminal, match);
            else ShowCost(terminal, Calculate(book, vendor, name, usage));
            return ExitCodes.Ok;
        });
        return ExamplesHelp.Describe(
            command,
            """
            With --jsonl, a filter: reads {"provider":"anthropic","body":{…a vendor's reply…}} a line and writes its usage
            and cost a line, in order. A bad line gives {"error":{…}} and does not stop the rest; blank lines are passed over.
            Nothing of LLM_* is read.

            llm-gateway price claude-sonnet-5
            llm-gateway price gpt-4o --provider openai --input 12000 --output 800
            llm-gateway price --jsonl < replies.jsonl
            """);
    }

    /// <summary>The same model may have a price at another vendor, which the caller may have meant.</summary>
    private static UsageException Unknown(PriceBook book, string vendor, string model)
    {
        var others = Vendor.All.Select(row => row.Name).Where(name => name != vendor && book.Find(name, model) is not null).ToList();
        var advice = others.Count > 0 ? $"It has one at: {string.Join(", ", others)}; say which with --provider." : "Give it in a file that LLM_PRICES_FILE names.";
        return new UsageException($"The price of model '{model}' of provider '{vendor}' is unknown. {advice}");
    }

    private static TokenUsage Calculate(PriceBook book, string vendor, string model, TokenUsage usage)
    {
        try
        {
            return book.Calculate(vendor, model, usage);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static void Show(Terminal terminal, PriceMatch match)
    {
        var price = match.Price;
        terminal.Output.WriteLine($"{match.Provider}/{match.Row} ({match.Source}), US dollars per million tokens:");
        var table = new Table().Border(TableBorder.Simple).HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
        Row("input", price.InputPerMillion);
        Row("cache read", price.CacheReadPerMillion);
        Row("cache write, 5 minutes", price.CacheWritePerMillion);
        Row("cache write, 1 hour", price.CacheWrite1hPerMillion);
        Row("output", price.OutputPerMillion);
        Row("reasoning", price.ReasoningPerMillion);
        foreach (var step in price.Steps) table.AddRow(Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"above {step.AboveInputTokens} input tokens")), Markup.Escape($"input {Text(step.Price.InputPerMillion)}, output {Text(step.Price.OutputPerMillion)}"));
        terminal.Table.Write(table);

        void Row(string what, decimal? amount)
        {
            if (amount is { } known) table.AddRow(what, Text(known));
        }
    }

    private static void ShowCost(Terminal terminal, TokenUsage usage)
    {
        if (usage.TotalCostUsd is not { } total) throw new UsageException("The price of one of these kinds of tokens is unknown for this model.");
        terminal.Output.WriteLine($"input   ${Text(usage.InputCostUsd)}");
        terminal.Output.WriteLine($"output  ${Text(usage.OutputCostUsd)}");
        terminal.Output.WriteLine($"total   ${Text(total)}");
    }

    private static string Text(decimal? amount) => amount is { } known ? Money.ToExactString(known) : "unknown";
}
