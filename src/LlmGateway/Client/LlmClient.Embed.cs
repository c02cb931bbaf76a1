using System.Collections.ObjectModel;
using LlmGateway.Client;
using LlmGateway.Routing;
using LlmGateway.Telemetry;

namespace LlmGateway;

public sealed partial class LlmClient
{
    /// <summary>Puts the meaning of texts in numbers: a vector for each, in their order.</summary>
    /// <remarks>Retried, limited, priced and recorded like any call, but never asked of a fallback or a route: vectors of two models can't be compared. A text that is too long for the model is an error, never cut in silence.</remarks>
    /// <param name="inputs">The texts; at least one, none empty.</param>
    /// <param name="options">What else is wanted; null for the provider's own choice.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The vectors and the record of the call.</returns>
    /// <exception cref="ProviderException">The provider failed, or makes no embeddings.</exception>
    /// <exception cref="CostLimitExceededException">The cost limit forbade the request.</exception>
    public Task<LlmResponse<IReadOnlyList<ReadOnlyMemory<float>>>> EmbedAsync(IEnumerable<string> inputs, LlmEmbeddingOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ObjectDisposedException.ThrowIf(_isDisposed == 1, this);
        if (options?.Dimensions is < 1) throw new ArgumentOutOfRangeException(nameof(options), options.Dimensions, "LlmEmbeddingOptions.Dimensions must be at least 1.");
        return EmbedAsync([.. inputs], options, scope: null, cancellationToken);
    }

    /// <summary>The same for a server, which has checked what it was asked.</summary>
    internal Task<LlmResponse<IReadOnlyList<ReadOnlyMemory<float>>>> EmbedAsync(IReadOnlyList<string> texts, LlmEmbeddingOptions? options, CallScope? scope, CancellationToken cancellationToken)
    {
        if (texts.Count == 0) throw new ArgumentException("There is nothing to embed: give at least one text.", nameof(texts));
        if (texts.Any(string.IsNullOrEmpty)) throw new ArgumentException("One of the texts is empty, which has no meaning to put in numbers.", nameof(texts));
        var embedding = new LlmEmbeddingRequest { Model = options?.Model ?? _routes.First.Provider.DefaultEmbeddingModel ?? "", Inputs = texts, Dimensions = options?.Dimensions, Purpose = options?.Purpose };

        // The route, the budget and the telemetry know one kind of request: what is embedded stands in it as the input.
        var request = new LlmRequest { Model = embedding.Model, Messages = [.. texts.Select(LlmMessage.User)], Tags = options?.Tags ?? ReadOnlyDictionary<string, string>.Empty, Scope = scope };
        var ask = new EmbeddingAsk(request, embedding);
        return RunAsync(
            request,
            async (call, route, _, token) =>
            {
                await _router.AskAsync(route, call, ask, token).ConfigureAwait(false);
                return ask.Vectors;
            },
            cancellationToken,
            TelemetryNames.OperationEmbeddings);
    }
}
