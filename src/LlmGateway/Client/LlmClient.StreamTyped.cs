using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LlmGateway.Client;
using LlmGateway.StructuredOutput;
using LlmGateway.StructuredOutput.Streaming;

namespace LlmGateway;

public sealed partial class LlmClient
{
    /// <summary>Asks a question and gives back a typed answer while it is written: what there is of it, again and again, and last the answer, valid like that of <see cref="CompleteAsync{T}(string, LlmCallOptions?, CancellationToken)"/>.</summary>
    /// <remarks>
    /// All but the last are <see cref="PartialDelta{T}"/>: JSON as far as it has come, unchecked, with what is unfinished
    /// plain to see. The last is the <see cref="FinalDelta{T}"/>; a stream without it threw. An invalid answer is asked for
    /// again: then the snapshots begin anew, with the next <see cref="PartialDelta{T}.Ask"/>. A snapshot costs nothing to
    /// take or to keep. Leaving the loop early, or cancelling, ends the request; what was received by then is paid for.
    /// </remarks>
    /// <typeparam name="T">What to answer with: a record, a class, a list, a number, an enum…</typeparam>
    /// <param name="prompt">The question.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The snapshots and the answer; nothing is sent before they are asked for, and each enumeration is a call of its own.</returns>
    /// <exception cref="ResponseValidationException">The model did not give a valid answer, re-asks included.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off, or the stream broke.</exception>
    /// <exception cref="CostLimitExceededException">The cost limit forbade the request.</exception>
    /// <exception cref="NotSupportedException">The type has no JSON form.</exception>
    [RequiresUnreferencedCode(ReflectionWarning)]
    [RequiresDynamicCode(ReflectionWarning)]
    public IAsyncEnumerable<StructuredDelta<T>> StreamAsync<T>(string prompt, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => StreamAsync<T>(Single(prompt), options, cancellationToken);

    /// <summary>Goes on with a conversation and gives back a typed answer while it is written.</summary>
    /// <inheritdoc cref="StreamAsync{T}(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    [RequiresUnreferencedCode(ReflectionWarning)]
    [RequiresDynamicCode(ReflectionWarning)]
    public IAsyncEnumerable<StructuredDelta<T>> StreamAsync<T>(IEnumerable<LlmMessage> messages, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => StreamAsync(messages, TypeContract<T>.ByReflection(UnknownMembersOf(options)), options, cancellationToken);

    /// <summary>Asks a question and gives back a typed answer while it is written, by a source-generated contract: for trimmed and AOT applications.</summary>
    /// <inheritdoc cref="StreamAsync{T}(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="prompt">The question.</param>
    /// <param name="type">The contract, such as <c>MyJsonContext.Default.Answer</c>. Its naming and converters are kept; its strictness is not: every check is on.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public IAsyncEnumerable<StructuredDelta<T>> StreamAsync<T>(string prompt, JsonTypeInfo<T> type, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => StreamAsync(Single(prompt), type, options, cancellationToken);

    /// <summary>Goes on with a conversation and gives back a typed answer while it is written, by a source-generated contract: for trimmed and AOT applications.</summary>
    /// <inheritdoc cref="StreamAsync{T}(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="type">The contract, such as <c>MyJsonContext.Default.Answer</c>. Its naming and converters are kept; its strictness is not: every check is on.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public IAsyncEnumerable<StructuredDelta<T>> StreamAsync<T>(IEnumerable<LlmMessage> messages, JsonTypeInfo<T> type, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        return StreamAsync(messages, TypeContract<T>.Of(type, UnknownMembersOf(options)), options, cancellationToken);
    }

    /// <summary>Asks a question and gives back an answer that satisfies a schema while it is written, for callers without a type.</summary>
    /// <inheritdoc cref="StreamAsync{T}(string, LlmCallOptions?, CancellationToken)" path="/remarks"/>
    /// <param name="prompt">The question.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The snapshots and the answer; nothing is sent before they are asked for, and each enumeration is a call of its own.</returns>
    /// <exception cref="ResponseValidationException">The model did not give a valid answer, re-asks included.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off, or the stream broke.</exception>
    /// <exception cref="CostLimitExceededException">The cost limit forbade the request.</exception>
    public IAsyncEnumerable<StructuredDelta<JsonElement>> StreamAsync(string prompt, JsonSchema schema, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => StreamAsync(Single(prompt), schema, options, cancellationToken);

    /// <summary>Goes on with a conversation and gives back an answer that satisfies a schema while it is written, for callers without a type.</summary>
    /// <inheritdoc cref="StreamAsync(string, JsonSchema, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public IAsyncEnumerable<StructuredDelta<JsonElement>> StreamAsync(IEnumerable<LlmMessage> messages, JsonSchema schema, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return StreamAsync(messages, SchemaContract.Of(schema), options, cancellationToken);
    }

    /// <summary>Asks for a list and gives back each item as soon as it is complete and valid, while the rest is still being written.</summary>
    /// <remarks>
    /// Each item satisfies all that its type says, and <see cref="LlmCallOptions{T}.Check"/> where the options are for the
    /// item's type, before it is handed out. What has been handed out cannot be taken back, so the model is asked once:
    /// <see cref="LlmCallOptions.MaxReasks"/> and <see cref="LlmCallOptions.RetryMaxTokens"/> do not count here. An invalid
    /// item ends the stream, and the request, with its errors (<c>/3/name</c> is the name of the fourth). The end is checked like
    /// any answer: a stream that ends without an error gave all items of a whole, valid list. Where the model writes
    /// something before the list, the items are held back until it is certain which list is meant, which may be the end.
    /// </remarks>
    /// <typeparam name="TItem">The type of an item.</typeparam>
    /// <param name="prompt">The question.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The items, and when they have ended the record of the call; nothing is sent before they are asked for, and each enumeration is a call of its own.</returns>
    /// <exception cref="ResponseValidationException">An item is invalid, or the answer as a whole is.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off, or the stream broke.</exception>
    /// <exception cref="CostLimitExceededException">The cost limit forbade the request.</exception>
    /// <exception cref="NotSupportedException">The type has no JSON form.</exception>
    [RequiresUnreferencedCode(ReflectionWarning)]
    [RequiresDynamicCode(ReflectionWarning)]
    public ItemStream<TItem> StreamItemsAsync<TItem>(string prompt, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => StreamItemsAsync<TItem>(Single(prompt), options, cancellationToken);

    /// <summary>Goes on with a conversation, asks for a list, and gives back each item as soon as it is complete and valid.</summary>
    /// <inheritdoc cref="StreamItemsAsync{TItem}(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    [RequiresUnreferencedCode(ReflectionWarning)]
    [RequiresDynamicCode(ReflectionWarning)]
    public ItemStream<TItem> StreamItemsAsync<TItem>(IEnumerable<LlmMessage> messages, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        var unknown = UnknownMembersOf(options);
        return StreamItems(messages, TypeContract<TItem[]>.ByReflection(unknown), TypeContract<TItem>.ByReflection(unknown), options, cancellationToken);
    }

    /// <summary>Asks for a list and gives back each item as soon as it is complete and valid, by a source-generated contract: for trimmed and AOT applications.</summary>
    /// <inheritdoc cref="StreamItemsAsync{TItem}(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="prompt">The question.</param>
    /// <param name="itemType">The contract of an item, such as <c>MyJsonContext.Default.Answer</c>. Its naming and converters are kept; its strictness is not: every check is on.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public ItemStream<TItem> StreamItemsAsync<TItem>(string prompt, JsonTypeInfo<TItem> itemType, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => StreamItemsAsync(Single(prompt), itemType, options, cancellationToken);

    /// <summary>Goes on with a conversation, asks for a list, and gives back each item as soon as it is complete and valid, by a source-generated contract: for trimmed and AOT applications.</summary>
    /// <inheritdoc cref="StreamItemsAsync{TItem}(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="itemType">The contract of an item, such as <c>MyJsonContext.Default.Answer</c>. Its naming and converters are kept; its strictness is not: every check is on.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public ItemStream<TItem> StreamItemsAsync<TItem>(IEnumerable<LlmMessage> messages, JsonTypeInfo<TItem> itemType, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(itemType);
        var unknown = UnknownMembersOf(options);
        return StreamItems(messages, TypeContract<TItem[]>.Of(ListTypeInfo<TItem>.Of(itemType), unknown), TypeContract<TItem>.Of(itemType, unknown), options, cancellationToken);
    }

    private IAsyncEnumerable<StructuredDelta<T>> StreamAsync<T>(IEnumerable<LlmMessage> messages, OutputContract<T> contract, LlmCallOptions? options, CancellationToken cancellationToken)
    {
        var (request, begin) = ComposeTyped(messages, contract, options, AnswerPolicy.Of(_config, options), AnswerPolicy.CheckOf<T>(options), isStreamed: true);
        return RunStreamAsync(
            request,
            (call, route, _, token) =>
            {
                var loop = begin(call, route);
                return new CallStream<StructuredDelta<T>>(_structured.StreamAsync(loop, token)) { Last = record => new FinalDelta<T>(new LlmResponse<T>(loop.Answer, record)) };
            },
            cancellationToken);
    }

    private ItemStream<TItem> StreamItems<TItem>(IEnumerable<LlmMessage> messages, TypeContract<TItem[]> list, TypeContract<TItem> item, LlmCallOptions? options, CancellationToken cancellationToken)
    {
        var policy = AnswerPolicy.Of(_config, options) with { MaxReasks = 0, RetryMaxTokens = null };
        var check = AnswerPolicy.CheckOf<TItem>(options);
        var (request, begin) = ComposeTyped(messages, list, options, policy, check: null, isStreamed: true);
        return new ItemStream<TItem>(closed => RunStreamAsync(
            request,
            (call, route, _, token) =>
            {
                var items = _structured.StreamItemsAsync(begin(call, route), (view, plan) => new ItemReader<TItem>(view, plan, item, policy.Coercion, check), token);
                return new CallStream<TItem>(items) { Closed = closed };
            },
            cancellationToken));
    }
}
