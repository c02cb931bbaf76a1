namespace LlmGateway.Client;

/// <summary>What a streamed call hands out, made anew for each enumeration.</summary>
/// <param name="Deltas">The pieces, to the end of the answer.</param>
internal sealed record CallStream<TDelta>(IAsyncEnumerable<TDelta> Deltas)
{
    /// <summary>The last piece of a call that succeeded, by its record; null where there is none.</summary>
    public Func<CallRecord, TDelta>? Last { get; init; }

    /// <summary>Is told of the record, however the call ended.</summary>
    public Action<CallRecord>? Closed { get; init; }
}
