using System.Runtime.CompilerServices;
using System.Text.Json;
using LlmGateway.Dialects;
using LlmGateway.ExtensionsAI;
using Microsoft.Extensions.AI;

namespace LlmGateway;

/// <summary>Any <see cref="IChatClient"/>, such as an official SDK's, as a provider: retried, limited, priced and recorded like the rest.</summary>
/// <remarks>
/// Switch the SDK's own retries off: the gateway is the one layer that retries. A stream whose enumeration ends in order is
/// whole; where it named no finish reason the answer counts as stopped. What an <see cref="IChatClient"/> cannot be told
/// is in the reply's losses.
/// </remarks>
/// <param name="client">The chat client. Not disposed with the provider.</param>
/// <param name="name">The provider's name, as in the price book: <c>openai</c> finds OpenAI's prices.</param>
/// <param name="defaultModel">The model used where none is named; null for the chat client's own.</param>
/// <param name="capabilities">What its models can do; null for native schemas and tools.</param>
/// <param name="embeddings">What makes its embeddings; null for nothing.</param>
public sealed class ChatClientProvider(IChatClient client, string name, string? defaultModel = null, ModelCapabilities? capabilities = null, IEmbeddingGenerator<string, Embedding<float>>? embeddings = null) : ILlmProvider
{
    private readonly ModelCapabilities _capabilities = capabilities ?? new ModelCapabilities { NativeSchema = true, ForcedTool = true };
    private readonly ChatClientMetadata? _metadata = client.GetService<ChatClientMetadata>();

    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public string DefaultModel => defaultModel ?? _metadata?.DefaultModelId ?? "";

    /// <inheritdoc/>
    public Uri? Endpoint => _metadata?.ProviderUri;

    /// <inheritdoc/>
    public string? DefaultEmbeddingModel => embeddings?.GetService<EmbeddingGeneratorMetadata>()?.DefaultModelId;

    /// <inheritdoc/>
    public ModelCapabilities GetCapabilities(string model) => _capabilities;

    /// <inheritdoc/>
    public async Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var losses = new List<string>();
        var (messages, options) = GatewayRequest.ToChat(request, losses);
        try
        {
            var response = await client.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            var parts = response.Messages.SelectMany(message => message.Contents).Where(content => content is not UsageContent).Select(content => PartOf(content, losses)).OfType<LlmPart>().ToList();
            var (reason, word) = Finish.Of(response.FinishReason, parts.OfType<ToolCallPart>().Any());
            return new LlmReply
            {
                Parts = parts,
                Id = response.ResponseId,
                Model = response.ModelId,
                CreatedAt = response.CreatedAt,
                FinishReason = reason,
                VendorFinishReason = word,
                Usage = Usage.FromDetails(response.Usage),
                Losses = losses,
            };
        }
        catch (Exception e) when (Classify(e) is { } error)
        {
            throw error;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var losses = new List<string>();
        var (messages, options) = GatewayRequest.ToChat(request, losses);
        var folder = new UpdateFolder(losses);
        var updates = client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (updates.ConfigureAwait(false))
        {
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync().ConfigureAwait(false)) break;
                }
                catch (Exception e) when (Classify(e) is { } error)
                {
                    throw error;
                }

                foreach (var delta in folder.Add(updates.Current)) yield return delta;
            }
        }

        foreach (var delta in folder.End()) yield return delta;
    }

    /// <inheritdoc/>
    public async Task<LlmEmbeddings> EmbedAsync(LlmEmbeddingRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (embeddings is null) throw new ProviderException(Name, ProviderErrorKind.InvalidRequest, $"{Name} was given no embedding generator.");
        var losses = new List<string>();
        if (request.Purpose is not null) losses.Add("purpose was left out: the abstractions have no place for it.");
        try
        {
            var made = await embeddings.GenerateAsync(request.Inputs, new EmbeddingGenerationOptions { ModelId = request.Model.Length > 0 ? request.Model : null, Dimensions = request.Dimensions }, cancellationToken).ConfigureAwait(false);
            return new LlmEmbeddings([.. made.Select(one => one.Vector)])
            {
                Model = made.FirstOrDefault()?.ModelId,
                Usage = made.Usage?.InputTokenCount is { } input ? new TokenUsage { InputTokens = input } : null,
                Losses = losses,
            };
        }
        catch (Exception e) when (Classify(e) is { } error)
        {
            throw error;
        }
    }

    /// <summary>Nothing: the chat client is its owner's.</summary>
    /// <returns>A finished task.</returns>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal static LlmPart? PartOf(AIContent content, List<string> losses)
    {
        try
        {
            return Contents.ToPart(content);
        }
        catch (NotSupportedException)
        {
            losses.Add($"a {content.GetType().Name} of the reply was left out: the gateway has no part for it.");
            return null;
        }
    }

    /// <summary>What the gateway knows already, and cancellation, goes out as it is.</summary>
    private ProviderException? Classify(Exception e) => e switch
    {
        GatewayException or OperationCanceledException => null,
        HttpRequestException { StatusCode: { } status } => new ProviderException(Name, VendorError.KindOf((int)status), $"{Name}: HTTP {(int)status}: {e.Message}", e) { HttpStatus = (int)status },
        HttpRequestException or IOException => new ProviderException(Name, ProviderErrorKind.Connection, $"{Name}: {e.Message}", e),
        TimeoutException => new ProviderException(Name, ProviderErrorKind.Timeout, $"{Name}: {e.Message}", e),
        NotSupportedException or ArgumentException or JsonException => new ProviderException(Name, ProviderErrorKind.InvalidRequest, $"{Name}: {e.Message}", e),
        _ => new ProviderException(Name, ProviderErrorKind.Unknown, $"{Name} failed: {e.GetType().Name}: {e.Message}", e),
    };
}
