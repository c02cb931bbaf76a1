namespace LlmGateway;

/// <summary>The items of a list, each valid, as they come; see <see cref="LlmClient.StreamItemsAsync{TItem}(string, LlmCallOptions?, CancellationToken)"/>.</summary>
/// <typeparam name="TItem">The type of an item.</typeparam>
public sealed class ItemStream<TItem> : IAsyncEnumerable<TItem>
{
    private readonly Func<Action<CallRecord>, IAsyncEnumerable<TItem>> _run;

    internal ItemStream(Func<Action<CallRecord>, IAsyncEnumerable<TItem>> run) => _run = run;

    /// <summary>
    /// What happened in the call, and what it cost. Null until an enumeration has ended, in whatever way: with the last item,
    /// with an error (which carries it too), or by leaving the loop. Of several enumerations, the one that ended last.
    /// </summary>
    public CallRecord? Record { get; private set; }

    /// <inheritdoc/>
    public IAsyncEnumerator<TItem> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => _run(record => Record = record).GetAsyncEnumerator(cancellationToken);
}
