using LlmGateway.Cli.Output;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Cli;

/// <summary>
/// Log lines on standard error, as LLM_LOG_FORMAT says. Only warnings, unless LLM_LOG_LEVEL is set or more is asked
/// for: whoever runs one command wants its answer, not its diary.
/// </summary>
internal sealed class ErrorLog : ILoggerFactory, ILogger
{
    private readonly TextWriter _error;
    private readonly LogFormat _format;
    private readonly LogLevel _least;
    private readonly Lock _lock = new();

    public ErrorLog(GatewayConfig config, TextWriter error, bool verbose)
    {
        _error = error;
        _format = config.LogFormat;
        var isSet = config.Describe().Any(s => s is { Key: nameof(GatewayConfig.LogLevel), Source: not "default" });
        _least = isSet || verbose ? config.LogLevel : LogLevel.Warning;
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var message = formatter(state, exception);
        var line = _format == LogFormat.Console ? $"{Word(logLevel)}: {message}" : ResponseJson.Write(json =>
        {
            json.WriteString("time", TimeProvider.System.GetUtcNow());
            json.WriteString("level", Word(logLevel));
            json.WriteNumber("event", eventId.Id);
            json.WriteString("name", eventId.Name);
            json.WriteString("message", message);
        });
        lock (_lock) _error.WriteLine(line);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The process has one log.");

    public void Dispose()
    {
    }

    private static string Word(LogLevel level) => level.ToString().ToLowerInvariant();
}
