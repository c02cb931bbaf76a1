using System.Diagnostics;

namespace LlmGateway.Tests.Providers.Cli;

/// <summary>A folder with a shell script that plays a program, and what the script wrote down about how it was run.</summary>
internal sealed class FakeCli : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fake-cli-");

    /// <param name="name">The program's name.</param>
    /// <param name="body">The script; <c>$here</c> is this folder.</param>
    public FakeCli(string name, string body)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The fake programs are shell scripts.");
        Executable = Path.Combine(_folder.FullName, name);

        // Written by another process: while this one writes a file, a program it starts at that moment inherits the
        // open file, and running the file then fails with "text file busy".
        using var writer = Process.Start(new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "cat > \"$1\" && chmod 755 \"$1\"", "sh", Executable },
            RedirectStandardInput = true,
        })!;
        writer.StandardInput.Write("#!/bin/sh\nhere=$(dirname \"$0\")\n" + body);
        writer.StandardInput.Close();
        writer.WaitForExit();
    }

    public string Executable { get; }

    public string Folder => _folder.FullName;

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public bool Has(string file) => File.Exists(Path.Combine(Folder, file));

    /// <summary>Waits until the script has written a file.</summary>
    public async Task<string> WhenWritten(string file)
    {
        var path = Path.Combine(Folder, file);
        while (!File.Exists(path) || new FileInfo(path).Length == 0) await Task.Delay(10, TestContext.Current.CancellationToken);
        return File.ReadAllText(path);
    }

    public void Touch(string file) => File.WriteAllText(Path.Combine(Folder, file), "x");

    /// <summary>Whether a process runs; one that has ended and that nobody has waited for yet does not.</summary>
    public static bool IsRunning(string id)
    {
        using var ps = Process.Start(new ProcessStartInfo("ps") { ArgumentList = { "-o", "stat=", "-p", id.Trim() }, RedirectStandardOutput = true })!;
        var state = ps.StandardOutput.ReadToEnd().Trim();
        ps.WaitForExit();
        return state.Length > 0 && state[0] != 'Z';
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
