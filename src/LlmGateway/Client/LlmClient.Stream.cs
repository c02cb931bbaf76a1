using LlmGateway.Client;
using LlmGateway.Routing;

namespace LlmGateway;

public sealed partial class LlmClient
{
    /// <summary>Asks a question and gives back the answer piece by piece, as it comes.</summary>
    /// <remarks>
    /// The last item is a <see cref="ResponseDelta"/> with the whole reply, its usage and the record of the call; a stream
    /// without it was not whole, and threw. A failure before the first piece is retried like any other; after it another
    /// target goes on, where there is one that can (<see cref="ContinuedDelta"/>, <see cref="RestartedDelta"/>), and else the error
    /// carries what was received (<see cref="ProviderException.PartialReply"/>). Leaving the loop early, or cancelling,
    /// ends the request; what was received by then is counted and paid for, by an estimate where the vendor gave no count.
    /// The time limit of an attempt is here the longest silence between two pieces, where no shorter one is set. A refusal is no error here: the reply's
    /// <see cref="LlmReply.FinishReason"/> says it.
    /// </remarks>
    /// <param name="prompt">The question.</param>
    /// <param name="options">What to do otherwise than the configuration says, and the tools.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The pieces; nothing is sent before they are asked for, and each enumeration is a call of its own.</returns>
    /// <exception cref="ProviderException">The provider failed, or the stream broke.</exception>
    /// <exception cref="CostLimitExceededException">The cost limit forbade the request.</exception>
    public IAsyncEnumerable<LlmDelta> StreamAsync(string prompt, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => StreamAsync(Single(prompt), options, cancellationToken);

    /// <summary>Goes on with a conversation and gives back the reply piece by piece, as it comes.</summary>
    /// <inheritdoc cref="StreamAsync(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="options">What to do otherwise than the configuration says, and the tools.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public IAsyncEnumerable<LlmDelta> StreamAsync(IEnumerable<LlmMessage> messages, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => RunStreamAsync(ComposeUntyped(messages, options), Untyped, cancellationToken);

    /// <summary>Sends a request as it is, and gives back the reply piece by piece. What the request leaves open the configuration fills in.</summary>
    /// <inheritdoc cref="StreamAsync(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunStreamAsync(Complete(request), Untyped, cancellationToken);
    }

    private CallStream<LlmDelta> Untyped(Call call, Route route, LlmRequest request, CancellationToken cancellationToken) => new(_router.StreamAsync(route, call, new Ask(request), cancellationToken))
    {
        Last = record => new ResponseDelta(new LlmResponse<LlmReply>(call.Reply!, record)),
    };
}
