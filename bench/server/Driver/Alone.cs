using System.Globalization;
using System.Text;

namespace ServerBench.Driver;

/// <summary>What is measured of our server by itself: how soon it is ready, what it takes idle, and what an open stream takes.</summary>
internal static class Alone
{
    private const double Kilobyte = 1024;

    public static async Task WriteAsync(StringBuilder text, GatewayHost gateway, Servers servers, Options options)
    {
        text.Append("### By itself\n\n| | measured | target |\n|---|--:|--:|\n");
        await StartsAsync(text, gateway, (int)options.Number("starts", 10));
        await StreamsAsync(text, gateway, servers, (int)options.Number("streams", 5000));
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

    private static async Task StreamsAsync(StringBuilder text, GatewayHost gateway, Servers servers, int count)
    {
        foreach (var model in new[] { "chat/bench-hold", "messages/bench-hold" })
        {
            var system = await gateway.SystemAsync("streams-" + model[..4], model);
            // What the first requests load stays, whether streams are open or not.
            var one = system with { Model = model[..model.IndexOf('/')] + "/bench-model" };
            await Load.RunAsync(one, new Case(32, true), await Load.LearnAsync(one, true), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            await Task.Delay(2000);
            var before = ProcessStat.Resident(system.Server.Pid);
            var connections = Enumerable.Range(0, count).Select(_ => new Connection(system.Server.Endpoint, system.Request(true), new Expected(true, 0, 0))).ToArray();
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
}
