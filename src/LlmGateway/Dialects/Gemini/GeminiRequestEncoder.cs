using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Gemini;

/// <summary>Writes the body of generateContent.</summary>
internal static class GeminiRequestEncoder
{
    private const string Name = GeminiDialect.DialectName;

    public static void Encode(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
    {
        var own = losses.Own(request.Extensions, Name);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        GeminiContentEncoder.WriteSystem(json, request.Messages, losses);
        GeminiContentEncoder.WriteContents(json, request.Messages, losses);
        GeminiToolEncoder.Write(json, request, own, losses);
        WriteConfig(json, request, peer, own, losses);
        if (request.Metadata.Count > 0)
        {
            // Vertex has labels; the Gemini API has not: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference.
            if (peer.Vendor == "vertex")
            {
                json.WriteStartObject("labels"u8);
                foreach (var (key, value) in request.Metadata) json.WriteString(key, value);
                json.WriteEndObject();
            }
            else
            {
                losses.NoPlace("metadata", Name);
            }
        }

        if (request.ServiceTier is not null and not ("auto" or "default" or "standard")) losses.NoPlace($"service_tier '{request.ServiceTier}'", Name);
        if (request.User is not null) losses.NoPlace("user", Name);
        if (request.ParallelToolCalls == false && request.Tools.Count > 0 && request.OutputSchema is not { Mode: OutputMode.Tool }) losses.NoPlace("parallel_tool_calls", Name);
        json.WriteBag(own, static name => name is "generationConfig" or "toolConfig");
        json.WriteEndObject();
    }

    private static void WriteConfig(Utf8JsonWriter json, LlmRequest request, WirePeer peer, LlmExtensions? own, List<string> losses)
    {
        json.WriteStartObject("generationConfig"u8);
        var isFixed = peer.Model.Temperature == false;
        if (request.Temperature is { } temperature)
        {
            if (isFixed) losses.Refused("temperature", $"the model {request.Model}");
            else json.WriteNumber("temperature"u8, temperature);
        }

        if (request.TopP is { } topP) json.WriteNumber("topP"u8, topP);
        if (request.TopK is { } topK) json.WriteNumber("topK"u8, topK);
        if (request.MaxTokens is { } maxTokens) json.WriteNumber("maxOutputTokens"u8, maxTokens);
        if (request.StopSequences.Count > 0)
        {
            json.WriteStartArray("stopSequences"u8);
            foreach (var stop in request.StopSequences) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        if (request.Seed is { } seed)
        {
            if (seed is >= int.MinValue and <= int.MaxValue) json.WriteNumber("seed"u8, seed);
            else losses.Once($"seed was left out: the {Name} dialect takes 32 bits only.");
        }

        if (request.PresencePenalty is { } presence) json.WriteNumber("presencePenalty"u8, presence);
        if (request.FrequencyPenalty is { } frequency) json.WriteNumber("frequencyPenalty"u8, frequency);
        if (request.LogProbs is { } logProbs) json.WriteBoolean("responseLogprobs"u8, logProbs);
        if (request.TopLogProbs is { } top) json.WriteNumber("logprobs"u8, top);
        if (request.OutputSchema is { Mode: OutputMode.Native } output)
        {
            if (output.Strict == false) losses.NoPlace("a schema that is not strict", Name);
            losses.NoPlaceForSchemaName(output, Name);
            if (output.Description is not null) losses.NoPlace("description of the output schema", Name);
            if (!HasOwnType(own)) json.WriteString("responseMimeType"u8, "application/json"u8);
            json.WritePropertyName("responseJsonSchema"u8);
            GeminiSchema.Write(json, output);
        }
        else if (request.JsonMode)
        {
            json.WriteString("responseMimeType"u8, "application/json"u8);
        }

        WriteThinking(json, request.Reasoning, losses);
        BagObject.WriteMembers(json, own, "generationConfig");
        json.WriteEndObject();
    }

    /// <summary>Whether the bag says what the answer is to be, such as <c>text/x.enum</c>.</summary>
    private static bool HasOwnType(LlmExtensions? own)
    {
        using var rest = BagObject.Open(own, "generationConfig");
        return rest?.RootElement.Either("responseMimeType"u8, "response_mime_type"u8) is not null;
    }

    /// <summary>https://ai.google.dev/gemini-api/docs/thinking: levels since Gemini 3, budgets before; not both.</summary>
    private static void WriteThinking(Utf8JsonWriter json, LlmReasoning? reasoning, List<string> losses)
    {
        if (reasoning is null) return;
        var budget = reasoning.BudgetTokens ?? (reasoning.Enabled == false || reasoning.Effort == "none" ? 0 : null);
        var level = budget is null && reasoning.Effort is { } effort ? LevelOf(effort, losses) : null;
        if (budget is > 0 or -1 && reasoning.Effort is not null) losses.Once($"reasoning effort was left out: the {Name} dialect takes an effort or a budget, not both.");
        bool? include = reasoning.Summary switch { null => null, "none" => false, _ => true };
        if (budget is null && level is null && include is null) return;
        json.WriteStartObject("thinkingConfig"u8);
        if (include is { } shown) json.WriteBoolean("includeThoughts"u8, shown);
        if (budget is { } tokens) json.WriteNumber("thinkingBudget"u8, tokens);
        if (level is not null) json.WriteString("thinkingLevel"u8, level);
        json.WriteEndObject();
    }

    private static string LevelOf(string effort, List<string> losses)
    {
        if (effort is "xhigh" or "max")
        {
            losses.Once($"reasoning effort '{effort}' was set to 'high': the {Name} dialect has none higher.");
            return "high";
        }

        return effort;
    }
}
