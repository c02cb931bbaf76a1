using System.Runtime.CompilerServices;
using LlmGateway.Messages;

namespace LlmGateway;

/// <summary>
/// Something that can answer: a vendor's API, a CLI, or your own. It returns what the model said and what it used;
/// schema, validation, retries, cost and telemetry are the client's, done once for all providers.
/// </summary>
/// <remarks>
/// One instance serves many concurrent calls. <see cref="CompleteAsync"/> makes one attempt and never retries.
/// A failure is a <see cref="ProviderException"/> whose <see cref="ProviderException.Kind"/> says whether another
/// attempt can help; any other exception is wrapped as <see cref="ProviderErrorKind.Unknown"/> and not retried.
/// </remarks>
public interface ILlmProvider : IAsyncDisposable
{
    /// <summary>The provider's name, as in <c>LLM_PROVIDER</c> and in the price book.</summary>
    string Name { get; }

    /// <summary>The model used where the configuration names none.</summary>
    string DefaultModel { get; }

    /// <summary>Where the requests go, for telemetry; null for a provider in this process.</summary>
    Uri? Endpoint => null;

    /// <summary>How calls are paid for. <see cref="ProviderBilling.PriceBook"/> unless overridden.</summary>
    ProviderBilling Billing => ProviderBilling.PriceBook;

    /// <summary>
    /// Whether an attempt is one request with what the caller gave and no more, and <see cref="LlmRequest.MaxTokens"/> holds:
    /// then what it may cost can be bounded before it is sent, as a limit on cost needs. True unless overridden.
    /// </summary>
    bool IsCostBounded => true;

    /// <summary>The region by which the vendor bills what is asked here, such as <c>eu-central-1</c>; null where it does not bill by region, or bills globally. Null unless overridden.</summary>
    string? BillingRegion => null;

    /// <summary>What a model can do. <see cref="ModelCapabilities.Basic"/> (plain text in and out) unless overridden.</summary>
    /// <param name="model">The model's name.</param>
    /// <returns>Its capabilities.</returns>
    ModelCapabilities GetCapabilities(string model) => ModelCapabilities.Basic;

    /// <summary>Makes one attempt.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Ends the attempt: on the caller's cancellation and on the attempt's timeout alike.
    /// The provider lets the <see cref="OperationCanceledException"/> out; the client tells the two apart.</param>
    /// <returns>What the model said.</returns>
    /// <exception cref="ProviderException">The attempt failed.</exception>
    Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken);

    /// <summary>The model used for embeddings where none is named; null where there is none. Null unless overridden.</summary>
    string? DefaultEmbeddingModel => null;

    /// <summary>Makes one attempt at embeddings. Unless overridden, it says that the provider makes none.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Ends the attempt, as with <see cref="CompleteAsync"/>.</param>
    /// <returns>A vector for each input, in their order.</returns>
    /// <exception cref="ProviderException">The attempt failed.</exception>
    Task<LlmEmbeddings> EmbedAsync(LlmEmbeddingRequest request, CancellationToken cancellationToken)
        => Task.FromException<LlmEmbeddings>(new ProviderException(Name, ProviderErrorKind.InvalidRequest, $"{Name} makes no embeddings. Choose another provider for them."));

    /// <summary>Makes one attempt whose reply comes in pieces.</summary>
    /// <remarks>
    /// It ends normally only where the reply is whole: a stream that breaks, or ends before its protocol's own terminal
    /// signal, is a <see cref="ProviderException"/>. Folded in order, the deltas make the reply that
    /// <see cref="CompleteAsync"/> would have given. Unless overridden, it gives that reply's deltas, all at its end.
    /// </remarks>
    /// <param name="request">What is asked; <see cref="LlmRequest.Stream"/> is true.</param>
    /// <param name="cancellationToken">Ends the attempt, as with <see cref="CompleteAsync"/>.</param>
    /// <returns>The deltas, each given as soon as it is there.</returns>
    /// <exception cref="ProviderException">The attempt failed.</exception>
    async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var reply = await CompleteAsync(request with { Stream = false }, cancellationToken).ConfigureAwait(false)
            ?? throw new ProviderException(Name, ProviderErrorKind.MalformedReply, $"{Name} returned null in place of a reply.");
        foreach (var delta in ReplyDeltas.Of(reply)) yield return delta;
    }
}
