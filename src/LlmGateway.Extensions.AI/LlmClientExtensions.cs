using LlmGateway.ExtensionsAI;
using Microsoft.Extensions.AI;

namespace LlmGateway;

/// <summary>The gateway's client as the interfaces of Microsoft.Extensions.AI.</summary>
public static class LlmClientExtensions
{
    /// <summary>The client as an <see cref="IChatClient"/>: middleware such as <c>UseFunctionInvocation()</c> works over it.</summary>
    /// <remarks>
    /// Every field of <see cref="ChatOptions"/> is passed on or refused with <see cref="NotSupportedException"/>; what a vendor
    /// cannot be told is in the record's losses. Errors are the gateway's own exceptions. Each response carries the
    /// <see cref="CallRecord"/> as its additional property <c>llm_gateway.record</c>. Disposing the chat client does not dispose the client.
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <returns>The chat client.</returns>
    public static IChatClient AsChatClient(this LlmClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new GatewayChatClient(client);
    }

    /// <summary>The client as an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>.</summary>
    /// <param name="client">The client, whose provider makes embeddings.</param>
    /// <returns>The generator. Disposing it does not dispose the client.</returns>
    public static IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(this LlmClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new GatewayEmbeddingGenerator(client);
    }
}
