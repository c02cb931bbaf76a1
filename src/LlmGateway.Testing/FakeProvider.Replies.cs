using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using LlmGateway.Testing;

namespace LlmGateway;

public sealed partial class FakeProvider
{
    private const string ReflectionWarning = "Writes the type by reflection. Use the overload that takes a JsonTypeInfo<T>.";

    private readonly Dictionary<ReplyKey, ReplyLine> _replies = [];
    private Func<LlmRequest, LlmReply>? _factory;

    /// <summary>
    /// Answers requests for a <typeparamref name="T"/> with this value. Several replies of one type are given in turn,
    /// and the last one again and again.
    /// </summary>
    /// <typeparam name="T">The type that is asked for: exactly the one in <c>CompleteAsync&lt;T&gt;</c>.</typeparam>
    /// <param name="value">The answer, written as the client reads it by default: camel case, enums by name.</param>
    /// <returns>This provider.</returns>
    [RequiresUnreferencedCode(ReflectionWarning)]
    [RequiresDynamicCode(ReflectionWarning)]
    public FakeProvider Reply<T>(T value) => Add(ReplyKey.For(typeof(T)), AnswerWriter.ByReflection(value));

    /// <summary>Answers requests for a <typeparamref name="T"/> with this value, written by a source-generated contract: for AOT, and for a naming of your own.</summary>
    /// <inheritdoc cref="Reply{T}(T)"/>
    /// <param name="value">The answer.</param>
    /// <param name="type">The contract that the call is made with.</param>
    public FakeProvider Reply<T>(T value, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Add(ReplyKey.For(typeof(T)), AnswerWriter.By(value, type));
    }

    /// <summary>
    /// Answers requests for a <typeparamref name="T"/> with exactly this, as a model might write it: broken, fenced or
    /// invalid. A value that is not an object needs its wrapper: <c>{"value": 4}</c>.
    /// </summary>
    /// <inheritdoc cref="Reply{T}(T)"/>
    /// <param name="answer">The model's answer.</param>
    public FakeProvider ReplyJson<T>(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Add(ReplyKey.For(typeof(T)), _ => answer);
    }

    /// <summary>Answers requests with a schema but no type with exactly this, in turn as for types.</summary>
    /// <param name="answer">The model's answer.</param>
    /// <returns>This provider.</returns>
    public FakeProvider ReplyJson(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Add(ReplyKey.Json, _ => answer);
    }

    /// <summary>Answers requests for text with this, in turn as for types.</summary>
    /// <param name="text">The answer.</param>
    /// <returns>This provider.</returns>
    public FakeProvider ReplyText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Add(ReplyKey.Text, _ => text);
    }

    /// <summary>Answers every request for which no other reply is set with what the function makes of it. A later one replaces an earlier one.</summary>
    /// <param name="makeReply">Makes the reply; called from any thread. What it throws is the provider's failure.</param>
    /// <returns>This provider.</returns>
    public FakeProvider ReplyWith(Func<LlmRequest, LlmReply> makeReply)
    {
        ArgumentNullException.ThrowIfNull(makeReply);
        lock (_lock) _factory = makeReply;
        return this;
    }

    private FakeProvider Add(ReplyKey key, Func<LlmRequest, string> answer)
    {
        lock (_lock)
        {
            if (!_replies.TryGetValue(key, out var line)) _replies[key] = line = new ReplyLine();
            line.Add(answer);
        }

        return this;
    }

    private Func<LlmRequest, LlmReply> NextReply(LlmRequest request)
    {
        if (!_replies.TryGetValue(ReplyKey.Of(request), out var line)) return _factory ?? Unanswerable;
        var answer = line.Next();
        return r => AnswerWriter.ToReply(answer(r), r);
    }
}
