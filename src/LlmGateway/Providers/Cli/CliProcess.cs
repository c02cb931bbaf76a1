using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LlmGateway.Providers.Cli;

/// <summary>
/// Runs a program to its end. Its input is written while both its outputs are read, so that none can block the others;
/// what it may write is bounded; and when the call is cancelled, it and all its children are killed and waited for.
/// </summary>
internal static class CliProcess
{
    /// <summary>No answer of a model is near this; more is a mistake.</summary>
    public const int MaxOutputBytes = 16 * 1024 * 1024;

    /// <summary>Enough of standard error to say what went wrong.</summary>
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>How long a child of the program may hold the outputs open after the program itself has ended.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <exception cref="Win32Exception">The program cannot be started.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; the program is gone.</exception>
    public static async Task<CliResult> RunAsync(CliCommand command, TimeProvider time, CancellationToken cancellationToken, int maxOutputBytes = MaxOutputBytes)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = StartInfoOf(command) };
        process.Start();

        using var stop = new CancellationTokenSource();
        var output = new CliCapture(maxOutputBytes, keepsEnd: false);
        var error = new CliCapture(MaxErrorBytes, keepsEnd: true);
        Action kill = () => Kill(process);
        var streams = Task.WhenAll(
            QuietAsync(WriteAsync(process.StandardInput.BaseStream, command.Input, stop.Token)),
            QuietAsync(output.ReadAsync(process.StandardOutput.BaseStream, kill, stop.Token)),
            QuietAsync(error.ReadAsync(process.StandardError.BaseStream, kill, stop.Token)));
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            await streams.WaitAsync(Grace, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // What was written until now counts.
        }
        finally
        {
            // After a normal end this does nothing. After cancellation the exit is awaited, so that no zombie is left.
            Kill(process);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
        }

        return new CliResult(process.ExitCode, output.Text(), error.Text(), output.IsFull);
    }

    private static ProcessStartInfo StartInfoOf(CliCommand command)
    {
        var info = new ProcessStartInfo(command.Executable)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = command.WorkingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in command.Arguments) info.ArgumentList.Add(argument);
        info.Environment.Clear();
        foreach (var (name, value) in command.Environment) info.Environment[name] = value;
        return info;
    }

    private static async Task WriteAsync(Stream input, string text, CancellationToken cancellationToken)
    {
        await using (input.ConfigureAwait(false))
        {
            await input.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A program may end without reading its input, which breaks the pipe: what it printed says why, and that is reported.</summary>
    private static async Task QuietAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It, or a child of it, ended in the meantime.
        }
    }
}
