using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI;

/// <summary>The client's embeddings as Microsoft.Extensions.AI has them.</summary>
internal sealed class GatewayEmbeddingGenerator(LlmClient client) : IEmbeddingGenerator<string, Embedding<float>>
{
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (options?.RawRepresentationFactory is not null) throw new NotSupportedException("EmbeddingGenerationOptions.RawRepresentationFactory cannot be passed on: there is no raw form of the gateway's embeddings.");
        if (options?.AdditionalProperties is { Count: > 0 } more && more.Keys.FirstOrDefault(key => key != "purpose") is { } unknown) throw new NotSupportedException($"EmbeddingGenerationOptions.AdditionalProperties[\"{unknown}\"] cannot be passed on; only \"purpose\" can.");
        var response = await client.EmbedAsync(
            values,
            new LlmEmbeddingOptions { Model = options?.ModelId, Dimensions = options?.Dimensions, Purpose = options?.AdditionalProperties?["purpose"] as string },
            cancellationToken).ConfigureAwait(false);
        return new GeneratedEmbeddings<Embedding<float>>(response.Content.Select(vector => new Embedding<float>(vector) { ModelId = response.Model, CreatedAt = response.Metadata.StartedAt }))
        {
            Usage = Usage.ToDetails(response.Usage),
            AdditionalProperties = new AdditionalPropertiesDictionary { [GatewayChatClient.RecordProperty] = response.Metadata },
        };
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata)) return new EmbeddingGeneratorMetadata(client.Provider);
        return serviceType.IsInstanceOfType(client) ? client : serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }
}
