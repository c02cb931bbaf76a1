using System.Globalization;
using System.Text;

namespace ServerBench.Driver;

/// <summary>What is measured of our server by itself: how soon it is ready, what it takes idle, and what an open stream takes.</summary>
internal static class Alone
{
    private const double Kilobyte = 1024;

    public static async Task WriteAsync(StringBuilder text, GatewayHost gateway, Options options)
    {
        text.Append("### By itself\n\n| | measured | target |\n|---|--:|--:|\n");
        await StartsAsync(text, gateway, (int)options.Number("starts", 10));
        await StreamsAsync(text, gateway, (int)options.Number("streams", 5000));
        await KeysAsync(text, gateway, (int)options.Number("keys", 10_000), (int)options.Number("rounds", 3), TimeSpan.FromSeconds(options.Number("seconds", 3)));
    }

    private static async Task StartsAsync(StringBuilder text, GatewayHost gateway, int count)
    {
        var ready = new List<double>();
        var idle = new List<double>();
        for (var i = 0; i < count; i++)
        {
            var server = await gateway.StartAsync("start");
            ready.Add(server.ReadyAfter.TotalMilliseconds);
            await Task.Delay(1000);
            idle.Add(ProcessStat.Resident(server.Pid) / Kilobyte / Kilobyte);
            gateway.Stop(server);
        }

        ready.Sort();
        text.Append(CultureInfo.InvariantCulture, $"| ready after, median of {count} starts | {ready[count / 2]:0} ms | 100 ms |\n");
        text.Append(CultureInfo.InvariantCulture, $"| resident while idle, one second after the start, the most of {count} | {idle.Max():0.0} MB | 40 MB |\n");
    }

    private static async Task StreamsAsync(StringBuilder text, GatewayHost gateway, int count)
    {
        foreach (var model in new[] { "chat/bench-hold", "messages/bench-hold" })
        {
            var system = await gateway.SystemAsync("streams-" + model[..4], model);
            // What the first requests load stays, whether streams are open or not.
            var one = system with { Model = model[..model.IndexOf('/')] + "/bench-model" };
            await Load.RunAsync(one, new Case(32, true), await Load.LearnAsync(one, true), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            await Task.Delay(2000);
            var before = ProcessStat.Resident(system.Server.Pid);
            var connections = Enumerable.Range(0, count).Select(_ => new Connection(system.Server.Endpoint, system.Requests(true), new Expected(true, 0, 0))).ToArray();
            try
            {
                foreach (var some in connections.Chunk(100)) await Task.WhenAll(some.Select(static connection => connection.HoldAsync(5)));
                await Task.Delay(2000);
                var each = (ProcessStat.Resident(system.Server.Pid) - before) / Kilobyte / count;
                text.Append(CultureInfo.InvariantCulture, $"| an open stream of {count:N0}, {(model[0] == 'c' ? Servers.Relay : Servers.Translate)} | {each:0.0} KB | 30 KB |\n");
            }
            finally
            {
                foreach (var connection in connections) connection.Dispose();
                gateway.Stop(system.Server);
            }
        }
    }

    private static async Task KeysAsync(StringBuilder text, GatewayHost gateway, int count, int rounds, TimeSpan measured)
    {
        var load = new Case(32, false);
        var one = await gateway.SystemAsync("one-key", "chat/bench-model");
        var many = await gateway.SystemAsync("many-keys", "chat/bench-model", count);
        var expected = await Load.LearnAsync(one, false);
        var ratios = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var a = await Load.RunAsync(one, load, expected, TimeSpan.FromSeconds(1), measured);
            var b = await Load.RunAsync(many, load, expected, TimeSpan.FromSeconds(1), measured);
            ratios.Add(b.AnswersPerSecond / a.AnswersPerSecond);
        }

        ratios.Sort();
        text.Append(CultureInfo.InvariantCulture, $"| requests/s with {count:N0} keys in use to those with one, {load} | {ratios[ratios.Count / 2]:0.00} | flat |\n");
        gateway.Stop(one.Server);
        gateway.Stop(many.Server);
    }
}
