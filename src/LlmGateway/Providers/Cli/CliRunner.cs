using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace LlmGateway.Providers.Cli;

/// <summary>
/// What every provider that runs a program shares: at most so many runs at once, each in a temporary folder of its own,
/// with the environment made once. Waiting for a turn ends on cancellation.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's wait handle is never made, so there is nothing to release, and a call may outlive its provider's disposal.")]
internal sealed class CliRunner(string provider, string executable, CliEnvironment environment, int maxConcurrency, TimeProvider time)
{
    private readonly SemaphoreSlim _turns = new(maxConcurrency);

    public CliEnvironment Environment { get; } = environment;

    /// <summary>No report of a program is near this; more is a mistake, and is not read.</summary>
    private const int MaxReportBytes = CliProcess.MaxOutputBytes;

    /// <param name="prepare">Says how to run; files that it names are put into the folder.</param>
    /// <param name="input">What the program reads on standard input.</param>
    /// <param name="cancellationToken">Ends the waiting and the run.</param>
    /// <exception cref="ProviderException">The program cannot be started.</exception>
    public async Task<CliResult> RunAsync(Func<CliFolder, CliRun> prepare, string input, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var folder = new CliFolder();
            var run = prepare(folder);
            var command = new CliCommand(executable, run.Arguments, Environment.With(run.Variables), folder.Work, input);
            var result = await CliProcess.RunAsync(command, time, cancellationToken).ConfigureAwait(false);
            return run.ReportFile is { } file && new FileInfo(file) is { Exists: true, Length: <= MaxReportBytes }
                ? result with { Report = await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false) }
                : result;
        }
        catch (Win32Exception e)
        {
            throw new ProviderException(provider, ProviderErrorKind.CliNotFound,
                $"{provider}: {executable} cannot be started: {Environment.Redact(e.Message)} Check that it is installed and that it runs by itself.", e);
        }
        finally
        {
            _turns.Release();
        }
    }
}
