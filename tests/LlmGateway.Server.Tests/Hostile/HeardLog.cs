using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Tests.Hostile;

/// <summary>All that the server logs, with the exceptions in full: nothing secret may be in it, and nothing may have failed in the gateway itself.</summary>
internal sealed class HeardLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = [];

    public IEnumerable<string> Lines => _lines.Select(static line => line.Text);

    public IEnumerable<string> Errors => _lines.Where(static line => line.Level >= LogLevel.Error).Select(static line => line.Text);

    public ILoggerFactory Factory() => LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => _lines.Enqueue((logLevel, $"{formatter(state, exception)} {exception}"));

    public void Dispose()
    {
    }
}
