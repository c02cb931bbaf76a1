using System.Text.Json;
using LlmGateway.Dialects.Schemas;

namespace LlmGateway.StructuredOutput;

/// <summary>How a schema is put to a model, by what the model can do. Made once for each contract, mode and subset of schemas.</summary>
internal sealed class OutputPlan
{
    /// <summary>The name of the tool whose arguments are the answer, where no tool of the caller's has it.</summary>
    public const string ToolName = "answer";

    private readonly OutputSchema _schema;
    private readonly Type? _type;
    private readonly LlmTool? _tool;
    private readonly LlmMessage? _instructions;
    private readonly JsonElement? _nullsForAbsent;

    private OutputPlan(OutputContract contract, OutputMode mode, SchemaFit? fit, bool isStrict)
    {
        Mode = mode;
        Refusal = fit?.Refusal;
        var schema = fit is { Refusal: null } ? fit.Schema : contract.Schema;
        Notes = fit is { Refusal: null } ? fit.Notes : [];
        _schema = new OutputSchema(contract.Name, schema, mode) { HasMadeUpName = true };
        _type = contract.Type;
        if (fit is { Refusal: null, HasNullsForAbsent: true }) _nullsForAbsent = contract.Schema;
        if (mode == OutputMode.Tool) _tool = new LlmTool(ToolName, "Give the answer.", schema) { Strict = isStrict ? true : null };
        if (mode == OutputMode.Prompt)
        {
            _instructions = LlmMessage.System(
                $"Answer with one JSON value that satisfies this JSON schema, and with nothing else: no explanation, no code fence.\n{contract.Schema.GetRawText()}");
        }
    }

    public OutputMode Mode { get; }

    /// <summary>The name of the tool whose arguments are the answer: none of the caller's.</summary>
    public string AnswerTool { get; } = ToolName;

    /// <summary>What of the schema the vendor's form cannot say; null where it can say all. A plan with a refusal is not used.</summary>
    public string? Refusal { get; }

    /// <summary>How the schema that is sent differs from the full one, in words.</summary>
    public IReadOnlyList<string> Notes { get; private init; }

    /// <summary>Whether the model was told to give null for a member that it may leave out, since the vendor wants each member.</summary>
    public bool HasNullsForAbsent => _nullsForAbsent is not null;

    /// <summary>The contract's plan for a mode and a subset.</summary>
    public static OutputPlan Of(OutputContract contract, OutputMode mode, SchemaSubset subset)
        => new(
            contract,
            mode,
            mode == OutputMode.Prompt || SchemaSubsets.RulesOf(subset) is not { } rules ? null : SchemaSanitizer.Fit(contract.Schema, rules),
            isStrict: mode == OutputMode.Tool && subset is SchemaSubset.OpenAIStrict or SchemaSubset.Anthropic);

    /// <summary>The best way that the model has for this schema: natively, else by a tool, else in the prompt.</summary>
    /// <exception cref="ArgumentException">The request's tools or its choice of one cannot go together with a schema; the message says why.</exception>
    public static OutputPlan Choose(OutputContract contract, ModelCapabilities capabilities, LlmRequest request)
    {
        CheckTools(request, capabilities);
        var plan = Choose(contract, capabilities, request, []);
        return plan.Mode == OutputMode.Tool && FreeName(request) is var free && free != plan.AnswerTool ? new OutputPlan(plan, free) : plan;
    }

    private static OutputPlan Choose(OutputContract contract, ModelCapabilities capabilities, LlmRequest request, List<string> notes)
    {
        if (capabilities.NativeSchema)
        {
            if (Native(contract, capabilities, request, notes) is { } native) return native;
        }

        if (capabilities.ForcedTool)
        {
            var tool = Tool(contract, capabilities);
            if (tool.Refusal is null) return tool.With(notes);
            notes.Add($"by a tool the schema cannot be said: {tool.Refusal}");
        }

        return contract.PlanOf(OutputMode.Prompt, SchemaSubset.All).With(notes);
    }

    public LlmRequest Apply(LlmRequest request, ModelCapabilities capabilities)
    {
        var planned = request with { OutputSchema = _schema, OutputType = _type };
        if (_instructions is not null) planned = planned with { Messages = [_instructions, .. request.Messages] };
        if (_tool is null) return request.Tools.Count > 0 ? planned : planned with { ToolChoice = null, ParallelToolCalls = null };

        var isAlone = request.Tools.Count == 0 || request.ToolChoice?.Mode == LlmToolChoiceMode.None;
        var allowed = request.ToolChoice?.AllowedTools is { } some ? (string[])[AnswerTool, .. some] : null;
        planned = planned with { Tools = [_tool, .. request.Tools], ParallelToolCalls = isAlone ? false : request.ParallelToolCalls };
        if (capabilities.ForcedToolWhileThinking != false || !Thinks(request.Reasoning))
        {
            return planned with { ToolChoice = isAlone ? LlmToolChoice.Named(AnswerTool) : new LlmToolChoice(LlmToolChoiceMode.Required) { AllowedTools = allowed } };
        }

        // No tool can be forced while the model thinks; it is told instead.
        return planned with
        {
            ToolChoice = new LlmToolChoice(LlmToolChoiceMode.Auto) { AllowedTools = isAlone ? null : allowed },
            Messages = [LlmMessage.System($"Give your answer by calling the tool '{AnswerTool}', and not as text."), .. planned.Messages],
        };
    }

