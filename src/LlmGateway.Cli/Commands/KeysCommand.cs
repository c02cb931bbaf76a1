using System.CommandLine;
using LlmGateway.Cli.Keys;
using LlmGateway.Cli.Output;
using LlmGateway.Server;
using LlmGateway.Server.Keys;

namespace LlmGateway.Cli.Commands;

/// <summary><c>keys</c>: the virtual keys of the server, also while it runs.</summary>
internal static class KeysCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("keys", "Make and look after the keys that callers of the server have: create, list, revoke, rotate, budget.") { CreateKey(terminal), List(terminal), Revoke(terminal), Rotate(terminal), Budget(terminal) };
        return ExamplesHelp.Describe(
            command,
            """
            A key is shown once, when it is made, and kept only as a hash. A server that runs on the same data folder
            knows of a change within a second. An id is the second part of a key.

            KEY=$(llm-gateway keys create --name alice --budget 20/month --rpm 60)
            llm-gateway keys create --name ci --model "gpt-*" --route cheap --expires 30d --tag team=search --json
            llm-gateway keys list
            llm-gateway keys rotate 3f8k2m9qzt --overlap 1h
            llm-gateway keys budget 3f8k2m9qzt --set 5/day --set 50/month
            llm-gateway keys revoke 3f8k2m9qzt
            """);
    }

    private static Command CreateKey(Terminal terminal)
    {
        var name = new Option<string>("--name") { Description = "What it is called", HelpName = "NAME", Required = true };
        var models = new Option<string[]>("--model") { Description = "A model that it may use, or a pattern with *; with a slash of vendor/model; several times. With neither --model nor --route: all", HelpName = "PATTERN" };
        var routes = new Option<string[]>("--route") { Description = "A route that it may use, or a pattern; several times", HelpName = "NAME" };
        var budgets = new Option<string[]>("--budget") { Description = "What it may spend, such as 20/month or 100; once for each window", HelpName = "USD[/WINDOW]" };
        var rpm = new Option<int?>("--rpm") { Description = "The most requests a minute", HelpName = "N" };
        var tpm = new Option<int?>("--tpm") { Description = "The most tokens a minute", HelpName = "N" };
        var concurrent = new Option<int?>("--concurrent") { Description = "The most requests at once", HelpName = "N" };
        var expires = new Option<string?>("--expires") { Description = "When it ends: in a time such as 30d, or at a moment such as 2027-01-31", HelpName = "TIME" };
        var tags = new Option<string[]>("--tag") { Description = "A label of its calls in the ledger; several times", HelpName = "NAME=VALUE" };
        var fallbacks = new Option<bool>("--fallbacks") { Description = "Let its requests name fallbacks of their own" };
        var (data, asJson) = (Data(), AsJson());
        var command = new Command("create", "Make a key, and print it.") { name, models, routes, budgets, rpm, tpm, concurrent, expires, tags, fallbacks, data, asJson };
        command.SetAction((parsed, _) => Run(() =>
        {
            var settings = new KeySettings
            {
                Name = parsed.GetValue(name)!,
                ExpiresAt = parsed.GetValue(expires) is { } end ? KeyOptions.Moment("--expires", end, TimeProvider.System.GetUtcNow()) : null,
                Models = parsed.GetValue(models) ?? [],
                Routes = parsed.GetValue(routes) ?? [],
                MayFallBack = parsed.GetValue(fallbacks),
                RequestsPerMinute = parsed.GetValue(rpm),
                TokensPerMinute = parsed.GetValue(tpm),
                MaxConcurrent = parsed.GetValue(concurrent),
                Budgets = KeyOptions.Budgets("--budget", parsed.GetValue(budgets) ?? []),
                Tags = KeyOptions.Tags("--tag", parsed.GetValue(tags) ?? []),
            };
            var folder = DataFolder.Open(parsed.GetValue(data));
            using var keys = KeyStore.Open(folder.KeysFile);
            var (key, secret) = keys.Create(settings);
            KeyOutput.WriteSecret(terminal, key, secret, null, parsed.GetValue(asJson));
            if (!parsed.GetValue(asJson)) terminal.Error.WriteLine($"{key} is made in {folder.Path}. It can't be shown again.");
        }));
        return command;
    }

    private static Command List(Terminal terminal)
    {
        var (data, asJson) = (Data(), AsJson());
        var command = new Command("list", "List the keys, without their secrets.") { data, asJson };
        command.SetAction((parsed, _) => Run(() =>
        {
            var file = DataFolder.Open(parsed.GetValue(data), makes: false).KeysFile;
            using var keys = File.Exists(file) ? KeyStore.Open(file) : null;
            KeyOutput.Write(terminal, keys?.All ?? [], parsed.GetValue(asJson));
            if (keys is null or { HasKeys: false }) terminal.Error.WriteLine($"There are no keys in {file}. 'llm-gateway keys create --name NAME' makes one.");
        }));
        return command;
    }

    private static Command Revoke(Terminal terminal)
    {
        var (id, data) = (Id(), Data());
        var command = new Command("revoke", "End a key at once and for ever.") { id, data };
        command.SetAction((parsed, _) => Run(() =>
        {
            var name = KeyOptions.Id(parsed.GetValue(id)!);
            using var keys = Open(parsed.GetValue(data));
            var key = keys.Revoke(name) ?? throw KeyOptions.Unknown(parsed.GetValue(id)!);
            terminal.Error.WriteLine($"{key} is revoked.");
        }));
        return command;
    }

    private static Command Rotate(Terminal terminal)
    {
        var overlap = new Option<string>("--overlap") { Description = "How long what the key was before stays valid: 24h, 30m, 0s", HelpName = "TIME", DefaultValueFactory = _ => "24h" };
        var (id, data, asJson) = (Id(), Data(), AsJson());
        var command = new Command("rotate", "Give a key a new secret, and print it; the one before stays valid for a while.") { id, overlap, data, asJson };
        command.SetAction((parsed, _) => Run(() =>
        {
            var time = KeyOptions.Duration(parsed.GetValue(overlap)!) is { } given && given <= KeyStore.MostOverlap ? given
                : throw new UsageException($"--overlap: '{parsed.GetValue(overlap)}' is no time of up to {KeyStore.MostOverlap.Days}d, such as 24h, 30m or 0s.");
            using var keys = Open(parsed.GetValue(data));
            var (key, secret) = keys.Rotate(KeyOptions.Id(parsed.GetValue(id)!), time) ?? throw KeyOptions.Unknown(parsed.GetValue(id)!);
            var until = TimeProvider.System.GetUtcNow() + time;
            KeyOutput.WriteSecret(terminal, key, secret, until, parsed.GetValue(asJson));
            if (!parsed.GetValue(asJson)) terminal.Error.WriteLine($"{key} has a new secret, which can't be shown again. The one before is valid until {KeyOutput.Time(until)}.");
        }));
        return command;
    }

    private static Command Budget(Terminal terminal)
    {
        var set = new Option<string[]>("--set") { Description = "What it may spend from now on, such as 20/month; several times for several windows, and none for no limit", HelpName = "USD[/WINDOW]" };
        var (id, data, asJson) = (Id(), Data(), AsJson());
        var command = new Command("budget", "Show what a key may spend and has spent, or set it.") { id, set, data, asJson };
        command.SetAction((parsed, cancellationToken) => RunAsync(async () =>
        {
            var name = KeyOptions.Id(parsed.GetValue(id)!);
            var budgets = parsed.GetValue(set) is { Length: > 0 } given ? given is ["none"] ? [] : KeyOptions.Budgets("--set", given) : null;
            using var keys = Open(parsed.GetValue(data));
            var key = (budgets is null ? keys.Get(name) : keys.Update(name, settings => settings with { Budgets = budgets })) ?? throw KeyOptions.Unknown(parsed.GetValue(id)!);
            var ledgerFile = GatewayConfig.Load().LedgerFile ?? DataFolder.Open(parsed.GetValue(data)).LedgerFile;
            await using var ledger = File.Exists(ledgerFile) ? SqliteLedger.Open(new SqliteLedgerOptions { Path = ledgerFile, Mode = LedgerMode.BestEffort }) : null;
            var balances = await KeyBalance.ReadAsync(key, ledger, TimeProvider.System.GetUtcNow(), cancellationToken);
            KeyOutput.Write(terminal, key, balances, parsed.GetValue(asJson));
        }));
        return command;
    }

    private static KeyStore Open(string? data)
    {
        var file = DataFolder.Open(data, makes: false).KeysFile;
        return File.Exists(file) ? KeyStore.Open(file) : throw new UsageException($"There are no keys in '{file}'. 'llm-gateway keys create --name NAME' makes one; --data names another folder.");
    }

    private static Task<int> Run(Action work) => RunAsync(() =>
    {
        work();
        return Task.CompletedTask;
    });

    /// <summary>What is wrong is said by the names that the command line has for it.</summary>
    private static async Task<int> RunAsync(Func<Task> work)
    {
        try
        {
            await work();
            return ExitCodes.Ok;
        }
        catch (KeySettingException e)
        {
            throw new UsageException($"{KeyOptions.OptionOf(e.Field)} {e.Rule}.");
        }
        catch (GatewayException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static Argument<string> Id() => new("id") { Description = "The key's id, as keys list shows it" };

    private static Option<string?> Data() => new("--data") { Description = $"The data folder; over {DataFolder.Variable}", HelpName = "DIR" };

    private static Option<bool> AsJson() => new("--json") { Description = "Print one JSON object a line" };
}
