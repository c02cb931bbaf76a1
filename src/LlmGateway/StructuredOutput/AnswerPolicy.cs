namespace LlmGateway.StructuredOutput;

/// <summary>What may be done to get a valid answer: the configuration's word, with the call's over it.</summary>
internal sealed record AnswerPolicy(int MaxReasks, TimeSpan ReaskWithin, int? RetryMaxTokens, Coercion Coercion, UnknownMembers UnknownMembers)
{
    public static AnswerPolicy Of(GatewayConfig config, LlmCallOptions? options) => new(
        options?.MaxReasks ?? config.MaxReasks,
        options?.ReaskWithin ?? TimeSpan.FromSeconds(config.ReaskWithinSeconds),
        options?.RetryMaxTokens ?? config.RetryMaxTokens,
        options?.Coercion ?? config.Coercion,
        options?.UnknownMembers ?? config.UnknownMembers);

    /// <summary>The caller's own check, where the options hold one.</summary>
    /// <exception cref="ArgumentException">The options are for another type.</exception>
    public static Func<T, ValueTask<IEnumerable<ValidationError>>>? CheckOf<T>(LlmCallOptions? options) => options switch
    {
        null => null,
        LlmCallOptions<T> typed => typed.Check,
        _ when options.GetType() == typeof(LlmCallOptions) => null,
        _ => throw new ArgumentException($"The options are LlmCallOptions<…> of another type than the answer's, {typeof(T).Name}: their Check could not be run.", nameof(options)),
    };
}
