namespace LlmGateway.Sqlite;

/// <summary>One thing to be written. It is applied in a transaction with others, again if that one fails, and told how it ended.</summary>
internal abstract class Work
{
    /// <summary>Whether it must be written in the end, since what it tells of has happened: then it waits until the disk is there again.</summary>
    public virtual bool IsLasting => false;

    /// <summary>Whether its caller still wants it, at the moment when it is begun.</summary>
    public virtual bool TryBegin() => true;

    public abstract void Apply(Books books);

    public virtual void Done()
    {
    }

    /// <summary>It has to wait: whoever waits for it should not.</summary>
    public virtual void Kept()
    {
    }

    /// <summary>It will never be written.</summary>
    public virtual void Failed(Exception error)
    {
    }
}

/// <summary>Something that a caller waits for, and may stop waiting for until it is begun.</summary>
internal sealed class Question<T>(Func<Books, T> ask) : Work
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state;
    private T? _result;
    private ArgumentException? _refusal;

    public Task<T> Answer => _answer.Task;

    /// <summary>Nothing of it happens, unless it is begun already: then its end is near, and is the answer.</summary>
    public void Cancel(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, 1, 0) == 0) _answer.TrySetCanceled(cancellationToken);
    }

    public override bool TryBegin() => Interlocked.CompareExchange(ref _state, 2, 0) is 0 or 2;

    public override void Apply(Books books)
    {
        try
        {
            _refusal = null;
            _result = ask(books);
        }
        catch (ArgumentException e)
        {
            // Thrown before anything is written: the others of the transaction are not concerned.
            _refusal = e;
        }
    }

    public override void Done()
    {
        if (_refusal is { } refusal) _answer.TrySetException(refusal);
        else _answer.TrySetResult(_result!);
    }

    public override void Failed(Exception error) => _answer.TrySetException(error);
}

/// <summary>The end of a reservation. Its caller has an answer that is paid for, so it is not kept waiting for a disk.</summary>
internal sealed class Settling(BudgetReservation reservation, BudgetSettlement settlement) : Work
{
    private readonly TaskCompletionSource<IReadOnlyList<BudgetMovement>> _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IReadOnlyList<BudgetMovement> _result = [];

    public Task<IReadOnlyList<BudgetMovement>> Moved => _moved.Task;

    public override bool IsLasting => true;

    public override void Apply(Books books) => _result = books.Intents.Settle(reservation, settlement);

    public override void Done() => _moved.TrySetResult(_result);

    public override void Kept() => _moved.TrySetResult([]);

    public override void Failed(Exception error) => _moved.TrySetResult([]);
}

/// <summary>How an attempt ended whose call is not over.</summary>
internal sealed class Note(BudgetReservation attempt, BudgetSettlement settlement) : Work
{
    public override bool IsLasting => true;

    public override void Apply(Books books) => books.Intents.Note(attempt, settlement);
}

/// <summary>The record of a call that is over.</summary>
internal sealed class Entry(CallRecord record, bool isLasting, Action<CallRecord, bool> onWritten, Action<Exception> onLost) : Work
{
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isAdded;

    /// <summary>When it is written, or waits for a disk that is not there.</summary>
    public Task Taken => _taken.Task;

    public override bool IsLasting => isLasting;

    public override void Apply(Books books)
    {
        _isAdded = books.Calls.Add(record, isRecovered: false);
        books.Intents.Replace(record.CallId);
    }

    public override void Done()
    {
        onWritten(record, _isAdded);
        _taken.TrySetResult();
    }

    public override void Kept() => _taken.TrySetResult();

    public override void Failed(Exception error)
    {
        onLost(error);
        _taken.TrySetResult();
    }
}

/// <summary>Nothing: wakes the writer.</summary>
internal sealed class Nudge : Work
{
    public override void Apply(Books books)
    {
    }
}
