using System.Collections.ObjectModel;

namespace LlmGateway.Providers.Cli;

/// <summary>One run of a program, without a shell: nothing in it is ever parsed as a command line.</summary>
/// <param name="Executable">The program's full path.</param>
/// <param name="Arguments">Its arguments, each passed as it is.</param>
/// <param name="Environment">All of its environment; nothing is inherited beside it.</param>
/// <param name="WorkingFolder">Where it runs.</param>
/// <param name="Input">What it reads on standard input, as UTF-8 without a byte-order mark.</param>
internal sealed record CliCommand(
    string Executable,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingFolder,
    string Input)
{
    /// <summary>Not the environment, which holds keys.</summary>
    public override string ToString() => $"CliCommand {{ {Executable} }}";
}

/// <summary>How a run ended.</summary>
/// <param name="ExitCode">The exit code; 128 + the signal's number where a signal ended it.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">The end of standard error.</param>
/// <param name="IsTooLarge">Whether standard output passed its bound, and the program was killed for it.</param>
internal sealed record CliResult(int ExitCode, string Output, string Error, bool IsTooLarge)
{
    /// <summary>What stands in <see cref="CliRun.ReportFile"/> after the run; empty where nothing does.</summary>
    public string Report { get; init; } = "";
}

/// <summary>What one run needs beyond its input.</summary>
/// <param name="Arguments">The program's arguments.</param>
internal sealed record CliRun(IReadOnlyList<string> Arguments)
{
    /// <summary>Variables of this run alone, over those of every run.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>A file that the program writes and that is read after the run; null for none.</summary>
    public string? ReportFile { get; init; }
}
