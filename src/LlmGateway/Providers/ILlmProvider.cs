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
}
