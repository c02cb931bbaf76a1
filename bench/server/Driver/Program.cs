using System.Globalization;
using System.Text;
using ServerBench.Driver;

// Starts the vendor and every system before it, loads them in turn, and writes the tables. bench/server/run gives the paths.
var options = new Options(args);
var rounds = (int)options.Number("rounds", 3);
var warmup = TimeSpan.FromSeconds(options.Number("warmup", 1));
var measured = TimeSpan.FromSeconds(options.Number("seconds", 3));
var loads = (options["loads"] ?? "1,32,256,32s,256s").Split(',').Select(Case.Parse).ToArray();

using var servers = new Servers();
try
{
    var systems = await servers.StartAsync(options);
    var expected = new Dictionary<(string, bool), Expected>();
    foreach (var system in systems)
    {
        foreach (var stream in new[] { false, true }) expected[(system.Name, stream)] = await Load.LearnAsync(system, stream);
    }

    // Code that is compiled as it runs gets its time to be: nobody is measured cold.
    foreach (var system in systems)
    {
        await Load.RunAsync(system, new Case(32, false), expected[(system.Name, false)], warmup, warmup);
        await Load.RunAsync(system, new Case(32, true), expected[(system.Name, true)], warmup, warmup);
    }

    var report = new Report();
    for (var round = 0; round < rounds; round++)
    {
        foreach (var load in loads)
        {
            // Whoever comes first in one round comes later in the next.
            for (var i = 0; i < systems.Count; i++)
            {
                var system = systems[(i + round) % systems.Count];
                var sample = await Load.RunAsync(system, load, expected[(system.Name, load.Stream)], warmup, measured);
                report.Add(load, system.Name, sample);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"round {round + 1}/{rounds}  {load}  {system.Name}: {sample.AnswersPerSecond:N0}/s, p50 {sample.Latency.Percentile(0.5):N0} us, CPU {sample.CpuEach.TotalMicroseconds:N0} us"));
            }
        }
    }

    var names = systems.Select(static system => system.Name).ToArray();
    var text = new StringBuilder();
    foreach (var load in loads) report.Write(text, load, names, Servers.Upstream, Servers.Yarp);
    Targets.Write(text, report, loads);
    Console.Write(text);
    if (servers.Gateway is { } gateway && options["alone"] != "no")
    {
        var alone = new StringBuilder();
        await Alone.WriteAsync(alone, gateway, options);
        Console.Write(alone);
        text.Append(alone);
    }

    if (options["out"] is { } file) await File.WriteAllTextAsync(file, await File.ReadAllTextAsync(options.Need("head")) + "\n" + text);
    return 0;
}
catch (AnswerException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
