using System.CommandLine;
using LlmGateway.Cli.Ledgers;
using LlmGateway.Cli.Output;
using LlmGateway.Server;
using LlmGateway.Sqlite;

namespace LlmGateway.Cli.Commands;

/// <summary><c>ledger</c>: what was asked and what it cost.</summary>
internal static class LedgerCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("ledger", "Look into the ledger that LLM_LEDGER_FILE names, else the one of the server's data folder: summary, tail, export, show.") { Summary(terminal), Tail(terminal), Export(terminal), Show(terminal) };
        return ExamplesHelp.Describe(
            command,
            """
            Amounts are exact US dollars. ~ stands before a sum with estimates in it, and + behind one with calls of unknown price.
            In a pipe, tables are lines of tab-separated values; --json gives one JSON object a line.

            llm-gateway ledger summary --by model --since 2026-11-01
            llm-gateway ledger summary --by tag --tag team
            llm-gateway ledger tail -n 20 --follow
            llm-gateway ledger export --format csv > calls.csv
            llm-gateway ledger show 019a
            """);
    }

    private static Command Summary(Terminal terminal)
    {
        var by = new Option<string>("--by") { Description = "By what", DefaultValueFactory = _ => "day" };
        by.AcceptOnlyFromAmong("day", "model", "vendor", "tag", "budget");
        var tag = new Option<string?>("--tag") { Description = "With --by tag: the tag whose values are summed" };
        var (file, since, until, asJson) = (FileOption(), TimeOption.Create("--since", "From this moment on"), TimeOption.Create("--until", "Before this moment"), AsJson());
        var command = new Command("summary", "Sum up calls, tokens and cost.") { by, tag, since, until, file, asJson };
        command.SetAction((parsed, _) =>
        {
            var kind = Enum.Parse<SummaryBy>(parsed.GetValue(by)!, ignoreCase: true);
            if (parsed.GetValue(tag) is not null && kind != SummaryBy.Tag) throw new UsageException("--tag goes with --by tag.");
            using var reader = Open(terminal, parsed.GetValue(file));
            var rows = reader.Summary(kind, parsed.GetValue(tag), parsed.GetValue(since), parsed.GetValue(until));
            if (parsed.GetValue(asJson)) foreach (var row in rows) terminal.Output.WriteLine(ResponseJson.Write(json => LedgerJson.Write(json, row)));
            else LedgerGrid.Write(terminal, kind, rows);
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static Command Tail(Terminal terminal)
    {
        var count = new Option<int>("-n", "--lines") { Description = "How many calls", DefaultValueFactory = _ => 10 };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes, until Ctrl-C" };
        var (file, asJson) = (FileOption(), AsJson());
        var command = new Command("tail", "Show the last calls, oldest first.") { count, follow, file, asJson };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(count) < 0) throw new UsageException("-n is a number of at least 0.");
            using var reader = Open(terminal, parsed.GetValue(file));
            var calls = reader.Last(parsed.GetValue(count));
            var last = calls.Count > 0 ? calls[^1].Sequence : reader.Last(1).LastOrDefault()?.Sequence ?? 0;
            Print(calls, isFirst: true);
            while (parsed.GetValue(follow))
            {
                // Ctrl-C is how one stops looking, and no failure.
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (cancellationToken.IsCancellationRequested) break;
                calls = reader.After(last);
                if (calls.Count > 0) last = calls[^1].Sequence;
                Print(calls, isFirst: false);
            }

            return ExitCodes.Ok;

            void Print(List<LedgerCall> some, bool isFirst)
            {
                if (parsed.GetValue(asJson)) foreach (var call in some) terminal.Output.WriteLine(ResponseJson.Write(json => LedgerJson.Write(json, call)));
                else LedgerGrid.Write(terminal, some, isFirst);
            }
        });
        return command;
    }

    private static Command Export(Terminal terminal)
    {
        var format = new Option<string>("--format") { Description = "csv (a line for each call) or jsonl (with its attempts and parts of cost)", DefaultValueFactory = _ => "jsonl" };
        format.AcceptOnlyFromAmong("csv", "jsonl");
        var (file, since, until) = (FileOption(), TimeOption.Create("--since", "From this moment on"), TimeOption.Create("--until", "Before this moment"));
        var command = new Command("export", "Write out the calls, as they were at one moment.") { format, since, until, file };
        command.SetAction((parsed, cancellationToken) =>
        {
            using var reader = Open(terminal, parsed.GetValue(file));
            var isCsv = parsed.GetValue(format) == "csv";
            using var output = new StreamWriter(terminal.OutputBytes, new System.Text.UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = isCsv ? "\r\n" : "\n" };
            if (isCsv) output.WriteLine(LedgerCsv.Header);
            foreach (var call in reader.Between(parsed.GetValue(since), parsed.GetValue(until)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                output.WriteLine(isCsv ? LedgerCsv.Of(call) : ResponseJson.Write(json => LedgerJson.Write(json, call)));
            }

            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var id = new Argument<string>("id") { Description = "A call's id, or how it begins" };
        var (file, asJson) = (FileOption(), AsJson());
        var command = new Command("show", "Show one call with every attempt and what its cost is made of.") { id, file, asJson };
        command.SetAction((parsed, _) =>
        {
            using var reader = Open(terminal, parsed.GetValue(file));
            var name = parsed.GetValue(id)!;
            var found = reader.Find(name, 6);
            if (found.FirstOrDefault(call => call.Id == name) is { } exact) found = [exact];
            if (found.Count == 0) throw new UsageException($"No call in the ledger has an id that begins with '{name}'. 'llm-gateway ledger tail' lists the last ones.");
            if (found.Count > 1) throw new UsageException($"More than one call has an id that begins with '{name}': {string.Join(", ", found.Take(5).Select(call => call.Id))}{(found.Count > 5 ? ", …" : "")}. Give more of it.");
            if (parsed.GetValue(asJson)) terminal.Output.WriteLine(ResponseJson.Write(json => LedgerJson.Write(json, found[0])));
            else LedgerPage.Write(terminal, found[0]);
            return Task.FromResult(ExitCodes.Ok);
        });
        return command;
    }

    private static LedgerReader Open(Terminal terminal, string? file)
    {
        file ??= GatewayConfig.Load().LedgerFile ?? OfServer() ?? throw new UsageException("There is no ledger to look into: set LLM_LEDGER_FILE, or give --file.");
        try
        {
            using (var first = LedgerReader.Open(file))
                if (!first.IsNewer) TakeInTheDead(file);
            var reader = LedgerReader.Open(file);
            if (reader.IsNewer) terminal.Warn($"'{file}' was written by a newer version of this program; what only that one knows is not shown.");
            return reader;
        }
        catch (LedgerException e)
        {
            throw new UsageException(e.Message);
        }
    }

    /// <summary>The ledger of the server's data folder, where there is one.</summary>
    private static string? OfServer()
    {
        try
        {
            return DataFolder.Open(makes: false).LedgerFile is { } file && File.Exists(file) ? file : null;
        }
        catch (GatewayException)
        {
            return null; // There is no place for such a folder.
        }
    }

    /// <summary>What a process left that died is a row only when someone opens the file to write. Where that can't be, what is there is shown.</summary>
    private static void TakeInTheDead(string file)
    {
        try
        {
            SqliteLedger.Open(new SqliteLedgerOptions { Path = file, Mode = LedgerMode.BestEffort }).DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        catch (LedgerException)
        {
            // The reader says what is wrong, if it can't read either.
        }
    }

    private static Option<string?> FileOption() => new("--file") { Description = "The ledger's file; over LLM_LEDGER_FILE" };

    private static Option<bool> AsJson() => new("--json") { Description = "Print one JSON object a line" };
}
