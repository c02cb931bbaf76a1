namespace LlmGateway.Providers;

/// <summary>A provider that gives the deltas of a stream as many at a time as have come: to wait for what is there already is dear.</summary>
internal interface IStreamsInBatches
{
    /// <summary>What <see cref="ILlmProvider.StreamAsync"/> gives, in batches of at least one.</summary>
    /// <param name="request">See there.</param>
    /// <param name="cancellationToken">See there.</param>
    /// <returns>The batches, in order; each is valid until the next is asked for.</returns>
    IAsyncEnumerable<List<LlmDelta>> StreamInBatchesAsync(LlmRequest request, CancellationToken cancellationToken);
}
