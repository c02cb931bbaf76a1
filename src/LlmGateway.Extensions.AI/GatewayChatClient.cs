using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI;

/// <summary>The client as Microsoft.Extensions.AI's interface.</summary>
internal sealed class GatewayChatClient(LlmClient client) : IChatClient
{
    public const string RecordProperty = "llm_gateway.record";

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var response = await client.CompleteAsync(ChatRequest.Of(messages, options, client, this), cancellationToken).ConfigureAwait(false);
        var reply = response.Content;
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. reply.Parts.Select(Contents.ToContent)]) { MessageId = reply.Id, RawRepresentation = reply })
        {
            ResponseId = reply.Id,
            ModelId = response.Model,
            CreatedAt = reply.CreatedAt ?? response.Metadata.StartedAt,
            FinishReason = Finish.ToChat(reply),
            Usage = Usage.ToDetails(response.Usage),
            RawRepresentation = response,
            AdditionalProperties = new AdditionalPropertiesDictionary { [RecordProperty] = response.Metadata },
        };
    }

    /// <summary>Text and thoughts as they come; calls, citations and counts with the last update, when they are whole.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        string? id = null;
        string? model = null;
        var lastText = -1;
        await foreach (var delta in client.StreamAsync(ChatRequest.Of(messages, options, client, this), cancellationToken).ConfigureAwait(false))
        {
            if (delta is HeaderDelta header)
            {
                id = header.Id ?? id;
                model = header.Model ?? model;
            }
            else if (delta is ResponseDelta { Response: var response })
            {
                yield return Last(response);
            }
            else if (delta is RestartedDelta restarted && restarted.FromIndex <= lastText)
            {
                // An update cannot be taken back, and both texts together are nobody's answer.
                throw new ProviderException(restarted.Provider, ProviderErrorKind.Truncated, $"The stream broke, and {restarted.Provider}/{restarted.Model} began its text again, which an IChatClient cannot say. Ask without streaming, or set LLM_STREAM_RESCUE=buffer.");
            }
            else if (ToContent(delta) is { } content)
            {
                if (delta is TextDelta { Index: var index }) lastText = Math.Max(lastText, index);
                yield return new ChatResponseUpdate(ChatRole.Assistant, [content]) { ResponseId = id, MessageId = id, ModelId = model, RawRepresentation = delta };
            }
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return new ChatClientMetadata(client.Provider, client.Endpoint, client.Model.Length > 0 ? client.Model : null);
        return serviceType.IsInstanceOfType(client) ? client : serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
        // The client is its owner's.
    }

    private static AIContent? ToContent(LlmDelta delta) => delta switch
    {
        TextDelta { Text.Length: > 0 } text => new TextContent(text.Text),
        ThinkingDelta { Text.Length: > 0 } thinking => new TextReasoningContent(thinking.Text),
        _ => null,
    };

    private static ChatResponseUpdate Last(LlmResponse<LlmReply> response)
    {
        var reply = response.Content;
        var contents = new List<AIContent>();
        foreach (var part in reply.Parts)
        {
            switch (part)
            {
                case TextPart text:
                    if (text.Citations.Count > 0) contents.Add(Contents.ToContent(text with { Text = "" }));
                    break;
                case ThinkingPart thinking:
                    if (ProtectedThought.Write(thinking.Signature, thinking.EncryptedContent, thinking.Origin, thinking.Extensions) is { } data) contents.Add(new TextReasoningContent("") { ProtectedData = data });
                    break;
                default:
                    contents.Add(Contents.ToContent(part));
                    break;
            }
        }

        contents.Add(new UsageContent(Usage.ToDetails(response.Usage)));
        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            ResponseId = reply.Id,
            MessageId = reply.Id,
            ModelId = response.Model,
            CreatedAt = reply.CreatedAt ?? response.Metadata.StartedAt,
            FinishReason = Finish.ToChat(reply),
            RawRepresentation = response,
            AdditionalProperties = new AdditionalPropertiesDictionary { [RecordProperty] = response.Metadata },
        };
    }
}
