namespace LlmGateway.Routing.Targets;

/// <summary>At most so many attempts at once, and at most so many that wait, who come first first. Thread-safe.</summary>
/// <remarks>Invariants: a place that was given is taken back by one <see cref="Exit"/>; nobody waits while a place is free; who is cancelled or out of time leaves no trace.</remarks>
internal sealed class Bulkhead(int maxConcurrency, int maxQueue, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _waiting = new();
    private int _inside;

    public int Inside
    {
        get
        {
            lock (_lock) return _inside;
        }
    }

    public int Waiting
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    public bool IsFull => Volatile.Read(ref _inside) >= maxConcurrency;

    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_inside >= maxConcurrency) return false;
            _inside++;
            return true;
        }
    }

    /// <summary>Waits for a place.</summary>
    /// <returns>Whether it got one; false where the queue is full or the time is up.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while it waited.</exception>
    public ValueTask<bool> EnterAsync(TimeSpan? atMost, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellationToken);
        LinkedListNode<TaskCompletionSource<bool>> place;
        lock (_lock)
        {
            if (_inside < maxConcurrency)
            {
                _inside++;
                return ValueTask.FromResult(true);
            }

            if (_waiting.Count >= maxQueue || atMost <= TimeSpan.Zero) return ValueTask.FromResult(false);
            place = _waiting.AddLast(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return WaitAsync(place, atMost, cancellationToken);
    }

    /// <summary>Leaves the place, to who waits longest.</summary>
    public void Exit()
    {
        TaskCompletionSource<bool> next;
        lock (_lock)
        {
            if (_waiting.First is not { } first)
            {
                _inside--;
                return;
            }

            _waiting.Remove(first);
            next = first.Value;
        }

        next.SetResult(true);
    }

    private async ValueTask<bool> WaitAsync(LinkedListNode<TaskCompletionSource<bool>> place, TimeSpan? atMost, CancellationToken cancellationToken)
    {
        using var timer = atMost is { } limit ? time.CreateTimer(_ => Leave(place, static w => w.SetResult(false)), null, limit, Timeout.InfiniteTimeSpan) : null;
        using var cancelled = cancellationToken.UnsafeRegister(_ => Leave(place, w => w.SetCanceled(cancellationToken)), null);
        return await place.Value.Task.ConfigureAwait(false);
    }

    /// <summary>Who is out of the queue has the place already, and keeps it.</summary>
    private void Leave(LinkedListNode<TaskCompletionSource<bool>> place, Action<TaskCompletionSource<bool>> end)
    {
        lock (_lock)
        {
            if (place.List is null) return;
            _waiting.Remove(place);
        }

        end(place.Value);
    }
}
