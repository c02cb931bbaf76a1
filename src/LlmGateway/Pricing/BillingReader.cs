using System.Text.Json;

namespace LlmGateway.PriceData;

/// <summary>
/// Finds what a reply says of how it is billed beyond its tokens at the standard tier: such a reply must not be priced as if it
/// were an ordinary one. It reads what it knows and never fails.
/// </summary>
internal sealed class BillingReader
{
    /// <summary>The vendors' names of what they bill by the piece, in lists of counts; web_fetch and MCP calls cost their tokens alone.</summary>
    private static readonly Dictionary<string, string?> Counted = new(StringComparer.OrdinalIgnoreCase)
    {
        ["web_search"] = FeeKind.WebSearch,
        ["web_search_requests"] = FeeKind.WebSearch,
        ["web_search_calls"] = FeeKind.WebSearch,
        ["x_search"] = FeeKind.XSearch,
        ["x_search_calls"] = FeeKind.XSearch,
        ["code_execution"] = FeeKind.CodeInterpreter,
        ["code_interpreter"] = FeeKind.CodeInterpreter,
        ["code_interpreter_calls"] = FeeKind.CodeInterpreter,
        ["file_search"] = FeeKind.FileSearch,
        ["file_search_calls"] = FeeKind.FileSearch,
        ["document_search_calls"] = FeeKind.DocumentSearch,
        ["image_generation_calls"] = FeeKind.ImageGeneration,
        ["web_fetch_requests"] = null,
        ["mcp_calls"] = null,
    };

    private readonly Dictionary<string, long> _fees = [];
    private readonly List<string> _unknown = [];
    private string? _tier;
    private string? _region;

    /// <summary>What the body of a reply, or of an event that has a part of one, says.</summary>
    internal static ReplyBilling In(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return ReplyBilling.None;
        var reader = new BillingReader();
        reader.Read(body);
        var billing = new ReplyBilling
        {
            ServiceTier = reader._tier,
            Region = reader._region,
            Fees = [.. reader._fees.Select(static fee => new BilledFee(fee.Key, fee.Value))],
            Unknown = [.. reader._unknown],
        };
        return billing.IsNone ? ReplyBilling.None : billing;
    }

    private void Read(JsonElement body)
    {
        Tier(body, "service_tier");
        Tier(body, "serviceTier");
        // Bedrock's latency-optimized inference has prices of its own: https://aws.amazon.com/bedrock/pricing/
        if (Object(body, "performanceConfig") is { } performance && Word(performance, "latency") == "optimized") Tier("latency_optimized", "performanceConfig.latency: optimized");
        Items(body);
        Grounding(body);
        Counts(body, "server_side_tool_usage");
        if ((Object(body, "usage") ?? (Object(body, "x_groq") is { } groq ? Object(groq, "usage") : null)) is { } usage) Usage(usage);
        if (Object(body, "usageMetadata") is not { } metadata) return;
        Tier(metadata, "trafficType");
        Tier(metadata, "serviceTier");
        if (List(metadata, "candidatesTokensDetails") is not { } details) return;
        foreach (var entry in details.EnumerateArray())
            if (Word(entry, "modality") is "VIDEO" && Count(entry, "tokenCount") is > 0 and var tokens) Unknown($"usageMetadata.candidatesTokensDetails VIDEO: {tokens}");
    }

    private void Usage(JsonElement usage)
    {
        Tier(usage, "service_tier");
        // Anthropic's fast mode and its residency in one country: https://platform.claude.com/docs/en/about-claude/pricing
        if (Word(usage, "speed") is { } speed && speed != "standard") Tier(speed, $"usage.speed: {speed}");
        if (Word(usage, "inference_geo") is { } geo && geo != "not_available") _region = ServiceTierName.Region(geo);
        Counts(usage, "server_tool_use");
        Counts(usage, "server_side_tool_usage");
        Counts(usage, "server_side_tool_usage_details");
        Fee(FeeKind.LiveSearchSource, Count(usage, "num_sources_used"));
        // Perplexity's: https://docs.perplexity.ai/docs/getting-started/pricing
        Fee(FeeKind.WebSearch, Count(usage, "num_search_queries"));
        Fee(FeeKind.CitationToken, Count(usage, "citation_tokens"));
        if (Word(usage, "search_context_size") is { } size)
        {
            if (FeeKind.All.Contains(FeeKind.RequestOf + size)) Fee(FeeKind.RequestOf + size, 1);
            else Unknown($"usage.search_context_size: {size}");
        }
        // Mistral bills speech that is heard by its length.
        if (Count(usage, "prompt_audio_seconds") is > 0 and var seconds) Unknown($"usage.prompt_audio_seconds: {seconds}");
        // Compaction and advisors run beside the answer; the usage's own counts leave them out.
        if (List(usage, "iterations") is not { } iterations) return;
        foreach (var iteration in iterations.EnumerateArray())
            if (Word(iteration, "type") is { } type && type != "message") Unknown($"usage.iterations: {type}");
    }

