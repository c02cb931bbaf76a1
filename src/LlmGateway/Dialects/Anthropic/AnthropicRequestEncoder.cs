using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Anthropic;

/// <summary>Writes the body of <c>POST /v1/messages</c>.</summary>
internal static class AnthropicRequestEncoder
{
    private const string Name = AnthropicDialect.DialectName;

    public static void Encode(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
    {
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        json.WriteNumber("max_tokens"u8, request.MaxTokens ?? throw new DialectException(ProviderErrorKind.InvalidRequest, "The Messages API requires max_tokens: set LLM_MAX_TOKENS."));
        WritePrompt(json, request, peer, losses);
        WriteSampling(json, request, peer, losses);
        WriteThinking(json, request.Reasoning, losses);
        var own = losses.Own(request.Extensions, Name);
        WriteOutput(json, request, own, losses);
        WriteRest(json, request, own, losses);
        if (request.Stream) json.WriteBoolean("stream"u8, true);
        json.WriteBag(own, static name => name is "metadata" or "output_config");
        json.WriteEndObject();
    }

    /// <summary>The body of <c>POST /v1/messages/count_tokens</c>: what is counted, and nothing else. Source: https://platform.claude.com/docs/en/api/messages-count-tokens.</summary>
    public static void EncodeCount(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
    {
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        WritePrompt(json, request, peer, losses);
        WriteThinking(json, request.Reasoning, losses);
        json.WriteEndObject();
    }

    private static void WritePrompt(Utf8JsonWriter json, LlmRequest request, WirePeer peer, List<string> losses)
    {
        AnthropicMessageEncoder.WriteSystem(json, request.Messages, losses);
        AnthropicMessageEncoder.WriteMessages(json, request.Messages, peer, losses);
        AnthropicToolEncoder.Write(json, request, losses);
    }

    private static void WriteSampling(Utf8JsonWriter json, LlmRequest request, WirePeer peer, List<string> losses)
    {
        var isFixed = peer.Model.Temperature == false;
        if (request.Temperature is { } temperature && IsTaken("temperature"))
        {
            // The scale ends at 1 here: https://platform.claude.com/docs/en/api/messages/create.
            if (temperature > 1) losses.Once($"temperature {temperature} was set to 1: the {Name} dialect's scale ends there.");
            json.WriteNumber("temperature"u8, Math.Min(temperature, 1));
        }

        if (request.TopP is { } topP && IsTaken("top_p")) json.WriteNumber("top_p"u8, topP);
        if (request.TopK is { } topK && IsTaken("top_k")) json.WriteNumber("top_k"u8, topK);
        var stops = request.StopSequences.Where(stop => !string.IsNullOrWhiteSpace(stop)).ToList();
        if (stops.Count < request.StopSequences.Count) losses.Once($"a stop sequence of white space alone was left out: the {Name} dialect refuses it.");
        if (stops.Count > 0)
        {
            json.WriteStartArray("stop_sequences"u8);
            foreach (var stop in stops) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        bool IsTaken(string field)
        {
            if (!isFixed && !peer.Refuses.Contains(field)) return true;
            losses.Refused(field, $"the model {request.Model}");
            return false;
        }
    }

    /// <summary>https://platform.claude.com/docs/en/build-with-claude/extended-thinking and …/adaptive-thinking.</summary>
    private static void WriteThinking(Utf8JsonWriter json, LlmReasoning? reasoning, List<string> losses)
    {
        if (reasoning is null) return;
        var type = reasoning switch
        {
            { Enabled: false } or { Effort: "none" } or { BudgetTokens: 0 } => "disabled",
            { BudgetTokens: > 0 } => "enabled",
            { Enabled: true } or { BudgetTokens: -1 } => "adaptive",
            _ => null,
        };
        if (type is null)
        {
            if (reasoning.Summary is not null) losses.NoPlace("reasoning summary", Name);
            return;
        }

        json.WriteStartObject("thinking"u8);
        json.WriteString("type"u8, type);
        if (type == "enabled") json.WriteNumber("budget_tokens"u8, reasoning.BudgetTokens!.Value);
        if (reasoning.Summary is { } summary && type != "disabled") json.WriteString("display"u8, summary is "none" or "omitted" ? "omitted"u8 : "summarized"u8);
        json.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter json, LlmRequest request, LlmExtensions? own, List<string> losses)
    {
        if (request.JsonMode) losses.NoPlace("json mode without a schema", Name);
        var output = request.OutputSchema is { Mode: OutputMode.Native } schema ? schema : null;
        var effort = request.Reasoning?.Effort is { } word && word != "none" ? word : null;
        if (effort == "minimal")
        {
            losses.Once($"reasoning effort 'minimal' was set to 'low': the {Name} dialect has none lower.");
            effort = "low";
        }

        if (output is null && effort is null && own?.Members.ContainsKey("output_config") != true) return;
        if (output?.Strict == false) losses.NoPlace("a schema that is not strict", Name);
        losses.NoPlaceForSchemaName(output, Name);
        if (output?.Description is not null) losses.NoPlace("description of the output schema", Name);
        json.WriteStartObject("output_config"u8);
        if (effort is not null) json.WriteString("effort"u8, effort);
        if (output is not null)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WritePropertyName("schema"u8);
            AnthropicSchema.Write(json, output);
            json.WriteEndObject();
        }

        BagObject.WriteMembers(json, own, "output_config");
        json.WriteEndObject();
    }

    private static void WriteRest(Utf8JsonWriter json, LlmRequest request, LlmExtensions? own, List<string> losses)
    {
        if (request.User is not null || own?.Members.ContainsKey("metadata") == true)
        {
            json.WriteStartObject("metadata"u8);
            if (request.User is { } user) json.WriteString("user_id"u8, user);
            BagObject.WriteMembers(json, own, "metadata");
            json.WriteEndObject();
        }

        if (request.ServiceTier is { } tier)
        {
            if (tier is "auto" or "standard_only") json.WriteString("service_tier"u8, tier);
            else losses.NoPlace($"service_tier '{tier}'", Name);
        }

        if (request.Metadata.Count > 0) losses.NoPlace("metadata", Name);
        if (request.Seed is not null) losses.NoPlace("seed", Name);
        if (request.FrequencyPenalty is not null and not 0) losses.NoPlace("frequency_penalty", Name);
        if (request.PresencePenalty is not null and not 0) losses.NoPlace("presence_penalty", Name);
        if (request.LogProbs == true || request.TopLogProbs is not null) losses.NoPlace("logprobs", Name);
    }
}
