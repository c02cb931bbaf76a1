using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Hosting;

/// <summary>The gateway as a process of its own: Kestrel with limits, and nothing beside it.</summary>
internal static class ServerApp
{
    /// <summary>Enough for a megabyte a second to a caller a tenth of a second away.</summary>
    private const int SendBufferSize = 128 * 1024;

    /// <summary>Makes the server, which does not listen yet.</summary>
    /// <exception cref="GatewayException">The configuration is wrong, the data folder can't be used, or the server would be open to other machines without keys.</exception>
    public static WebApplication Build(LlmGatewayServerOptions options, ServeSettings settings, ILoggerFactory logs)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { Args = [], ApplicationName = "llm-gateway" });
        builder.Services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(new QuietLoggers(logs)));
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout + TimeSpan.FromSeconds(5));
        if (settings.CertificateFile is not null) builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, options, settings));
        builder.Services.Configure<SocketTransportOptions>(static sockets => sockets.CreateBoundListenSocket = Listen);
        builder.Services.AddLlmGatewayServer(options);
        var app = builder.Build();
        var gateway = app.Services.GetRequiredService<Gateway>();
        if (!IsLoopback(settings.Host) && !gateway.Callers.HasKeys && !settings.Insecure)
        {
            throw new ProviderInitException(
                $"Without keys the gateway would answer whoever reaches {settings.Host}, at your cost. Make a key (llm-gateway keys create), or listen on 127.0.0.1, or say --insecure.", setting: "--host");
        }

        app.MapLlmGateway();
        return app;
    }

    /// <summary>The address that a started server listens on.</summary>
    public static string AddressOf(WebApplication app)
        => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First().Replace("[::]", "[::1]", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);

    /// <summary>What whoever starts it should know.</summary>
    public static IEnumerable<string> Notes(WebApplication app, ServeSettings settings)
    {
        var gateway = app.Services.GetRequiredService<Gateway>();
        if (gateway.Callers.HasKeys) yield break;
        yield return IsLoopback(settings.Host)
            ? "no keys are defined: whoever is on this machine may ask, and nobody else (llm-gateway keys create)"
            : "warning: no keys are defined, and whoever reaches this port may ask (--insecure)";
    }

    public static bool IsLoopback(string host) => host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static void Configure(KestrelServerOptions kestrel, LlmGatewayServerOptions options, ServeSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 100;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        var address = settings.Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(settings.Host);
        kestrel.Listen(address, settings.Port, listen =>
        {
            if (settings.CertificateFile is { } file) listen.UseHttps(CertificateOf(file, settings.CertificateKeyFile));
        });
    }

    /// <summary>
    /// What the system takes of an answer whose caller does not read counts as handed out, and its text is kept for the record
    /// and for a rescue. Left to itself it takes megabytes (Linux: <c>tcp_wmem</c>); accepted sockets have this size from here.
    /// </summary>
    private static Socket Listen(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = SendBufferSize;
        return socket;
    }

    private static X509Certificate2 CertificateOf(string file, string? keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(file, keyFile);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ProviderInitException($"The certificate {file} can't be used: {e.Message}", setting: "--tls-cert", innerException: e);
        }
    }
}
