namespace LlmGateway.Dialects;

/// <summary>
/// How vendors and servers say that a conversation does not fit the model. Few have a code for it, and many answer in the
/// dialect of another, so that one list serves all.
/// </summary>
internal static class ContextLength
{
    /// <summary>Codes and types that mean this and nothing else.</summary>
    private static readonly string[] Codes =
    [
        "context_length_exceeded", // OpenAI, Azure, Groq and most that follow them.
        "string_above_max_length", // OpenAI.
        "exceed_context_size_error", // llama.cpp: https://github.com/ggml-org/llama.cpp/pull/15780.
        "model_context_window_exceeded", // Z.AI.
    ];

    private static readonly string[] Words =
    [
        "prompt is too long", // Anthropic, Fireworks.
        "exceed context limit", // Anthropic: the input and the tokens for the answer together.
        "maximum context length", // OpenAI, Azure, vLLM, DeepSeek, OpenRouter, Mistral ("too large for model with N maximum context length").
        "context length exceeded",
        "context_length_exceeded",
        "exceeds the context window", // OpenAI's Responses.
        "reduce the length of the messages", // Groq.
        "maximum prompt length is", // xAI.
        "too large for model with", // Mistral.
        "longer than the model's context length", // Together.
        "exceeds the available context size", // llama.cpp.
        "exceed context window of", // llama-cpp-python.
        "context size has been exceeded", // LM Studio.
        "greater than the context length", // LM Studio: tokens to keep.
        "tokens when context the overflows", // LM Studio, word for word: https://github.com/lmstudio-ai/lmstudio-bug-tracker/issues/546.
        "context window exceeds limit", // MiniMax.
        "exceeds model context window",
        "exceeded model token limit", // Moonshot: https://github.com/openclaw/openclaw/pull/9562.
        "exceeded max context length", // Ollama.
        "too many tokens:", // Cohere. Bedrock's "Too many tokens, please wait" is a limit of the rate.
        "maximum allowed input length", // Poolside, by OpenRouter.
        "range of input length should be", // DashScope.
        "prompt 超长", // Zhipu, code 1261.
        "input is too long for requested model", // Bedrock.
        "too many input tokens", // Bedrock.
    ];

    /// <summary>Words that mean it only together.</summary>
    private static readonly (string, string)[] Pairs =
    [
        ("token count", "exceeds"), // Gemini, and Copilot's "prompt token count of N exceeds the limit of M".
        ("input token count is", "only supports up to"), // Vertex AI.
    ];

    public static bool IsCode(string? code) => code is not null && Array.IndexOf(Codes, code) >= 0;

    public static bool IsSaid(string? message) => message is not null
        && (Array.Exists(Words, words => Has(message, words)) || Array.Exists(Pairs, pair => Has(message, pair.Item1) && Has(message, pair.Item2)));

    private static bool Has(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
