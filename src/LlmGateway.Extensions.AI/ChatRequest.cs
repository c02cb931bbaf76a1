using Microsoft.Extensions.AI;

namespace LlmGateway.ExtensionsAI;

/// <summary>Messages and options of a chat client as the gateway's request. Every option is passed on or refused.</summary>
internal static class ChatRequest
{
    /// <exception cref="NotSupportedException">An option or a content cannot be passed on; the message names it.</exception>
    public static LlmRequest Of(IEnumerable<ChatMessage> messages, ChatOptions? options, LlmClient client, IChatClient chat)
    {
        var all = new List<LlmMessage>();
        if (options?.Instructions is { Length: > 0 } instructions) all.Add(LlmMessage.System(instructions));
        foreach (var message in messages) all.AddRange(ToMessages(message));
        if (options is null) return new LlmRequest { Messages = all };

        Refuse(options.ConversationId is not null, nameof(ChatOptions.ConversationId), "the gateway keeps no conversations: send the whole of it");
        Refuse(options.ContinuationToken is not null, nameof(ChatOptions.ContinuationToken), "the gateway has no background responses");
        Refuse(options.AllowBackgroundResponses == true, nameof(ChatOptions.AllowBackgroundResponses), "the gateway has no background responses");
        var request = options.RawRepresentationFactory?.Invoke(chat) switch
        {
            null => new LlmRequest { Messages = all },
            LlmRequest given => given with { Messages = [.. given.Messages ?? [], .. all] },
            var other => throw new NotSupportedException($"ChatOptions.RawRepresentationFactory gave a {other.GetType().Name}; the gateway's raw form of a request is LlmRequest."),
        };
        request = request with
        {
            Model = options.ModelId ?? request.Model,
            Temperature = options.Temperature is { } temperature ? Exact(temperature) : request.Temperature,
            TopP = options.TopP is { } topP ? Exact(topP) : request.TopP,
            TopK = options.TopK ?? request.TopK,
            MaxTokens = options.MaxOutputTokens ?? request.MaxTokens,
            FrequencyPenalty = options.FrequencyPenalty is { } frequency ? Exact(frequency) : request.FrequencyPenalty,
            PresencePenalty = options.PresencePenalty is { } presence ? Exact(presence) : request.PresencePenalty,
            Seed = options.Seed ?? request.Seed,
            StopSequences = options.StopSequences is { Count: > 0 } stops ? [.. stops] : request.StopSequences,
            Reasoning = options.Reasoning is { } reasoning ? Reasoning(reasoning) : request.Reasoning,
            Tools = options.Tools is { Count: > 0 } tools ? [.. request.Tools, .. tools.Select(Tool)] : request.Tools,
            ToolChoice = Choice(options.ToolMode) ?? request.ToolChoice,
            ParallelToolCalls = options.AllowMultipleToolCalls ?? request.ParallelToolCalls,
        };
        request = WithFormat(request, options, client);
        return WithAdditional(request, options.AdditionalProperties);
    }

    /// <summary>A turn of results is the tools' turn, whatever role it came with.</summary>
    private static IEnumerable<LlmMessage> ToMessages(ChatMessage message)
    {
        var parts = message.Contents.Where(content => content is not UsageContent).Select(Contents.ToPart).ToList();
        var role = message.Role.Value switch
        {
            "system" => LlmRole.System,
            "developer" => LlmRole.Developer,
            "assistant" => LlmRole.Assistant,
            "tool" => LlmRole.Tool,
            "user" => LlmRole.User,
            var other => throw new NotSupportedException($"A message of the role '{other}' cannot be passed on: there are system, developer, user, assistant and tool."),
        };
        yield return new LlmMessage(role, parts) { Name = message.AuthorName };
    }

    /// <summary>The abstractions have single precision: 0.7f is meant as 0.7, not as 0.699999988.</summary>
    private static double Exact(float value) => (double)(decimal)value;

