using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LlmGateway.Exporting.Tests.Otlp;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Exporting.Tests;

/// <summary>A receiver that is not there or does not work costs a warning and a bounded wait at the end, and nothing else.</summary>
public sealed class FailingReceiverTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_nobody_listens_it_is_told_once_for_spans_and_once_for_metrics()
    {
        var log = new Warnings();

        await CallAsync(new Uri($"http://127.0.0.1:{FreePort()}"), log);

        Assert.Equal(["metrics", "spans"], log.Signals);
    }

    [Fact]
    public async Task A_receiver_that_refuses_is_told_of_too()
    {
        await using var collector = await Collector.StartAsync(grpcStatus: 12);
        var log = new Warnings();

        await CallAsync(collector.Endpoint, log);

        Assert.Equal(["metrics", "spans"], log.Signals);
    }

    [Fact]
    public async Task A_receiver_that_works_is_not_warned_of()
    {
        await using var collector = await Collector.StartAsync();
        var log = new Warnings();

        await CallAsync(collector.Endpoint, log);

        Assert.Empty(log.Signals);
        Assert.NotEmpty(collector.Spans);
    }

    /// <summary>Real time, since it is the SDK's own wait that is bounded.</summary>
    [Fact]
    public async Task A_receiver_that_never_answers_holds_the_application_up_for_a_few_seconds_at_most()
    {
        await using var collector = await Collector.StartAsync(hangs: true);
        var watch = Stopwatch.StartNew();

        await CallAsync(collector.Endpoint, new Warnings());

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(9));
    }

    private static async Task CallAsync(Uri endpoint, Warnings log)
    {
        var config = new GatewayConfig { TraceEnabled = true, TraceExporter = TraceExporter.Otlp, TraceEndpoint = endpoint };
        using var telemetry = LlmGatewayTelemetry.Start(config, log);
        var answer = await new LlmClient(new VendorDouble(VendorDouble.Reply())).CompleteTextAsync("Hello", cancellationToken: Token);
        Assert.Equal("fine", answer.Content);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Warnings : ILoggerFactory, ILogger
    {
        private readonly ConcurrentBag<string> _signals = [];

        public IReadOnlyList<string> Signals => [.. _signals.Order()];

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Assert.Equal((LogLevel.Warning, 100), (logLevel, eventId.Id));
            _signals.Add((string)((IReadOnlyList<KeyValuePair<string, object?>>)state!).Single(v => v.Key == "Signal").Value!);
        }

        public void Dispose()
        {
        }
    }
}
