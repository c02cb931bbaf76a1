using System.Text.Json;
using LlmGateway.PriceData;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Reads the body of a reply to <c>POST /model/{modelId}/converse</c>: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_ResponseSyntax.</summary>
internal static class BedrockReplyDecoder
{
    private const string Name = BedrockDialect.DialectName;

    public static LlmReply Decode(ReadOnlyMemory<byte> body) => JsonRead.Parse(body, ProviderErrorKind.MalformedReply, "The reply", Decode);

    private static LlmReply Decode(JsonElement root)
    {
        if (root.Object("output"u8)?.Object("message"u8) is not { } message || message.Member("content"u8, JsonValueKind.Array) is null)
        {
            throw new DialectException(ProviderErrorKind.MalformedReply, "The reply has no output.message.content: it is not one of Converse. Check LLM_BASE_URL.");
        }

        var parts = BedrockBlockDecoder.PartsOf(message, "content"u8);
        var reason = root.Text("stopReason"u8);
        var losses = new List<string>();
        return new LlmReply
        {
            Parts = parts,
            Model = ModelOf(root),
            FinishReason = BedrockFinish.Of(reason, parts.Exists(static part => part is ToolCallPart)),
            VendorFinishReason = reason,
            StopSequence = StopSequenceOf(root),
            ServiceTier = BedrockTier.Read(root),
            Usage = BedrockUsage.Read(root.Object("usage"u8), losses),
            Billing = parts.OfType<RawPart>().Select(BillingOf).Aggregate(BillingReader.In(root), static (all, tool) => all.Then(tool)),
            Losses = losses,
            Extensions = Extras(root),
        };
    }

    /// <summary>What a reply, or an event of a stream, says beyond what the middle has names for. Empty members say nothing.</summary>
    public static LlmExtensions? Extras(JsonElement root)
    {
        var rest = BagReader.Rest(root, Name, name => name switch
        {
            "output" or "stopReason" or "usage" or "p" => true, // p is padding, against guesses by length.
            "serviceTier" => BedrockTier.Read(root) is not null,
            "additionalModelResponseFields" => StopSequenceOf(root) is not null,
            _ => false,
        });
        var said = rest?.Members.Where(member => member.Value != "null").ToList();
        return said is { Count: > 0 } ? new LlmExtensions(Name, said) : null;
    }

    /// <summary>The model that a router chose; else the reply does not say.</summary>
    public static string? ModelOf(JsonElement root) => root.Object("trace"u8)?.Object("promptRouter"u8)?.Text("invokedModelId"u8);

    /// <summary>Given where it was asked for with <c>additionalModelResponseFieldPaths: ["/stop_sequence"]</c>, and nothing else was.</summary>
    public static string? StopSequenceOf(JsonElement root)
        => root.Object("additionalModelResponseFields"u8) is { } fields && BedrockBlockDecoder.HasOnly(fields, "stop_sequence") ? fields.Text("stop_sequence"u8) : null;

    /// <summary>A tool that the vendor itself runs, such as a web search, is billed by the call, at prices that are not in the reply.</summary>
    public static ReplyBilling BillingOf(RawPart part)
    {
        using var document = JsonDocument.Parse(part.Json);
        return document.RootElement.Object("toolUse"u8) is { } call && call.Text("type"u8) is { } type
            ? new ReplyBilling { Unknown = [$"toolUse.type: {type} {call.Text("name"u8)}"] }
            : ReplyBilling.None;
    }
}
