using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI;

/// <summary>The gateway's request as messages and options of a chat client.</summary>
internal static class GatewayRequest
{
    private const string Target = "Microsoft.Extensions.AI";

    public static (List<ChatMessage> Messages, ChatOptions Options) ToChat(LlmRequest request, List<string> losses)
    {
        var messages = new List<ChatMessage>();
        foreach (var message in request.Messages)
        {
            Own(message.Extensions, losses);
            var role = message.Role switch
            {
                LlmRole.System => ChatRole.System,
                LlmRole.Developer => new ChatRole("developer"),
                LlmRole.Assistant => ChatRole.Assistant,
                LlmRole.Tool => ChatRole.Tool,
                _ => ChatRole.User,
            };
            foreach (var part in message.Parts) Check(part, losses);
            messages.Add(new ChatMessage(role, [.. message.Parts.Select(Contents.ToContent)]) { AuthorName = message.Name });
        }

        Own(request.Extensions, losses);
        Lost(request.LogProbs is not null || request.TopLogProbs is not null, "logprobs");
        Lost(request.ServiceTier is not null, "service_tier");
        Lost(request.Metadata.Count > 0, "metadata");
        Lost(request.User is not null, "user");
        Lost(request.Reasoning?.BudgetTokens is not null, "reasoning budget");
        Lost(request.ToolChoice?.AllowedTools is not null, "allowed tools of tool_choice");
        var output = request.OutputSchema is { Mode: OutputMode.Native } schema ? schema : null;
        return (messages, new ChatOptions
        {
            ModelId = request.Model.Length > 0 ? request.Model : null,
            Temperature = (float?)request.Temperature,
            TopP = (float?)request.TopP,
            TopK = request.TopK,
            MaxOutputTokens = request.MaxTokens,
            FrequencyPenalty = (float?)request.FrequencyPenalty,
            PresencePenalty = (float?)request.PresencePenalty,
            Seed = request.Seed,
            StopSequences = request.StopSequences.Count > 0 ? [.. request.StopSequences] : null,
            Reasoning = ReasoningOf(request.Reasoning, losses),
            ResponseFormat = output is not null ? ChatResponseFormat.ForJsonSchema(output.Schema, output.Name, output.Description) : request.JsonMode ? ChatResponseFormat.Json : null,
            Tools = ToolsOf(request, losses),
            ToolMode = request.ToolChoice switch
            {
                null => null,
                { Mode: LlmToolChoiceMode.None } => ChatToolMode.None,
                { Mode: LlmToolChoiceMode.Required } => ChatToolMode.RequireAny,
                { Mode: LlmToolChoiceMode.Named, ToolName: { } name } => ChatToolMode.RequireSpecific(name),
                _ => ChatToolMode.Auto,
            },
            AllowMultipleToolCalls = request.ParallelToolCalls,
        });

        void Lost(bool isSet, string what)
        {
            if (isSet) losses.Add($"{what} was left out: {Target} has no place for it.");
        }
    }

    private static void Check(LlmPart part, List<string> losses)
    {
        if (part.Cache is not null) losses.Add($"cache mark was left out: {Target} has no place for it.");
        if (part is RawPart raw) losses.Add($"{raw.Dialect}'s part of a message goes on in a form that {Target}'s clients may not know.");
    }

    private static List<AITool>? ToolsOf(LlmRequest request, List<string> losses)
    {
        var tools = new List<AITool>();
        foreach (var tool in request.Tools)
        {
            if (tool.Raw is { } raw)
            {
                losses.Add($"{raw.Dialect}'s tool {tool.Name} was left out: {Target} has no place for it.");
                continue;
            }

            Own(tool.Extensions, losses);
            tools.Add(AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, tool.Parameters.ValueKind == JsonValueKind.Undefined ? Empty : tool.Parameters));
        }

        return tools.Count > 0 ? tools : null;
    }

    private static JsonElement Empty { get; } = JsonDocument.Parse("""{"type":"object","properties":{}}""").RootElement;

    private static void Own(LlmExtensions? extensions, List<string> losses)
    {
        foreach (var name in extensions?.Members.Keys ?? []) losses.Add($"{extensions!.Dialect}'s {name} was left out: {Target} has no place for it.");
    }

    private static ReasoningOptions? ReasoningOf(LlmReasoning? reasoning, List<string> losses)
    {
        if (reasoning is null) return null;
        ReasoningEffort? effort = (reasoning.Effort ?? (reasoning.Enabled == false ? "none" : null)) switch
        {
            null => null,
            "none" => ReasoningEffort.None,
            "minimal" or "low" => ReasoningEffort.Low,
            "medium" => ReasoningEffort.Medium,
            "high" => ReasoningEffort.High,
            _ => ReasoningEffort.ExtraHigh,
        };
        if (reasoning.Effort is "minimal" or "max") losses.Add($"reasoning effort '{reasoning.Effort}' was set to the nearest that {Target} has.");
        return new ReasoningOptions { Effort = effort, Output = reasoning.Summary switch { null => null, "none" => ReasoningOutput.None, "detailed" => ReasoningOutput.Full, _ => ReasoningOutput.Summary } };
    }
}
