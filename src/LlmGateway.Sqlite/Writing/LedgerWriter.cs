using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Sqlite;

/// <summary>
/// The only one in the process that writes to the file. What is to be written is taken from a queue, as much as there is, into one
/// transaction, and each is told of its end after the commit. It has a thread of its own: waiting for a disk must not take one
/// from the calls.
/// </summary>
internal sealed class LedgerWriter : IAsyncDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAfterDeadEvery = TimeSpan.FromMinutes(1);

    /// <summary>Windows that are over are kept for a day, for whoever still asks for their balance.</summary>
    private static readonly TimeSpan KeepWindows = TimeSpan.FromDays(1);

    private readonly BlockingCollection<Work> _queue = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Work> _kept = [];
    private readonly Database _database;
    private readonly Books _books;
    private readonly SqliteLedgerOptions _options;
    private readonly ILogger _logger;
    private readonly ITimer _housekeeping;
    private readonly ITimer _retry;
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pending;
    private volatile bool _isFailing;
    private volatile bool _isHousekeepingDue;

    public LedgerWriter(Database database, Books books, SqliteLedgerOptions options, ILogger logger)
    {
        _database = database;
        _books = books;
        _options = options;
        _logger = logger;
        _retry = options.TimeProvider.CreateTimer(static w => ((LedgerWriter)w!).Add(new Nudge()), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _housekeeping = options.TimeProvider.CreateTimer(static w => ((LedgerWriter)w!).KeepHouse(), this, LookAfterDeadEvery, LookAfterDeadEvery);
        new Thread(Run) { Name = "llm-ledger", IsBackground = true }.Start();
    }

    /// <summary>Whether the last that was to be written could not be.</summary>
    public bool IsFailing => _isFailing;

    public bool HasRoom => Volatile.Read(ref _pending) < _options.QueueCapacity;

    /// <summary>Whether it is taken; not after the end.</summary>
    public bool Add(Work work)
    {
        Interlocked.Increment(ref _pending);
        try
        {
            _queue.Add(work);
            return true;
        }
        catch (InvalidOperationException)
        {
            // It was ended.
            Interlocked.Decrement(ref _pending);
            return false;
        }
    }

    /// <exception cref="LedgerException">The queue stays full.</exception>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        var start = _options.TimeProvider.GetTimestamp();
        while (!HasRoom)
        {
            var room = Volatile.Read(ref _room);
            if (HasRoom) return;
            var left = _options.MaxWait - _options.TimeProvider.GetElapsedTime(start);
            try
            {
                if (left <= TimeSpan.Zero) throw new TimeoutException();
                await room.Task.WaitAsync(left, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new LedgerException($"The ledger '{_options.Path}' takes no more: {_options.QueueCapacity} entries wait for its disk, and for {_options.MaxWait.TotalSeconds:0.#} s there was no room. Nothing was sent. Look at the disk's space and speed.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _housekeeping.DisposeAsync().ConfigureAwait(false);
        await _retry.DisposeAsync().ConfigureAwait(false);
        _queue.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
    }

    private void KeepHouse()
    {
        _isHousekeepingDue = true;
        Add(new Nudge());
    }

    private void Run()
    {
        try
        {
            var batch = new List<Work>();
            while (_queue.TryTake(out var next, Timeout.Infinite))
            {
                batch.AddRange(_kept);
                _kept.Clear();
                var taken = 0;
                do
                {
                    if (next.TryBegin()) batch.Add(next);
                    else Leave(1);
                }
                while (++taken < _options.BatchSize && _queue.TryTake(out next));

                Write(batch);
                batch.Clear();
                if (_isHousekeepingDue) DoHousekeeping();
            }

            batch.AddRange(_kept);
            _kept.Clear();
            Write(batch);
            if (_kept.Count == 0) return;
            _logger.LeftUnwritten(_options.Path, _kept.Count);
            foreach (var work in _kept) work.Failed(new LedgerException("The ledger was closed before it could be written."));
        }
        catch (Exception e)
        {
            // Nothing here should throw but a log that does. The host is not to fall for it, and nobody to wait for a writer that is gone.
            _queue.CompleteAdding();
            while (_queue.TryTake(out var left)) left.Failed(new LedgerException($"The ledger '{_options.Path}' is not written any more: {e.Message}", e));
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private void Write(List<Work> batch)
    {
        if (batch.Count == 0) return;
        try
        {
            InTransaction(() => batch.ForEach(work => work.Apply(_books)));
        }
        catch (Exception e) when (batch.Count > 1 && !LedgerErrors.IsOfDisk(e))
        {
            // One of them can't be written at all. The others can.
            foreach (var work in batch.ToArray()) Write([work]);
            return;
        }
        catch (Exception e)
        {
            Fail(batch, e);
            return;
        }

        if (_isFailing) _logger.WritesAgain(_options.Path);
        _isFailing = false;
        Leave(batch.Count);
        foreach (var work in batch) work.Done();
    }

    private void InTransaction(Action write)
    {
        _database.BeginImmediate();
        try
        {
            write();
            _books.Flush();
            _database.Commit();
        }
        catch
        {
            _books.Forget();
            _database.Rollback();
            throw;
        }
    }

    private void Fail(List<Work> batch, Exception error)
    {
        var isOfDisk = LedgerErrors.IsOfDisk(error);
        if (!_isFailing && isOfDisk) _logger.CannotWrite(_options.Path, LedgerErrors.Why(error), error);
        _isFailing |= isOfDisk;
        var reason = error as LedgerException ?? LedgerErrors.Of("written to", _options.Path, error);
        foreach (var work in batch)
        {
            if (work.IsLasting && isOfDisk)
            {
                _kept.Add(work);
                work.Kept();
                continue;
            }

            Leave(1);
            work.Failed(reason);
        }

        if (_kept.Count > 0) _retry.Change(RetryAfter, Timeout.InfiniteTimeSpan);
    }

    private void Leave(int count)
    {
        Interlocked.Add(ref _pending, -count);
        Interlocked.Exchange(ref _room, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private void DoHousekeeping()
    {
        _isHousekeepingDue = false;
        try
        {
            var recovered = _books.Recovery.Run();
            if (recovered > 0) _logger.Recovered(_options.Path, recovered);
            InTransaction(() => _books.Accounts.Prune(_options.TimeProvider.GetUtcNow() - KeepWindows));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // It is tried again in a minute; what can't be written then is said where it matters.
            _logger.HousekeepingFailed(_options.Path, LedgerErrors.Why(e), e);
        }
    }
}
