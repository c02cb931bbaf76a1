namespace LlmGateway;

/// <summary>A piece of a typed answer while it is streamed: snapshots that grow, and last the answer itself.</summary>
/// <typeparam name="T">The type of the answer.</typeparam>
public abstract record StructuredDelta<T>
{
    private protected StructuredDelta()
    {
    }
}

/// <summary>What there is of the answer so far. It has not been checked, and may still turn out to be invalid.</summary>
/// <typeparam name="T">The type of the answer.</typeparam>
/// <param name="Snapshot">The answer as far as it has come; it does not change when more comes.</param>
/// <param name="Ask">Which ask it answers, as in <see cref="AttemptRecord.Ask"/>: where it is higher than before, the model was asked again, and the snapshots begin anew.</param>
public sealed record PartialDelta<T>(PartialJson Snapshot, int Ask) : StructuredDelta<T>;

/// <summary>The stream broke, and another target answers: the snapshots begin anew.</summary>
/// <typeparam name="T">The type of the answer.</typeparam>
/// <param name="Provider">The provider that answers now.</param>
/// <param name="Model">The model that answers now.</param>
public sealed record RestartedDelta<T>(string Provider, string Model) : StructuredDelta<T>;

/// <summary>The last of a typed stream: the answer, valid, and the record of the call.</summary>
/// <typeparam name="T">The type of the answer.</typeparam>
/// <param name="Response">The answer and what happened.</param>
public sealed record FinalDelta<T>(LlmResponse<T> Response) : StructuredDelta<T>;