    private static LlmTool Tool(AITool tool) => tool is AIFunctionDeclaration function
        ? new LlmTool(function.Name, function.Description.Length > 0 ? function.Description : null, function.JsonSchema) { Strict = function.AdditionalProperties.TryGetValue("strict", out var strict) ? strict as bool? : null }
        : throw new NotSupportedException($"ChatOptions.Tools holds a {tool.GetType().Name} ('{tool.Name}'), which a vendor would have to run: give it by ChatOptions.RawRepresentationFactory as an LlmRequest with LlmTool.VendorSide, in the vendor's own JSON.");

    private static LlmToolChoice? Choice(ChatToolMode? mode) => mode switch
    {
        null => null,
        NoneChatToolMode => new LlmToolChoice(LlmToolChoiceMode.None),
        RequiredChatToolMode { RequiredFunctionName: { } name } => LlmToolChoice.Named(name),
        RequiredChatToolMode => new LlmToolChoice(LlmToolChoiceMode.Required),
        AutoChatToolMode => new LlmToolChoice(LlmToolChoiceMode.Auto),
        _ => throw new NotSupportedException($"ChatOptions.ToolMode is a {mode.GetType().Name}, which the gateway does not know."),
    };

    private static LlmReasoning Reasoning(ReasoningOptions options) => new()
    {
        Effort = options.Effort switch
        {
            null => null,
            ReasoningEffort.None => "none",
            ReasoningEffort.Low => "low",
            ReasoningEffort.Medium => "medium",
            ReasoningEffort.High => "high",
            ReasoningEffort.ExtraHigh => "xhigh",
            _ => throw new NotSupportedException($"ChatOptions.Reasoning.Effort is {options.Effort}, which the gateway does not know."),
        },
        Summary = options.Output switch
        {
            null => null,
            ReasoningOutput.None => "none",
            ReasoningOutput.Summary => "auto",
            ReasoningOutput.Full => "detailed",
            _ => throw new NotSupportedException($"ChatOptions.Reasoning.Output is {options.Output}, which the gateway does not know."),
        },
    };

    /// <summary>A schema goes to the vendor where it holds answers to schemas, else into the prompt: it is never dropped.</summary>
    private static LlmRequest WithFormat(LlmRequest request, ChatOptions options, LlmClient client)
    {
        switch (options.ResponseFormat)
        {
            case null or ChatResponseFormatText:
                return request;
            case ChatResponseFormatJson { Schema: { } schema } json:
                if (!client.CapabilitiesOf(request.Model).NativeSchema)
                {
                    return request with { Messages = [LlmMessage.System($"Answer with one JSON value that satisfies this JSON schema, and with nothing else: no explanation, no code fence.\n{schema.GetRawText()}"), .. request.Messages] };
                }

                var strict = options.AdditionalProperties?.TryGetValue("strictJsonSchema", out var value) == true ? value as bool? : null;
                return request with { OutputSchema = new OutputSchema(json.SchemaName ?? "answer", schema, OutputMode.Native) { Description = json.SchemaDescription, Strict = strict } };
            case ChatResponseFormatJson:
                return request with { JsonMode = true };
            default:
                throw new NotSupportedException($"ChatOptions.ResponseFormat is a {options.ResponseFormat.GetType().Name}, which the gateway does not know.");
        }
    }

    private static LlmRequest WithAdditional(LlmRequest request, AdditionalPropertiesDictionary? properties)
    {
        foreach (var (name, value) in properties ?? [])
        {
            request = (name, value) switch
            {
                ("strictJsonSchema", _) => request,
                ("user", string user) => request with { User = user },
                ("service_tier", string tier) => request with { ServiceTier = tier },
                ("logprobs", bool logProbs) => request with { LogProbs = logProbs },
                ("top_logprobs", int top) => request with { TopLogProbs = top },
                ("metadata", IReadOnlyDictionary<string, string> metadata) => request with { Metadata = metadata },
                _ => throw new NotSupportedException($"ChatOptions.AdditionalProperties[\"{name}\"] cannot be passed on. The gateway takes user, service_tier, logprobs, top_logprobs and metadata here; a vendor's own fields go by ChatOptions.RawRepresentationFactory as an LlmRequest with Extensions."),
            };
        }

        return request;
    }

    private static void Refuse(bool isSet, string option, string why)
    {
        if (isSet) throw new NotSupportedException($"ChatOptions.{option} cannot be passed on: {why}.");
    }
}
