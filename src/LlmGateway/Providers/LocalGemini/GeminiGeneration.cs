using System.Text.Json;

namespace LlmGateway.Providers.LocalGemini;

/// <summary>How the answer is to be made: what the API calls generationConfig, which the CLI passes on from its settings.</summary>
internal static class GeminiGeneration
{
    public static void Write(Utf8JsonWriter json, LlmRequest request, List<string> losses)
    {
        if (request.Temperature is { } temperature) json.WriteNumber("temperature"u8, temperature);
        if (request.TopP is { } topP) json.WriteNumber("topP"u8, topP);
        if (request.TopK is { } topK) json.WriteNumber("topK"u8, topK);
        if (request.MaxTokens is { } max) json.WriteNumber("maxOutputTokens"u8, max);
        if (request.PresencePenalty is { } presence) json.WriteNumber("presencePenalty"u8, presence);
        if (request.FrequencyPenalty is { } frequency) json.WriteNumber("frequencyPenalty"u8, frequency);
        if (request.Seed is { } seed)
        {
            if (seed is >= int.MinValue and <= int.MaxValue) json.WriteNumber("seed"u8, seed);
            else losses.Add("The seed was not passed on: Gemini takes 32 bits only.");
        }

        if (request.StopSequences.Count > 0)
        {
            json.WriteStartArray("stopSequences"u8);
            foreach (var stop in request.StopSequences) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        Thinking(json, request.Reasoning, losses);
    }

    /// <summary>https://ai.google.dev/gemini-api/docs/thinking: levels since Gemini 3, budgets before; not both.</summary>
    private static void Thinking(Utf8JsonWriter json, LlmReasoning? reasoning, List<string> losses)
    {
        if (reasoning is null) return;
        if (reasoning.Summary is not (null or "none")) losses.Add("The summary of the thoughts was not asked for: the gemini CLI does not print it.");
        var budget = reasoning.BudgetTokens ?? (reasoning.Enabled == false || reasoning.Effort == "none" ? 0 : null);
        if (budget is null && reasoning.Effort is null) return;
        if (reasoning is { BudgetTokens: not null, Effort: not null }) losses.Add("The reasoning effort was left out: Gemini takes an effort or a budget, not both.");
        json.WriteStartObject("thinkingConfig"u8);
        if (budget is { } tokens)
        {
            json.WriteNumber("thinkingBudget"u8, tokens);
        }
        else
        {
            if (reasoning.Effort is "xhigh" or "max") losses.Add($"The reasoning effort '{reasoning.Effort}' was set to 'high': Gemini has none higher.");
            json.WriteString("thinkingLevel"u8, (reasoning.Effort is "xhigh" or "max" ? "high" : reasoning.Effort!).ToUpperInvariant());
        }

        json.WriteEndObject();
    }
}
