using System.Globalization;

namespace ServerBench.Driver;

/// <summary>What Linux says of a process: the CPU time it has used, and its memory.</summary>
internal static class ProcessStat
{
    /// <summary>Linux counts CPU time in hundredths of a second (USER_HZ) on every platform that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>User and system time since the process began.</summary>
    public static TimeSpan Cpu(int pid)
    {
        var text = File.ReadAllText($"/proc/{Id(pid)}/stat");
        // The second field is the name in brackets, which may hold anything.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / TicksPerSecond);
    }

    /// <summary>Resident memory in bytes.</summary>
    public static long Resident(int pid) => Status(pid, "VmRSS:");

    /// <summary>The most resident memory since the process began, or since <see cref="ForgetPeak"/>, in bytes.</summary>
    public static long Peak(int pid) => Status(pid, "VmHWM:");

    /// <summary>Lets the peak begin anew from what is resident now.</summary>
    public static void ForgetPeak(int pid) => File.WriteAllText($"/proc/{Id(pid)}/clear_refs", "5");

    private static long Status(int pid, string name)
    {
        var line = File.ReadLines($"/proc/{Id(pid)}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return Number(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim()) * 1024;
    }

    private static string Id(int pid) => pid.ToString(CultureInfo.InvariantCulture);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
