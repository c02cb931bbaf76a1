using Microsoft.Extensions.Logging;

namespace LlmGateway.Server.Hosting;

/// <summary>
/// The log, without what ASP.NET Core says of each request: it writes addresses out, and Gemini's clients put their key into
/// them (<c>?key=</c>). What it warns of is kept; what there is to say of a call, the gateway says itself.
/// </summary>
internal sealed class QuietLoggers(ILoggerFactory all) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName)
        => categoryName.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) ? new FromWarning(all.CreateLogger(categoryName)) : all.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => all.AddProvider(provider);

    /// <summary>The log is whoever's who gave it.</summary>
    public void Dispose()
    {
    }

    private sealed class FromWarning(ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning) log.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
