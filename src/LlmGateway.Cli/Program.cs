using System.CommandLine;
using System.Runtime.InteropServices;
using LlmGateway;
using LlmGateway.Cli;
using LlmGateway.Cli.Commands;
using LlmGateway.Cli.Output;

ProviderRegistry.Default.AddBedrock();
var terminal = Terminal.OfProcess();
using var cancellation = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var onTermination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);

var root = new RootCommand("Ask any large language model, chosen by LLM_* variables or .env, and see what it cost.")
{
    CompleteCommand.Create(terminal),
    ServeCommand.Create(terminal),
    ProvidersCommand.Create(terminal),
    VendorsCommand.Create(terminal),
    ConfigCommand.Create(terminal),
    PriceCommand.Create(terminal),
    PricesCommand.Create(terminal),
    LedgerCommand.Create(terminal),
    KeysCommand.Create(terminal),
    WireCommands.CreateTranslate(terminal),
    WireCommands.CreateDecode(terminal),
    ValidateCommand.Create(terminal),
    RepairCommand.Create(terminal),
    MisbehaveCommand.Create(terminal),
    DoctorCommand.Create(terminal),
};

ExamplesHelp.Describe(
    root,
    """
    llm-gateway complete "What is the capital of France?"
    llm-gateway complete --schema invoice.json --file mail.txt --json
    llm-gateway doctor

    Exit codes: 0 ok, 1 other, 2 usage or configuration, 3 the answer stayed invalid, 4 cost limit, 5 provider, 130 cancelled.
    """);
ExamplesHelp.Install(root, terminal);

// Without response files: a prompt may begin with @.
var command = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (command.Errors.Count > 0)
{
    foreach (var error in command.Errors) terminal.Error.WriteLine($"error: {error.Message}");
    terminal.Error.WriteLine($"Try 'llm-gateway {(command.CommandResult.Command is RootCommand ? "" : command.CommandResult.Command.Name + " ")}--help'.");
    return ExitCodes.Usage;
}

try
{
    return await command.InvokeAsync(
        new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
        cancellation.Token);
}
catch (IOException) when (!cancellation.IsCancellationRequested)
{
    // The reader of our output has left, as "head" does when it has seen enough.
    return ExitCodes.Ok;
}
catch (Exception e)
{
    var failure = Failure.Of(e);
    terminal.Error.WriteLine($"error: {failure.Message}");
    return failure.ExitCode;
}

void Cancel(PosixSignalContext context)
{
    // The first one ends the call in order; a second one ends the process as it stands.
    context.Cancel = !cancellation.IsCancellationRequested;
    cancellation.Cancel();
}
