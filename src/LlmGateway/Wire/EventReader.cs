namespace LlmGateway.Wire;

/// <summary>Finds the events in the bytes of a stream, one at a time.</summary>
internal abstract class EventReader : IDisposable
{
    /// <summary>The event's data. Valid until the next read.</summary>
    public abstract ReadOnlyMemory<byte> Data { get; }

    /// <summary>The event's type; empty where it names none. Valid until the next read.</summary>
    public abstract ReadOnlyMemory<byte> Type { get; }

    /// <summary>Goes to the next event.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="InvalidDataException">An event is larger than the limit, or the bytes are no events.</exception>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Gives back what was rented.</summary>
    public abstract void Dispose();
}
