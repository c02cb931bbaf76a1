namespace LlmGateway.StructuredOutput;

/// <summary>How a schema is put to a model, by what the model can do. Made once for each contract and mode.</summary>
internal sealed class OutputPlan
{
    private const string ToolName = "answer";

    private readonly OutputSchema _schema;
    private readonly Type? _type;
    private readonly LlmTool[] _tools;
    private readonly LlmMessage? _instructions;

    public OutputPlan(OutputContract contract, OutputMode mode)
    {
        Mode = mode;
        _schema = new OutputSchema(contract.Name, contract.Schema, mode) { HasMadeUpName = true };
        _type = contract.Type;
        _tools = mode == OutputMode.Tool ? [new LlmTool(ToolName, "Give the answer.", contract.Schema)] : [];
        if (mode == OutputMode.Prompt)
        {
            _instructions = LlmMessage.System(
                $"Answer with one JSON value that satisfies this JSON schema, and with nothing else: no explanation, no code fence.\n{contract.Schema.GetRawText()}");
        }
    }

    public OutputMode Mode { get; }

    public static OutputPlan Choose(OutputContract contract, ModelCapabilities capabilities)
    {
        if (capabilities.NativeSchema && (contract.Features & capabilities.UnsupportedSchemaFeatures) == 0) return contract.PlanOf(OutputMode.Native);
        return contract.PlanOf(capabilities.ForcedTool ? OutputMode.Tool : OutputMode.Prompt);
    }

    public LlmRequest Apply(LlmRequest request) => request with
    {
        OutputSchema = _schema,
        OutputType = _type,
        Tools = _tools,
        ToolChoice = Mode == OutputMode.Tool ? LlmToolChoice.Named(ToolName) : null,
        ParallelToolCalls = Mode == OutputMode.Tool ? false : null,
        Messages = _instructions is null ? request.Messages : [_instructions, .. request.Messages],
    };

    /// <summary>What the model gave as its answer: the arguments of the tool, or else its text.</summary>
    public string AnswerOf(LlmReply reply)
    {
        if (Mode == OutputMode.Tool && reply.Parts.OfType<ToolCallPart>().LastOrDefault(c => c.Name == ToolName) is { } call) return call.ArgumentsJson;
        return reply.Text;
    }
}
