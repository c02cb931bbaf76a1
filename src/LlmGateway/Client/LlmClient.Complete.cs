using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LlmGateway.Client;
using LlmGateway.Routing;
using LlmGateway.StructuredOutput;

namespace LlmGateway;

public sealed partial class LlmClient
{
    private const string ReflectionWarning = "Reads the type by reflection. Use the overload that takes a JsonTypeInfo<T>.";

    /// <summary>Asks a question and gives back a typed answer, valid by its type, its nullable annotations and its attributes.</summary>
    /// <typeparam name="T">What to answer with: a record, a class, a list, a number, an enum…</typeparam>
    /// <param name="prompt">The question.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The answer and the record of the call.</returns>
    /// <exception cref="ResponseValidationException">The model did not give a valid answer, re-asks included.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off.</exception>
    /// <exception cref="CostLimitExceededException">The cost limit forbade the request.</exception>
    /// <exception cref="NotSupportedException">The type has no JSON form.</exception>
    [RequiresUnreferencedCode(ReflectionWarning)]
    [RequiresDynamicCode(ReflectionWarning)]
    public Task<LlmResponse<T>> CompleteAsync<T>(string prompt, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => CompleteAsync<T>(Single(prompt), options, cancellationToken);

    /// <summary>Goes on with a conversation and gives back a typed answer.</summary>
    /// <inheritdoc cref="CompleteAsync{T}(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    [RequiresUnreferencedCode(ReflectionWarning)]
    [RequiresDynamicCode(ReflectionWarning)]
    public Task<LlmResponse<T>> CompleteAsync<T>(IEnumerable<LlmMessage> messages, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => CompleteAsync(messages, TypeContract<T>.ByReflection(UnknownMembersOf(options)), options, cancellationToken);

    /// <summary>Asks a question and gives back a typed answer, by a source-generated contract: for trimmed and AOT applications.</summary>
    /// <inheritdoc cref="CompleteAsync{T}(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="prompt">The question.</param>
    /// <param name="type">The contract, such as <c>MyJsonContext.Default.Answer</c>. Its naming and converters are kept; its strictness is not: every check is on.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public Task<LlmResponse<T>> CompleteAsync<T>(string prompt, JsonTypeInfo<T> type, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => CompleteAsync(Single(prompt), type, options, cancellationToken);

    /// <summary>Goes on with a conversation and gives back a typed answer, by a source-generated contract: for trimmed and AOT applications.</summary>
    /// <inheritdoc cref="CompleteAsync{T}(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="type">The contract, such as <c>MyJsonContext.Default.Answer</c>. Its naming and converters are kept; its strictness is not: every check is on.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public Task<LlmResponse<T>> CompleteAsync<T>(IEnumerable<LlmMessage> messages, JsonTypeInfo<T> type, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        return CompleteAsync(messages, TypeContract<T>.Of(type, UnknownMembersOf(options)), options, cancellationToken);
    }

    /// <summary>Asks a question and gives back an answer that satisfies a schema, for callers without a type.</summary>
    /// <param name="prompt">The question.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The answer and the record of the call.</returns>
    /// <exception cref="ResponseValidationException">The model did not give a valid answer, re-asks included.</exception>
    /// <exception cref="ProviderException">The provider failed, refused, or was cut off.</exception>
    /// <exception cref="CostLimitExceededException">The cost limit forbade the request.</exception>
    public Task<LlmResponse<JsonElement>> CompleteAsync(string prompt, JsonSchema schema, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => CompleteAsync(Single(prompt), schema, options, cancellationToken);

    /// <summary>Goes on with a conversation and gives back an answer that satisfies a schema, for callers without a type.</summary>
    /// <inheritdoc cref="CompleteAsync(string, JsonSchema, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public Task<LlmResponse<JsonElement>> CompleteAsync(IEnumerable<LlmMessage> messages, JsonSchema schema, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return CompleteAsync(messages, SchemaContract.Of(schema), options, cancellationToken);
    }

    /// <summary>Asks a question and gives back the text of the answer.</summary>
    /// <remarks>
    /// An answer cut at its limit of tokens is returned, with <see cref="CallRecord.FinishReason"/> =
    /// <see cref="FinishReason.Length"/> and a warning in the log; a refusal is an error.
    /// </remarks>
    /// <param name="prompt">The question.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The text and the record of the call.</returns>
    /// <exception cref="ProviderException">The provider failed or refused.</exception>
    /// <exception cref="CostLimitExceededException">The cost limit forbade the request.</exception>
    public Task<LlmResponse<string>> CompleteTextAsync(string prompt, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => CompleteTextAsync(Single(prompt), options, cancellationToken);

    /// <summary>Goes on with a conversation and gives back the text of the answer.</summary>
    /// <inheritdoc cref="CompleteTextAsync(string, LlmCallOptions?, CancellationToken)"/>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="options">What to do otherwise than the configuration says.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public Task<LlmResponse<string>> CompleteTextAsync(IEnumerable<LlmMessage> messages, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => RunAsync(ComposeUntyped(messages, options), AskTextAsync, cancellationToken);

    /// <summary>Goes on with a conversation and gives back the whole reply: text, thinking, tool calls.</summary>
    /// <remarks>
    /// The reply is given as the model gave it: whether it is cut, refused, or asks for tools is in its
    /// <see cref="LlmReply.FinishReason"/>. A tool's result goes back as a <see cref="ToolResultPart"/> behind a message
    /// of the assistant with the reply's own parts.
    /// </remarks>
    /// <param name="messages">The conversation, oldest first; at least one message.</param>
    /// <param name="options">What to do otherwise than the configuration says, and the tools.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    /// <returns>The reply and the record of the call.</returns>
    /// <exception cref="ProviderException">The provider failed.</exception>
    /// <exception cref="CostLimitExceededException">The cost limit forbade the request.</exception>
    public Task<LlmResponse<LlmReply>> CompleteAsync(IEnumerable<LlmMessage> messages, LlmCallOptions? options = null, CancellationToken cancellationToken = default)
        => RunAsync(ComposeUntyped(messages, options), AskAsync, cancellationToken);

    /// <summary>Sends a request as it is, and gives back the whole reply. What the request leaves open (model, limit of tokens, temperature) the configuration fills in.</summary>
    /// <inheritdoc cref="CompleteAsync(IEnumerable{LlmMessage}, LlmCallOptions?, CancellationToken)"/>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the call at once.</param>
    public Task<LlmResponse<LlmReply>> CompleteAsync(LlmRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return RunAsync(Complete(request) with { Stream = false }, AskAsync, cancellationToken);
    }

    private Task<LlmResponse<T>> CompleteAsync<T>(IEnumerable<LlmMessage> messages, OutputContract<T> contract, LlmCallOptions? options, CancellationToken cancellationToken)
    {
        var (request, begin) = ComposeTyped(messages, contract, options, AnswerPolicy.Of(_config, options), AnswerPolicy.CheckOf<T>(options));
        return RunAsync(request, (call, route, _, token) => _structured.AskAsync(begin(call, route), token), cancellationToken);
    }

    /// <summary>The request for a typed answer, and what begins its asks.</summary>
    private (LlmRequest Request, Func<Call, Route, AnswerLoop<T>> Begin) ComposeTyped<T>(IEnumerable<LlmMessage> messages, OutputContract<T> contract, LlmCallOptions? options, AnswerPolicy policy, Func<T, ValueTask<IEnumerable<ValidationError>>>? check, bool isStreamed = false)
    {
        var request = Compose(messages, options);
        var ask = new TypedAsk(isStreamed ? request with { Stream = true } : request, contract);

        // The way to put the schema is the target's; the first one's says now whether there is any.
        var first = ask.For(_routes.Of(request.Model).First);
        return (first.Model == request.Model ? first : first with { Model = request.Model }, (call, route) => _structured.Begin(call, route, ask, contract, policy, check));
    }

    private UnknownMembers UnknownMembersOf(LlmCallOptions? options) => options?.UnknownMembers ?? _config.UnknownMembers;

    private static LlmMessage[] Single(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return [LlmMessage.User(prompt)];
    }
}
