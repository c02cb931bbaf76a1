using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Reads the body of a reply to <c>POST /chat/completions</c>.</summary>
internal static class OpenAIReplyDecoder
{
    /// <summary>The names under which a reply's bag holds what its choice and its message say beyond the known.</summary>
    public const string OfChoice = "choices[0]";
    public const string OfMessage = "choices[0].message";

    private static readonly HashSet<string> KnownOfReply = ["id", "object", "created", "model", "choices", "usage", "service_tier"];
    private static readonly HashSet<string> KnownOfChoice = ["index", "message", "finish_reason", "logprobs"];
    private static readonly HashSet<string> KnownOfMessage = ["role", "content", "refusal", "tool_calls", "reasoning_content", "reasoning", "annotations", "function_call"];
    private static readonly HashSet<string> KnownOfCall = ["id", "type", "function", "index"];

    public static LlmReply Decode(ReadOnlyMemory<byte> body, WirePeer peer)
        => JsonRead.Parse(body, ProviderErrorKind.MalformedReply, "The reply", root => Decode(root, peer));

    private static LlmReply Decode(JsonElement root, WirePeer peer)
    {
        if (OpenAIErrorDecoder.In(root) is { } error) throw new DialectException(error.Kind, error.Message ?? "The reply is an error.", error);
        if (root.Member("choices"u8, JsonValueKind.Array) is not { } choices)
        {
            throw new DialectException(ProviderErrorKind.MalformedReply, "The reply has no list of choices: it is not one of Chat Completions. Check LLM_BASE_URL.");
        }

        var losses = new List<string>();
        var count = choices.GetArrayLength();
        if (count == 0) throw new DialectException(ProviderErrorKind.MalformedReply, "The reply has no choice, so no answer.");
        if (count > 1) losses.Once($"{count - 1} further choices of the reply were left out: one answer is read.");
        var choice = choices[0];
        var message = choice.Object("message"u8) ?? throw new DialectException(ProviderErrorKind.MalformedReply, "The reply's choice has no message.");
        var parts = PartsOf(message, root.Text("id"u8));
        var word = choice.Text("finish_reason"u8);
        var usage = UsageOf(root, peer, losses);
        return new LlmReply
        {
            Parts = parts,
            Id = root.Text("id"u8),
            Model = root.Text("model"u8),
            CreatedAt = Created(root),
            ServiceTier = root.Text("service_tier"u8),
            FinishReason = OpenAIFinish.Of(word, parts.OfType<ToolCallPart>().Any(), parts.OfType<RefusalPart>().Any()),
            VendorFinishReason = word,
            Usage = usage,
            ReportedCostUsd = ReportedCost(root, peer),
            Billing = BillingReader.In(root),
            LogProbs = OpenAILogProbs.Read(choice),
            Losses = losses,
            Extensions = Extras(root, choice, message),
        };
    }

    public static DateTimeOffset? Created(JsonElement root)
        => root.Whole("created"u8) is > 0 and < 253_402_300_800 and var seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public static TokenUsage? UsageOf(JsonElement root, WirePeer peer, List<string> losses)
    {
        // Groq gives a stream's counts in a member of its own: https://console.groq.com/docs/api-reference#chat-create.
        var usage = root.Object("usage"u8) ?? root.Object("x_groq"u8)?.Object("usage"u8);
        if (usage is not { } counts) return null;
        return UsageRead.OrNull(() => ChatUsage.Read(counts, peer.Vendor), losses);
    }

    /// <summary>What the vendor says it took: OpenRouter from the account (https://openrouter.ai/docs/use-cases/usage-accounting), Perplexity for this reply (https://docs.perplexity.ai/api-reference/chat-completions-post).</summary>
    public static decimal? ReportedCost(JsonElement root, WirePeer peer)
    {
        if (root.Object("usage"u8) is not { } usage) return null;
        var cost = peer.Vendor switch
        {
            "openrouter" => usage.Member("cost"u8, JsonValueKind.Number),
            "perplexity" => usage.Object("cost"u8)?.Member("total_cost"u8, JsonValueKind.Number),
            _ => null,
        };
        return cost is { } number && number.TryGetDecimal(out var amount) && amount >= 0 ? amount : null;
    }

    private static List<LlmPart> PartsOf(JsonElement message, string? replyId)
    {
        var parts = new List<LlmPart>();
        var thought = message.Text("reasoning_content"u8) ?? message.Text("reasoning"u8);
        var details = DetailsOf(message);

        // A thought that is not shown still goes back in the next turn.
        if (!string.IsNullOrEmpty(thought) || details is not null) parts.Add(new ThinkingPart(thought ?? "") { Origin = OpenAIDialect.DialectName, Extensions = details });
        if (message.Text("content"u8) is { Length: > 0 } text) parts.Add(new TextPart(text) { Citations = [.. message.Items("annotations"u8).Select(CitationOf)] });
        else foreach (var item in message.Items("content"u8)) parts.Add(PartOf(item));
        if (message.Text("refusal"u8) is { Length: > 0 } refusal) parts.Add(new RefusalPart(refusal));
        foreach (var call in message.Items("tool_calls"u8)) parts.Add(CallOf(call, parts.Count, replyId));
        if (LegacyCallOf(message, MadeUpId(replyId, parts.Count)) is { } legacy) parts.Add(legacy);
        return parts;
    }

