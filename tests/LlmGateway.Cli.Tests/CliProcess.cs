using System.Diagnostics;
using System.Text;

namespace LlmGateway.Cli.Tests;

/// <summary>The real program, as a process, in an empty folder and with no variables but the ones given.</summary>
internal sealed class CliProcess : IDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llm-gateway-cli");

    private CliProcess(string[] arguments, (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "llm-gateway.dll"), .. arguments])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = _folder.FullName;
        if (root is not null) start.Environment["DOTNET_ROOT"] = root;
        foreach (var (name, value) in variables) start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    public int Id => _process.Id;

    public static CliProcess Start(string[] arguments, params (string Name, string Value)[] variables) => new(arguments, variables);

    public static async Task<CliResult> RunAsync(string[] arguments, string? input = null, params (string Name, string Value)[] variables)
    {
        using var cli = new CliProcess(arguments, variables);
        return await cli.FinishAsync(input);
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    public async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

    public async Task<CliResult> FinishAsync(string? input = null, bool closesInput = true)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var output = _process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = _process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            if (input is not null) await _process.StandardInput.WriteAsync(input);
            if (closesInput) _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program has ended without reading all of it.
        }

        await _process.WaitForExitAsync(cancellationToken);
        return new CliResult(_process.ExitCode, await output, await error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}

internal sealed record CliResult(int ExitCode, string Output, string Error);
