namespace LlmGateway.Wire;

/// <summary>Finds the events in the bytes of a stream, one at a time.</summary>
internal abstract class EventReader : IDisposable
{
    /// <summary>The event's data. Valid until the next read.</summary>
    public abstract ReadOnlyMemory<byte> Data { get; }

    /// <summary>The event's type; empty where it names none. Valid until the next read.</summary>
    public abstract ReadOnlyMemory<byte> Type { get; }

    /// <summary>Whether the latest read brought no event, but a sign that the other side lives: <see cref="Data"/> is not one then.</summary>
    public virtual bool IsLifeSign => false;

    /// <summary>Goes to the next event.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="TooLargeException">An event, or the whole of the stream, is larger than the limit.</exception>
    /// <exception cref="InvalidDataException">The bytes are no events.</exception>
    public abstract ValueTask<bool> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Goes to the next event where all of it has come already, and asks for nothing more.</summary>
    /// <returns>False where more is needed.</returns>
    public virtual bool TryRead() => false;

    /// <summary>Gives back what was rented.</summary>
    public abstract void Dispose();
}
