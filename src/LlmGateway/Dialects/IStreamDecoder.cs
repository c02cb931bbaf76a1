namespace LlmGateway.Dialects;

/// <summary>Reads the events of one stream, in order, and says what each adds to the reply.</summary>
internal interface IStreamDecoder
{
    /// <summary>
    /// Whether the protocol's own terminal signal was seen (a finish reason, <c>message_stop</c>, <c>response.completed</c>):
    /// only then is the reply whole when the bytes end.
    /// </summary>
    bool IsComplete { get; }

    /// <summary>Whether nothing more can follow that says anything: the reader stops without waiting for the connection to close.</summary>
    bool IsEnded { get; }

    /// <summary>Whether the protocol's very last event was seen. What is passed on as it came goes on until then; where a protocol has none, to the end of the bytes.</summary>
    bool IsLast => IsEnded;

    /// <summary>How many malformed events were passed over.</summary>
    int SkippedEvents { get; }

    /// <summary>Reads one event. Unknown events are passed over; malformed ones too, and counted.</summary>
    /// <param name="type">The event's type; empty where it names none.</param>
    /// <param name="data">Its data; valid during the call only.</param>
    /// <param name="deltas">Where what it adds goes.</param>
    /// <exception cref="DialectException">The event is an error of the vendor's, or what came is not this protocol at all.</exception>
    void Decode(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data, List<LlmDelta> deltas);

    /// <summary>The bytes have ended, or <see cref="IsEnded"/> was seen: says what is known only then.</summary>
    /// <param name="deltas">Where what it adds goes.</param>
    void End(List<LlmDelta> deltas)
    {
    }
}
