using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Reads the body of a reply to <c>POST /v1/messages</c>.</summary>
internal static class AnthropicReplyDecoder
{
    private static readonly HashSet<string> Known = ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"];

    public static LlmReply Decode(ReadOnlyMemory<byte> body) => JsonRead.Parse(body, ProviderErrorKind.MalformedReply, "The reply", Decode);

    private static LlmReply Decode(JsonElement root)
    {
        if (root.Text("type"u8) == "error")
        {
            var error = AnthropicErrorDecoder.Read(status: 200, root);
            throw new DialectException(error.Kind, error.Message ?? "The reply is an error.", error);
        }

        if (root.Member("content"u8, JsonValueKind.Array) is not { } content)
        {
            throw new DialectException(ProviderErrorKind.MalformedReply, "The reply has no content array: it is not one of the Messages API. Check LLM_BASE_URL.");
        }

        var parts = new List<LlmPart>(content.GetArrayLength());
        foreach (var block in content.EnumerateArray()) parts.Add(AnthropicMessageDecoder.BlockOf(block));
        var reason = root.Text("stop_reason"u8);
        var losses = new List<string>();
        var usage = root.Object("usage"u8);
        return new LlmReply
        {
            Parts = parts,
            Model = root.Text("model"u8),
            Id = root.Text("id"u8),
            FinishReason = AnthropicFinish.Of(reason),
            VendorFinishReason = reason,
            StopSequence = root.Text("stop_sequence"u8),
            ServiceTier = usage?.Text("service_tier"u8),
            Usage = usage is { } counts ? UsageRead.OrNull(() => AnthropicUsage.Read(counts), losses) : null,
            Billing = BillingReader.In(root),
            Losses = losses,
            Extensions = Extras(root),
        };
    }

    /// <summary>The name under which the bag holds what the usage says beyond the known counts.</summary>
    internal const string OfUsage = "usage";

    private static readonly HashSet<string> KnownOfUsage =
        ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation", "output_tokens", "output_tokens_details", "service_tier"];

    /// <summary>Empty members say nothing and are not carried along.</summary>
    internal static LlmExtensions? Extras(JsonElement root)
    {
        var said = Said(BagReader.Rest(root, AnthropicDialect.DialectName, Known.Contains)?.Members);
        if (root.Object("usage"u8) is { } usage) said.AddRange(ExtrasOfUsage(usage.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value.GetRawText()))));
        return said.Count > 0 ? new LlmExtensions(AnthropicDialect.DialectName, said) : null;
    }

    /// <summary>What a usage says beyond the known counts, as one member of the bag; none where it says no more.</summary>
    internal static List<KeyValuePair<string, string>> ExtrasOfUsage(IEnumerable<KeyValuePair<string, string>> usage)
    {
        var rest = Said(usage.Where(member => !KnownOfUsage.Contains(member.Key)));
        return rest.Count > 0 ? [new(OfUsage, BagObject.ToObject(rest))] : [];
    }

    private static List<KeyValuePair<string, string>> Said(IEnumerable<KeyValuePair<string, string>>? members) => members is null ? [] : [.. members.Where(member => member.Value != "null")];
}