    /// <summary>What OpenRouter signs of a thought: https://openrouter.ai/docs/use-cases/reasoning-tokens#preserving-reasoning-blocks. Null for none.</summary>
    internal static LlmExtensions? DetailsOf(JsonElement message)
        => message.Member("reasoning_details"u8, JsonValueKind.Array) is { } details && details.GetArrayLength() > 0 ? new LlmExtensions(OpenAIDialect.DialectName, [new("reasoning_details", details.GetRawText())]) : null;

    /// <summary>The form before tools, of at most one call, which has no id: https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices-message-function_call.</summary>
    internal static ToolCallPart? LegacyCallOf(JsonElement message, string id)
        => message.Object("function_call"u8) is { } function && function.Text("name"u8) is { Length: > 0 } name ? new ToolCallPart(id, name, Arguments(function)) : null;

    private static LlmPart PartOf(JsonElement item) => item.Text("type"u8) switch
    {
        "text" or "output_text" when item.Text("text"u8) is { } text => new TextPart(text),
        "refusal" when item.Text("refusal"u8) is { } refusal => new RefusalPart(refusal),
        "thinking" when item.Items("thinking"u8).FirstOrDefault().Text("text"u8) is { } thought => new ThinkingPart(thought) { Origin = OpenAIDialect.DialectName }, // Mistral's form.
        _ => new RawPart(OpenAIDialect.DialectName, item.GetRawText()),
    };

    internal static LlmPart CallOf(JsonElement call, int place, string? replyId)
    {
        if (call.Object("function"u8) is not { } function || function.Text("name"u8) is not { } name) return new RawPart(OpenAIDialect.DialectName, call.GetRawText());
        return new ToolCallPart(call.Text("id"u8) is { Length: > 0 } id ? id : MadeUpId(replyId, place), name, Arguments(function))
        {
            Extensions = BagReader.Rest(call, OpenAIDialect.DialectName, KnownOfCall.Contains),
        };
    }

    /// <summary>Some servers give calls no id; a result must name one, which must be unique in the conversation.</summary>
    internal static string MadeUpId(string? replyId, int place) => replyId is null ? $"call_{place}" : $"call_{replyId}_{place}";

    /// <summary>A string of JSON; some servers give the object itself, and some nothing where there are no arguments.</summary>
    internal static string Arguments(JsonElement function)
    {
        if (!function.TryGetProperty("arguments"u8, out var arguments)) return "";
        return arguments.ValueKind switch
        {
            JsonValueKind.String => function.Text("arguments"u8) ?? "",
            JsonValueKind.Null => "",
            _ => arguments.GetRawText(),
        };
    }

    internal static Citation CitationOf(JsonElement annotation)
    {
        var source = annotation.Object("url_citation"u8) ?? annotation;
        return new Citation
        {
            Url = source.Text("url"u8),
            Title = source.Text("title"u8),
            StartIndex = source.Int("start_index"u8),
            EndIndex = source.Int("end_index"u8),
            Raw = new RawPart(OpenAIDialect.DialectName, annotation.GetRawText()),
        };
    }

    /// <summary>What stands beside the known in a reply or a chunk. A chunk's obfuscation is noise against listeners, and Groq's counts are read.</summary>
    internal static LlmExtensions? OfRoot(JsonElement root) => BagReader.Rest(root, OpenAIDialect.DialectName, static name => KnownOfReply.Contains(name) || name is "obfuscation" or "x_groq");

    /// <summary>What stands beside the known in reply, choice and message. The last two are objects of their own in the bag: there is one choice.</summary>
    private static LlmExtensions? Extras(JsonElement root, JsonElement choice, JsonElement message)
    {
        var all = new List<KeyValuePair<string, string>>(OfRoot(root)?.Members ?? new Dictionary<string, string>());
        AddObject(OfChoice, BagReader.Rest(choice, OpenAIDialect.DialectName, KnownOfChoice.Contains));
        AddObject(OfMessage, BagReader.Rest(message, OpenAIDialect.DialectName, name => KnownOfMessage.Contains(name) || name == "reasoning_details"));
        return all.Count == 0 ? null : new LlmExtensions(OpenAIDialect.DialectName, all);

        void AddObject(string name, LlmExtensions? rest)
        {
            var said = rest?.Members.Where(member => member.Value != "null").ToList();
            if (said is { Count: > 0 }) all.Add(new(name, BagObject.ToObject(said)));
        }
    }
}
