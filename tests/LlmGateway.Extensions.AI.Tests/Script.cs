using System.Runtime.CompilerServices;

namespace LlmGateway.ExtensionsAI.Tests;

/// <summary>A provider that gives its replies in turn, whole or letter by letter, and keeps what it was asked.</summary>
internal sealed class Script(params LlmReply[] replies) : ILlmProvider
{
    public string Name => "openai";

    public string DefaultModel => "gpt-4o-mini";

    public ModelCapabilities Capabilities { get; init; } = new() { NativeSchema = true };

    public List<LlmRequest> Requests { get; } = [];

    public ModelCapabilities GetCapabilities(string model) => Capabilities;

    public Task<LlmReply> CompleteAsync(LlmRequest request, CancellationToken cancellationToken)
    {
        Requests.Add(request);
        return Task.FromResult(replies[Requests.Count - 1]);
    }

    public async IAsyncEnumerable<LlmDelta> StreamAsync(LlmRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reply = await CompleteAsync(request, cancellationToken);
        yield return new HeaderDelta { Id = reply.Id, Model = reply.Model };
        for (var i = 0; i < reply.Parts.Count; i++)
        {
            switch (reply.Parts[i])
            {
                case TextPart text:
                    foreach (var letter in text.Text) yield return new TextDelta(i, letter.ToString());
                    break;
                case ThinkingPart thinking:
                    foreach (var letter in thinking.Text) yield return new ThinkingDelta(i, letter.ToString());
                    yield return new PartDetailDelta(i) { Signature = thinking.Signature, Origin = thinking.Origin };
                    break;
                case ToolCallPart call:
                    yield return new ToolCallDelta(i, call.Id, call.Name, "");
                    foreach (var letter in call.ArgumentsJson) yield return new ToolCallDelta(i, null, null, letter.ToString());
                    break;
                case var whole:
                    yield return new PartDelta(i, whole);
                    break;
            }
        }

        if (reply.Usage is { } usage) yield return new UsageDelta(usage);
        yield return new FinishDelta(reply.FinishReason, reply.VendorFinishReason);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
