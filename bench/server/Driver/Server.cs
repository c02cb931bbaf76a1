using System.Diagnostics;
using System.Net;

namespace ServerBench.Driver;

/// <summary>A process that serves: started by the driver, and ended with it.</summary>
internal sealed class Server : IDisposable
{
    private const string Ready = "listening on http://";
    private readonly Process _process;

    private Server(Process process, IPEndPoint endpoint, TimeSpan readyAfter)
    {
        _process = process;
        Endpoint = endpoint;
        ReadyAfter = readyAfter;
    }

    public IPEndPoint Endpoint { get; }

    public int Pid => _process.Id;

    /// <summary>From the start of the process to the line that says that it listens.</summary>
    public TimeSpan ReadyAfter { get; }

    /// <summary>Starts a process and waits for its line <c>listening on http://…</c>.</summary>
    public static async Task<Server> StartAsync(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var begun = Stopwatch.GetTimestamp();
        var process = Begin(file, arguments, environment);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            var at = line.IndexOf(Ready, StringComparison.Ordinal);
            if (at < 0) continue;
            var readyAfter = Stopwatch.GetElapsedTime(begun);
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return new Server(process, IPEndPoint.Parse(line[(at + Ready.Length)..].Trim().TrimEnd('/')), readyAfter);
        }

        throw new InvalidOperationException($"'{file}' ended without listening.");
    }

    /// <summary>Starts a process that is told its port, and waits until it can be connected to.</summary>
    public static async Task<Server> StartAsync(string file, IEnumerable<string> arguments, int port)
    {
        var begun = Stopwatch.GetTimestamp();
        var process = Begin(file, arguments, null);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        var endpoint = new IPEndPoint(IPAddress.Loopback, port);
        while (true)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(60)) throw new InvalidOperationException($"'{file}' does not listen.");
            using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(endpoint);
                return new Server(process, endpoint, Stopwatch.GetElapsedTime(begun));
            }
            catch (System.Net.Sockets.SocketException)
            {
                await Task.Delay(5);
            }
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Begin(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start) ?? throw new InvalidOperationException($"'{file}' does not start.");
    }
}
