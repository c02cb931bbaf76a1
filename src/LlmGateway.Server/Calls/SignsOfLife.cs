using LlmGateway.Server.Hosting;

namespace LlmGateway.Server.Calls;

/// <summary>Waits for the next piece of an answer that may be held back until it is whole, and meanwhile has it said that somebody is still there: a client or a proxy takes a long silence for a dead connection.</summary>
internal sealed class SignsOfLife : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly Func<ValueTask> _say;
    private readonly CancellationTokenSource _over = new();
    private Task? _tick;

    private SignsOfLife(TimeProvider time, TimeSpan interval, Func<ValueTask> say) => (_time, _interval, _say) = (time, interval, say);

    /// <summary>None are given where no answer to the request is held back.</summary>
    public static SignsOfLife Of(LlmRequest request, Gateway gateway, Func<ValueTask> say)
        => new(gateway.Time, request.OutputSchema is not null || request.JsonMode ? gateway.Options.SignOfLifeInterval : Timeout.InfiniteTimeSpan, say);

    public ValueTask<bool> WaitAsync(ValueTask<bool> next) => next.IsCompleted || _interval == Timeout.InfiniteTimeSpan ? next : new ValueTask<bool>(WaitAsync(next.AsTask()));

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    private async Task<bool> WaitAsync(Task<bool> next)
    {
        while (true)
        {
            var tick = _tick ??= Task.Delay(_interval, _time, _over.Token);
            if (await Task.WhenAny(next, tick).ConfigureAwait(false) == next) return await next.ConfigureAwait(false);
            _tick = null;
            await _say().ConfigureAwait(false);
        }
    }
}
