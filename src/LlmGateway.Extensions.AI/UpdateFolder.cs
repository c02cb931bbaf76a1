using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI;

/// <summary>Turns a chat client's updates into deltas.</summary>
internal sealed class UpdateFolder(List<string> losses)
{
    private int _parts;
    private int _text = -1;
    private int _thinking = -1;
    private bool _hasHeader;
    private bool _hasCalls;
    private ChatFinishReason? _reason;
    private UsageDetails? _usage;

    public IEnumerable<LlmDelta> Add(ChatResponseUpdate update)
    {
        if (!_hasHeader)
        {
            _hasHeader = true;
            yield return new HeaderDelta { Id = update.ResponseId, Model = update.ModelId, CreatedAt = update.CreatedAt };
        }

        _reason = update.FinishReason ?? _reason;
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextReasoningContent reasoning:
                    if (_thinking < 0) _thinking = Open();
                    yield return new ThinkingDelta(_thinking, reasoning.Text);
                    var thought = ProtectedThought.Read("", reasoning.ProtectedData);
                    if (reasoning.ProtectedData is not null) yield return new PartDetailDelta(_thinking) { Signature = thought.Signature, EncryptedContent = thought.EncryptedContent, Origin = thought.Origin, Extensions = thought.Extensions };
                    break;
                case TextContent text:
                    if (text.Text.Length == 0) break;
                    if (_text < 0) _text = Open();
                    yield return new TextDelta(_text, text.Text);
                    break;
                case UsageContent usage:
                    if (_usage is null) _usage = usage.Details;
                    else _usage.Add(usage.Details);
                    break;
                default:
                    if (ChatClientProvider.PartOf(content, losses) is not { } part) break;
                    _hasCalls |= part is ToolCallPart;
                    var index = Open();
                    foreach (var delta in Messages.ReplyDeltas.OfPart(index, part)) yield return delta;
                    break;
            }
        }
    }

    public IEnumerable<LlmDelta> End()
    {
        if (Usage.FromDetails(_usage) is { } usage) yield return new UsageDelta(usage);
        if (losses.Count > 0) yield return new HeaderDelta { Losses = losses };
        var (reason, word) = Finish.Of(_reason, _hasCalls);
        yield return new FinishDelta(reason, word);
    }

    private int Open()
    {
        _text = _thinking = -1;
        return _parts++;
    }
}
