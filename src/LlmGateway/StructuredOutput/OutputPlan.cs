namespace LlmGateway.StructuredOutput;

/// <summary>How a schema is put to a model, by what the model can do.</summary>
internal sealed class OutputPlan
{
    private const string ToolName = "answer";

    private readonly OutputContract _contract;

    private OutputPlan(OutputContract contract, OutputMode mode)
    {
        _contract = contract;
        Mode = mode;
    }

    public OutputMode Mode { get; }

    public static OutputPlan Choose(OutputContract contract, ModelCapabilities capabilities)
    {
        if (capabilities.NativeSchema && (contract.Features & capabilities.UnsupportedSchemaFeatures) == 0) return new(contract, OutputMode.Native);
        return new(contract, capabilities.ForcedTool ? OutputMode.Tool : OutputMode.Prompt);
    }

    public LlmRequest Apply(LlmRequest request)
    {
        var planned = request with { OutputSchema = new OutputSchema(_contract.Name, _contract.Schema, Mode), OutputType = _contract.Type };
        return Mode switch
        {
            OutputMode.Tool => planned with
            {
                Tools = [new LlmTool(ToolName, "Give the answer.", _contract.Schema)],
                ToolChoice = LlmToolChoice.Named(ToolName),
            },
            OutputMode.Prompt => planned with { Messages = [LlmMessage.System(Instructions()), .. request.Messages] },
            _ => planned,
        };
    }

    /// <summary>What the model gave as its answer: the arguments of the tool, or else its text.</summary>
    public string AnswerOf(LlmReply reply)
    {
        if (Mode == OutputMode.Tool && reply.Parts.OfType<ToolCallPart>().LastOrDefault(c => c.Name == ToolName) is { } call) return call.ArgumentsJson;
        return reply.Text;
    }

    private string Instructions()
        => $"Answer with one JSON value that satisfies this JSON schema, and with nothing else: no explanation, no code fence.\n{_contract.Schema.GetRawText()}";
}
