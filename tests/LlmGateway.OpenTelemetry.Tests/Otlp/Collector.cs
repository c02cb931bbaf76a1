using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Exporting.Tests.Otlp;

/// <summary>
/// An OTLP receiver on 127.0.0.1: gRPC over HTTP/2 without encryption, as a collector listens on port 4317. It keeps the
/// bytes of every request and answers with the status it was told to.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private const string TracePath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const string MetricPath = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Message)> _received = new();

    private Collector(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.Single());

    public IReadOnlyList<OtlpSpan> Spans => [.. Messages(TracePath).SelectMany(OtlpSpan.Read)];

    public IReadOnlyList<OtlpPoint> Points => [.. Messages(MetricPath).SelectMany(OtlpPoint.Read)];

    public ConcurrentBag<string> Protocols { get; } = [];

    /// <param name="grpcStatus">0 is success: https://grpc.io/docs/guides/status-codes/.</param>
    /// <param name="hangs">Whether it keeps requests and never answers.</param>
    public static async Task<Collector> StartAsync(int grpcStatus = 0, bool hangs = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(o => o.ShutdownTimeout = TimeSpan.Zero);
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var collector = new Collector(app);
        app.MapPost("/{**path}", async (HttpContext context) =>
        {
            if (hangs) await Task.Delay(Timeout.Infinite, context.RequestAborted);
            await collector.TakeAsync(context, grpcStatus);
        });
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<ProtoMessage> Messages(string path) => _received.Where(r => r.Path == path).Select(r => new ProtoMessage(r.Message));

    /// <summary>One gRPC call: a byte "compressed", four of length, the message; the status is in the trailers.</summary>
    private async Task TakeAsync(HttpContext context, int grpcStatus)
    {
        Protocols.Add($"{context.Request.Protocol} {context.Request.ContentType}");
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        Assert.Equal(0, bytes[0]);
        Assert.Equal(bytes.Length - 5, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
        _received.Enqueue((context.Request.Path, bytes[5..]));

        context.Response.ContentType = "application/grpc";
        context.Response.AppendTrailer("grpc-status", grpcStatus.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await context.Response.Body.WriteAsync(new byte[5]);
    }
}
