using System.Net;
using System.Net.Sockets;

namespace ServerBench.Driver;

/// <summary>Every process of the run: the vendor, the proxies before it, and ours. All end with the driver.</summary>
internal sealed class Servers : IDisposable
{
    public const string Upstream = "upstream";
    public const string Yarp = "YARP";
    public const string Relay = "relay";
    public const string Translate = "translate";
    public const string Portkey = "Portkey";

    private const string VendorKey = "Authorization: Bearer sk-bench-upstream\r\n";
    private readonly List<IDisposable> _all = [];

    /// <summary>How our server is started; null where there is none to measure.</summary>
    public GatewayHost? Gateway { get; private set; }

    /// <summary>The vendor's process.</summary>
    public Server Vendor { get; private set; } = null!;

    /// <summary>Starts all that the options name.</summary>
    public async Task<IReadOnlyList<SystemUnderTest>> StartAsync(Options options)
    {
        Vendor = Keep(await Server.StartAsync("dotnet", [options.Need("upstream"), "--group", options["group"] ?? "1"]));
        var address = $"http://{Vendor.Endpoint}";
        var systems = new List<SystemUnderTest> { new(Upstream, Vendor, "bench-model", VendorKey) };
        var asked = options["systems"]?.Split(',');
        if (IsAsked(Yarp) && options["yarp"] is { } yarp) systems.Add(new(Yarp, Keep(await Server.StartAsync("dotnet", [yarp, address])), "bench-model", VendorKey));
        if (options["gateway"] is { } gateway)
        {
            Gateway = Keep(new GatewayHost(gateway, address));
            if (IsAsked(Relay)) systems.Add(await Gateway.SystemAsync(Relay, "chat/bench-model"));
            if (IsAsked(Translate)) systems.Add(await Gateway.SystemAsync(Translate, "messages/bench-model"));
        }

        if (IsAsked(Portkey) && options["portkey"] is { } portkey)
        {
            var port = FreePort();
            var server = Keep(await Server.StartAsync("node", [portkey, "--headless", $"--port={port}"], port));
            systems.Add(new(Portkey, server, "bench-model", VendorKey + $"x-portkey-provider: openai\r\nx-portkey-custom-host: {address}/v1\r\n"));
        }

        return systems;

        bool IsAsked(string name) => asked is null || asked.Contains(name);
    }

    public void Dispose()
    {
        foreach (var one in Enumerable.Reverse(_all)) one.Dispose();
    }

    private T Keep<T>(T one) where T : IDisposable
    {
        _all.Add(one);
        return one;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
