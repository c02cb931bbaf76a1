using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Reads the body of a reply of generateContent.</summary>
internal static class GeminiReplyDecoder
{
    /// <summary>What is lost where a reply cites sources and says nothing.</summary>
    public const string CitationsWithoutText = "Citations of the reply were left out: it has no text that they could belong to.";

    /// <summary>The name under which the bag holds what the candidate says beyond the known.</summary>
    public const string OfCandidate = "candidates[0]";

    /// <summary>The name under which the bag holds what the usage says beyond the known.</summary>
    public const string OfUsage = "usageMetadata";

    private static readonly HashSet<string> KnownOfUsage = ["promptTokenCount", "cachedContentTokenCount", "candidatesTokenCount", "thoughtsTokenCount", "toolUsePromptTokenCount", "totalTokenCount"];
    private static readonly HashSet<string> KnownOfReply = ["candidates", "usageMetadata", "modelVersion", "responseId"];
    private static readonly HashSet<string> KnownOfCandidate = ["content", "finishReason", "index", "citationMetadata", "logprobsResult"];

    public static LlmReply Decode(ReadOnlyMemory<byte> body) => JsonRead.Parse(body, ProviderErrorKind.MalformedReply, "The reply", Decode);

    private static LlmReply Decode(JsonElement root)
    {
        if (GeminiErrorDecoder.In(root) is { } error) throw new DialectException(error.Kind, error.Message ?? "The reply is an error.", error);
        var candidates = root.Member("candidates"u8, JsonValueKind.Array);
        var blocked = BlockReason(root);
        if (candidates is not { } list || list.GetArrayLength() == 0)
        {
            if (blocked is null) throw new DialectException(ProviderErrorKind.MalformedReply, "The reply has no candidates: it is not one of generateContent. Check LLM_BASE_URL.");
            return Header(root, [], []) with { FinishReason = FinishReason.ContentFilter, VendorFinishReason = blocked };
        }

        var losses = new List<string>();
        if (list.GetArrayLength() > 1) losses.Once($"{list.GetArrayLength() - 1} further candidates of the reply were left out: one answer is read.");
        var candidate = list[0];
        var scope = root.Text("responseId"u8) ?? "reply";
        var parts = new List<LlmPart>();
        foreach (var part in (candidate.Object("content"u8) ?? default).Items("parts"u8)) parts.Add(GeminiPartDecoder.Read(part, () => GeminiIds.Make(scope, parts.Count), static _ => null));
        AddCitations(parts, candidate, losses);
        var word = candidate.Text("finishReason"u8);
        return Header(root, parts, losses) with
        {
            FinishReason = word is null && blocked is not null ? FinishReason.ContentFilter : GeminiFinish.Of(word, parts.OfType<ToolCallPart>().Any()),
            VendorFinishReason = word ?? blocked,
            LogProbs = GeminiLogProbs.Read(candidate),
        };
    }

    public static string? BlockReason(JsonElement root) => root.Object("promptFeedback"u8)?.Text("blockReason"u8);

    public static TokenUsage? UsageOf(JsonElement root, List<string> losses)
    {
        if (root.Object("usageMetadata"u8) is not { } usage) return null;
        return UsageRead.OrNull(() => GeminiUsage.Read(usage), losses);
    }

    private static LlmExtensions? Extras(JsonElement root)
    {
        var all = new List<KeyValuePair<string, string>>(ExtrasOfRoot(root)?.Members ?? new Dictionary<string, string>());
        if (root.Items("candidates"u8).FirstOrDefault() is { ValueKind: JsonValueKind.Object } candidate && ExtrasOfCandidate(candidate) is { } rest) all.Add(new(OfCandidate, BagObject.ToObject(rest.Members)));
        if (ExtrasOfUsage(root) is { } counts) all.Add(counts);
        return all.Count == 0 ? null : new LlmExtensions(GeminiDialect.DialectName, all);
    }

    public static LlmExtensions? ExtrasOfRoot(JsonElement root) => BagReader.Rest(root, GeminiDialect.DialectName, KnownOfReply.Contains);

    /// <summary>Counts by modality are among them where they say more than the middle does, which knows text and sound.</summary>
    public static KeyValuePair<string, string>? ExtrasOfUsage(JsonElement root)
    {
        if (root.Object("usageMetadata"u8) is not { } usage) return null;
        var rest = BagReader.Rest(usage, GeminiDialect.DialectName, name => KnownOfUsage.Contains(name) || SaysNoMore(usage, name));
        return rest is null ? null : new(OfUsage, BagObject.ToObject(rest.Members));
    }

    private static bool SaysNoMore(JsonElement usage, string name)
        => name is "promptTokensDetails" or "candidatesTokensDetails" or "toolUsePromptTokensDetails" or "cacheTokensDetails"
            && usage.GetProperty(name) is { ValueKind: JsonValueKind.Array } counts
            && counts.EnumerateArray().All(count => count.Text("modality"u8) is "TEXT" || (name != "cacheTokensDetails" && count.Text("modality"u8) is "AUDIO"));

    public static LlmExtensions? ExtrasOfCandidate(JsonElement candidate) => BagReader.Rest(candidate, GeminiDialect.DialectName, KnownOfCandidate.Contains);

    public static IEnumerable<Citation> Citations(JsonElement candidate)
    {
        if (candidate.Object("citationMetadata"u8) is not { } metadata) yield break;
        foreach (var source in metadata.Items("citationSources"u8).Concat(metadata.Items("citations"u8)))
        {
            yield return new Citation
            {
                Url = source.Text("uri"u8),
                Title = source.Text("title"u8),
                StartIndex = source.Int("startIndex"u8),
                EndIndex = source.Int("endIndex"u8),
                Raw = new RawPart(GeminiDialect.DialectName, source.GetRawText()),
            };
        }
    }

    private static LlmReply Header(JsonElement root, List<LlmPart> parts, List<string> losses)
    {
        var usage = UsageOf(root, losses);
        return new LlmReply
        {
            Parts = parts,
            Id = root.Text("responseId"u8),
            Model = root.Text("modelVersion"u8),
            Usage = usage,
            Billing = BillingReader.In(root),
            Losses = losses,
            Extensions = Extras(root),
        };
    }

    /// <summary>They belong to the answer as a whole; its last text carries them.</summary>
    private static void AddCitations(List<LlmPart> parts, JsonElement candidate, List<string> losses)
    {
        var citations = Citations(candidate).ToList();
        if (citations.Count == 0) return;
        var last = parts.FindLastIndex(part => part is TextPart);
        if (last < 0) losses.Once(CitationsWithoutText);
        else parts[last] = ((TextPart)parts[last]) with { Citations = citations };
    }
}
