using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace LlmGateway.Cli.Output;

/// <summary>A command's help, with examples below it; the list of commands stays a list of one-liners.</summary>
internal sealed class ExamplesHelp(HelpAction help, Terminal terminal) : SynchronousCommandLineAction
{
    private static readonly Dictionary<Command, string> Examples = [];

    public static Command Describe(Command command, string examples)
    {
        Examples[command] = examples;
        return command;
    }

    /// <summary>Puts it in place of the default help, for the root and so for all its commands.</summary>
    public static void Install(RootCommand root, Terminal terminal)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new ExamplesHelp((HelpAction)option.Action!, terminal);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = help.Invoke(parseResult);
        if (!Examples.TryGetValue(parseResult.CommandResult.Command, out var examples)) return exitCode;
        terminal.Output.WriteLine("Examples:");
        foreach (var line in examples.Split('\n')) terminal.Output.WriteLine($"  {line}");
        terminal.Output.WriteLine();
        return exitCode;
    }
}