    /// <summary>What the model gave as its answer: the arguments of the tool, or else its text.</summary>
    /// <exception cref="ToolCallsRequestedException">The model wants the caller's tools first.</exception>
    public string AnswerOf(LlmReply reply, LlmRequest request)
    {
        // An answer that comes with calls of the caller's tools was given before their results were known.
        if (reply.Parts.Any(part => part is ToolCallPart call && !IsAnswer(part) && request.Tools.Any(tool => tool.Name == call.Name)))
        {
            throw new ToolCallsRequestedException(reply with { Parts = [.. reply.Parts.Where(part => !IsAnswer(part))] });
        }

        return reply.Parts.LastOrDefault(IsAnswer) is ToolCallPart answer ? answer.ArgumentsJson : reply.Text;
    }

    /// <summary>Whether a part is a call of our own tool.</summary>
    public bool IsAnswer(LlmPart part) => Mode == OutputMode.Tool && part is ToolCallPart call && call.Name == AnswerTool;

    /// <summary>The answer as the full schema means it: without the nulls that only stand for members that are left out.</summary>
    public JsonElement Restore(JsonElement answer) => _nullsForAbsent is { } schema ? AbsentMembers.Restore(answer, schema) : answer;

    /// <summary>The same plan with what was tried before.</summary>
    private OutputPlan With(List<string> notes) => notes.Count == 0 ? this : Copy([.. notes, .. Notes]);

    private OutputPlan Copy(IReadOnlyList<string> notes) => new(this) { Notes = notes };

    private OutputPlan(OutputPlan plan, string? tool = null)
    {
        Mode = plan.Mode;
        AnswerTool = tool ?? plan.AnswerTool;
        Refusal = plan.Refusal;
        Notes = plan.Notes;
        _schema = plan._schema;
        _type = plan._type;
        _tool = plan._tool is null ? null : plan._tool with { Name = AnswerTool };
        _instructions = plan._instructions;
        _nullsForAbsent = plan._nullsForAbsent;
    }

    private static OutputPlan? Native(OutputContract contract, ModelCapabilities capabilities, LlmRequest request, List<string> notes)
    {
        if (request.Tools.Count > 0 && capabilities.SchemaWithTools != true)
        {
            notes.Add("the model's native schemas do not go together with tools");
            return null;
        }

        // https://platform.claude.com/docs/en/build-with-claude/structured-outputs, "Feature compatibility".
        if (capabilities.SchemaSubset == SchemaSubset.Anthropic && request.Messages.Any(message => message.Parts.Any(part => part is DocumentPart { Citations: true })))
        {
            notes.Add("the model's native schemas do not go together with citations");
            return null;
        }

        var missing = contract.Features & capabilities.UnsupportedSchemaFeatures;
        if (missing != 0)
        {
            notes.Add($"natively the schema cannot be said: {missing}");
            return null;
        }

        var native = contract.PlanOf(OutputMode.Native, capabilities.SchemaSubset);
        if (native.Refusal is null) return native;
        notes.Add($"natively the schema cannot be said: {native.Refusal}");
        return null;
    }

    /// <summary>A tool whose arguments the vendor holds to the schema, where it can; else one with the full schema.</summary>
    private static OutputPlan Tool(OutputContract contract, ModelCapabilities capabilities)
    {
        // Gemini reads the schemas of tools by the same rules as its others.
        if (capabilities.SchemaSubset == SchemaSubset.Gemini) return contract.PlanOf(OutputMode.Tool, SchemaSubset.Gemini);
        if (capabilities.StrictTools == true && (contract.Features & capabilities.UnsupportedSchemaFeatures) == 0
            && contract.PlanOf(OutputMode.Tool, capabilities.SchemaSubset) is { Refusal: null } strict)
        {
            return strict;
        }

        return contract.PlanOf(OutputMode.Tool, SchemaSubset.All);
    }

    private static void CheckTools(LlmRequest request, ModelCapabilities capabilities)
    {
        if (request.Tools.Count == 0) return;
        if (capabilities.Tools == false) throw new ArgumentException($"The model '{request.Model}' calls no tools: leave the tools out, or choose another model.");
        if (request.ToolChoice is { Mode: LlmToolChoiceMode.Required or LlmToolChoiceMode.Named })
        {
            throw new ArgumentException("A typed answer cannot be asked for while a tool must be called: leave LlmCallOptions.ToolChoice out, or ask with CompleteAsync(messages, options) first.");
        }
    }

    /// <summary>A name that no tool of the caller's has.</summary>
    private static string FreeName(LlmRequest request)
    {
        var name = ToolName;
        for (var i = 2; request.Tools.Any(tool => tool.Name == name); i++) name = $"{ToolName}_{i}";
        return name;
    }

    private static bool Thinks(LlmReasoning? reasoning) => reasoning is { Enabled: not false } and ({ Enabled: true } or { BudgetTokens: > 0 or -1 });
}
