using System.Text;

namespace LlmGateway.Budgets;

/// <summary>
/// The most input tokens that a request can have. A text has no more tokens than UTF-8 bytes: every vendor's tokenizer falls
/// back to single bytes at worst. What is around it (roles, tool prompts, a schema put in words) is bounded generously.
/// </summary>
internal struct InputBound
{
    /// <summary>Role, separators and names around a message or part.</summary>
    private const int PerItem = 64;

    /// <summary>Anthropic puts up to 735 tokens around tools (computer use), others less: https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview#pricing. Our own words around a schema are fewer.</summary>
    private const int Around = 1024;

    /// <summary>Anthropic bills at most 4,784 tokens an image: https://platform.claude.com/docs/en/build-with-claude/vision.</summary>
    private const int AnthropicImage = 8192;

    /// <summary>gpt-4o-mini is the dearest known: 2,833 tokens and 5,667 for each of at most 8 tiles: https://platform.openai.com/docs/guides/images-vision.</summary>
    private const int AnyImage = 65_536;

    /// <summary>Members of a dialect's own that change neither what is read nor how much is written.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "store", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "verbosity", "logit_bias", "stream_options", "include",
        "truncation", "betas", "anthropic_beta", "safetySettings", "safety_settings", "labels", "repetition_penalty", "min_p", "top_a", "mirostat",
        "transforms", "usage", "random_seed", "safe_prompt", "chat_template_kwargs", "guided_json", "response_format", "text", "reasoning_format",
        "requestMetadata", "include_reasoning", "reasoning_split", "thinking", "enable_thinking", "parallel_tool_calls",
    };

    private readonly int _image;
    private long _tokens = 0;
    private string? _why = null;

    private InputBound(string provider) => _image = provider is "anthropic" or "bedrock" or "vertex_anthropic" ? AnthropicImage : AnyImage;

    /// <summary>The bound, or why there is none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="provider">The provider's name.</param>
    /// <param name="contextWindow">The most tokens that the model reads; null where it is not known.</param>
    public static (long? Tokens, string? Why) Of(LlmRequest request, string provider, int? contextWindow)
    {
        var bound = new InputBound(provider);
        bound.Add(request, contextWindow);
        return bound._why is null ? (bound._tokens, null) : (null, bound._why);
    }

    private void Add(LlmRequest request, int? contextWindow)
    {
        foreach (var message in request.Messages)
        {
            _tokens += PerItem;
            AddText(message.Name);
            AddExtensions(message.Extensions);
            foreach (var part in message.Parts) AddPart(part, contextWindow);
        }

        if (request.Tools.Count > 0 || request.OutputSchema is not null) _tokens += Around;
        foreach (var tool in request.Tools)
        {
            if (tool.Raw is not null) _why ??= $"the tool '{tool.Name}' is run by the vendor, which bills what it reads and does";
            AddText(tool.Name);
            AddText(tool.Description);
            AddText(tool.Parameters.ValueKind == default ? null : tool.Parameters.GetRawText());
            _tokens += PerItem;
        }

        // Once as the vendor's own parameter or tool, and once more in words.
        if (request.OutputSchema is { } schema)
        {
            AddText(schema.Schema.GetRawText());
            AddText(schema.Schema.GetRawText());
            AddText(schema.Description);
        }

        AddExtensions(request.Extensions);
    }

    private void AddPart(LlmPart part, int? contextWindow)
    {
        _tokens += PerItem;
        switch (part)
        {
            case TextPart text: AddText(text.Text); break;
            case ThinkingPart thinking: AddText(thinking.Text); AddText(thinking.EncryptedContent); AddText(thinking.Signature); break;
            case ToolCallPart call: AddText(call.Name); AddText(call.Id); AddText(call.ArgumentsJson); break;
            case RefusalPart refusal: AddText(refusal.Text); break;
            case ToolResultPart result:
                foreach (var inner in result.Parts) AddPart(inner, contextWindow);
                break;
            case ImagePart: _tokens += _image; break;
            case DocumentPart { Source: { Text: { } text } } document: AddText(text); AddText(document.Name); AddText(document.Context); break;
            // A second of speech is 400 bytes at least, and 32 tokens at most.
            case AudioPart { Source.Base64: { } sound }: _tokens += sound.Length; break;
            case DocumentPart { Source.Base64: not null } when contextWindow is { } window: _tokens += window; break;
            case DocumentPart or AudioPart or VideoPart: _why ??= $"how long the {Name(part)} is can't be known before the vendor reads it"; break;
            case RawPart raw: _why ??= $"it has a part that only {raw.Dialect} knows"; break;
            default: _why ??= $"it has a part of an unknown kind, {part.GetType().Name}"; break;
        }

        AddExtensions(part.Extensions);
    }

    private void AddText(string? text)
    {
        if (text is not null) _tokens += Encoding.UTF8.GetByteCount(text);
    }

    private void AddExtensions(LlmExtensions? extensions)
    {
        foreach (var (name, _) in extensions?.Members ?? System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty)
            if (!Harmless.Contains(name)) _why ??= $"what the member '{name}' of {extensions!.Dialect} adds to the bill is not known";
    }

    private static string Name(LlmPart part) => part switch
    {
        DocumentPart => "document",
        AudioPart => "recording",
        _ => "video",
    };
}