    private void Tier(JsonElement element, string name)
    {
        if (Word(element, name) is { } word) Tier(word, $"{name}: {word}");
    }

    /// <summary>Two fields may both speak of it; what is not standard is what costs.</summary>
    private void Tier(string word, string said)
    {
        if (ServiceTierName.Normalise(word) is not { } tier || tier == _tier) return;
        if (ServiceTierName.IsStandard(_tier)) _tier = tier;
        else if (!ServiceTierName.IsStandard(tier)) Unknown(said);
    }

    private void Counts(JsonElement element, string name)
    {
        if (Object(element, name) is not { } counts) return;
        foreach (var property in counts.EnumerateObject())
        {
            var count = Count(counts, property.Name);
            if (count <= 0) continue;
            var tool = property.Name.StartsWith("SERVER_SIDE_TOOL_", StringComparison.Ordinal) ? property.Name["SERVER_SIDE_TOOL_".Length..] : property.Name;
            if (!Counted.TryGetValue(tool, out var kind)) Unknown($"usage.{name}.{property.Name}: {count}");
            else if (kind is not null) Fee(kind, count);
        }
    }

    /// <summary>Vendor-side tools that OpenAI bills: https://platform.openai.com/docs/pricing#built-in-tools</summary>
    private void Items(JsonElement body)
    {
        if (List(body, "output") is not { } output) return;
        long searches = 0, files = 0;
        HashSet<string> containers = [];
        foreach (var item in output.EnumerateArray())
        {
            switch (Word(item, "type"))
            {
                // To open a page, or to find something in it, is no search: https://platform.openai.com/docs/guides/tools-web-search#output-and-citations
                case "web_search_call" when (Object(item, "action") is { } action ? Word(action, "type") : null) is null or "search":
                    searches++;
                    break;
                case "file_search_call":
                    files++;
                    break;
                case "code_interpreter_call": // What is billed is the container, which several calls may share.
                    containers.Add(Word(item, "container_id") ?? $"#{containers.Count}");
                    break;
                case "image_generation_call": // Billed by another model's tokens, which are not counted here.
                    Unknown("output: image_generation_call");
                    break;
            }
        }

        Fee(FeeKind.WebSearch, searches);
        Fee(FeeKind.FileSearch, files);
        Fee(FeeKind.CodeInterpreter, containers.Count);
    }

    /// <summary>Google bills a grounded prompt, or each of the searches that are not empty and not the same: https://ai.google.dev/gemini-api/docs/pricing</summary>
    private void Grounding(JsonElement body)
    {
        if (List(body, "candidates") is not { } candidates) return;
        HashSet<string> queries = [];
        foreach (var candidate in candidates.EnumerateArray())
        {
            if (Object(candidate, "groundingMetadata") is not { } grounding) continue;
            if (List(grounding, "webSearchQueries") is { } list)
                foreach (var query in list.EnumerateArray())
                    if (Text(query) is { } text) queries.Add(text);
            if (List(grounding, "imageSearchQueries") is { } images && images.GetArrayLength() > 0) Unknown($"candidates.groundingMetadata.imageSearchQueries: {images.GetArrayLength()}");
            if (List(grounding, "groundingChunks") is { } chunks && chunks.EnumerateArray().Any(static chunk => Object(chunk, "maps") is not null)) Fee(FeeKind.MapsGrounding, 1);
        }

        Fee(FeeKind.Grounding, queries.Count > 0 ? 1 : 0);
        Fee(FeeKind.GroundingQuery, queries.Count);
    }

    /// <summary>Where two fields count the same, they are not two.</summary>
    private void Fee(string kind, long count)
    {
        if (count > 0) _fees[kind] = Math.Max(count, _fees.GetValueOrDefault(kind));
    }

    private void Unknown(string said)
    {
        if (!_unknown.Contains(said)) _unknown.Add(said);
    }

    private static JsonElement? Object(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static JsonElement? List(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value : null;

    /// <summary>A count; a fraction, as of seconds, is rounded up, so that it is not nothing.</summary>
    private static long Count(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number) return 0;
        if (value.TryGetInt64(out var count)) return count;
        return value.TryGetDouble(out var real) && real > 0 ? (long)Math.Min(Math.Ceiling(real), 1e15) : 0;
    }

    private static string? Word(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value)) return null;
        // Bedrock says its tier as an object with a type.
        if (value.ValueKind == JsonValueKind.Object) return Word(value, "type");
        return Text(value);
    }

    private static string? Text(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString() is { Length: > 0 } text ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair, which is no text.
        }
    }
}
