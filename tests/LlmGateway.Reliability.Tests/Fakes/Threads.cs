namespace LlmGateway.Reliability.Tests.Fakes;

/// <summary>Whether this process has something to do: on a machine that is busy with others it may have, and get no turn.</summary>
internal static class Threads
{
    private static readonly bool IsKnown = Directory.Exists("/proc/self/task");

    private static TimeSpan _used;

    /// <summary>Whether another thread than this one runs or could run. Where the system does not tell, whether the process was given time since the last look.</summary>
    public static bool AreBusy()
    {
        if (IsKnown) return Directory.EnumerateDirectories("/proc/self/task").Count(IsRunnable) > 1;
        var used = Environment.CpuUsage.TotalTime;
        var busy = used - _used > TimeSpan.FromMilliseconds(4);
        _used = used;
        return busy;
    }

    /// <summary>The state stands behind the name, which may hold anything: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html.</summary>
    private static bool IsRunnable(string thread)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat[stat.LastIndexOf(')') + 2] == 'R';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended.
        }
    }
}
