using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>
/// How much to think, both ways. Converse itself has <c>outputConfig.effort</c>; the rest are the makers' own fields:
/// https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html (Claude),
/// https://docs.aws.amazon.com/nova/latest/nova2-userguide/using-converse-api.html (Nova),
/// https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html (OpenAI).
/// </summary>
internal static class BedrockReasoning
{
    private const string Name = BedrockDialect.DialectName;

    /// <summary>Adds what the model's maker has a field for; the rest is a loss.</summary>
    public static void Encode(LlmRequest request, List<(string Name, Action<Utf8JsonWriter> Write)> additional, List<(string Name, Action<Utf8JsonWriter> Write)> output, List<string> losses)
    {
        if (request.Reasoning is not { } reasoning) return;
        var isOff = reasoning is { Enabled: false } or { Effort: "none" } or { BudgetTokens: 0 };
        var effort = reasoning.Effort == "none" ? null : reasoning.Effort;
        switch (BedrockModels.MakerOf(request.Model))
        {
            case BedrockModel.Claude:
                EncodeClaude(reasoning, isOff, additional, losses);
                if (effort is not null) output.Add(("effort", json => json.WriteStringValue(AtLeastLow(effort, losses))));
                return;
            case BedrockModel.Nova when isOff || reasoning.Enabled == true || effort is not null:
                additional.Add(("reasoningConfig", json =>
                {
                    json.WriteStartObject();
                    json.WriteString("type"u8, isOff ? "disabled"u8 : "enabled"u8);
                    if (!isOff && effort is not null) json.WriteString("maxReasoningEffort"u8, AtLeastLow(effort, losses));
                    json.WriteEndObject();
                }
                ));
                break;
            case BedrockModel.OpenAI:
                if (effort is not null) additional.Add(("reasoning_effort", json => json.WriteStringValue(effort)));
                if (reasoning.Enabled is not null || isOff) losses.NoPlace("reasoning enabled", Name);
                break;
            default:
                if (effort is not null) output.Add(("effort", json => json.WriteStringValue(AtLeastLow(effort, losses))));
                if (reasoning.Enabled is not null || isOff) losses.NoPlace("reasoning enabled", Name);
                break;
        }

        if (reasoning.BudgetTokens is not null and not 0) losses.NoPlace("reasoning budget", Name);
        if (reasoning.Summary is not null) losses.NoPlace("reasoning summary", Name);
    }

    /// <summary>Reads the maker's fields. Those that are read whole are named, and do not go into the bag.</summary>
    public static LlmReasoning? Decode(JsonElement? additional, JsonElement? output, BedrockModel maker, HashSet<string> read)
    {
        var effort = maker is BedrockModel.Claude or BedrockModel.Mistral or BedrockModel.Cohere or BedrockModel.Other ? WordOf(output?.Text("effort"u8)) : null;
        if (effort is not null) read.Add("outputConfig.effort");
        var reasoning = effort is null ? null : new LlmReasoning { Effort = effort };
        switch (maker)
        {
            case BedrockModel.Claude when additional?.Object("thinking"u8) is { } thinking && DecodeClaude(thinking) is { } claude:
                read.Add("thinking");
                return claude with { Effort = effort };
            case BedrockModel.Nova when additional?.Object("reasoningConfig"u8) is { } config && BedrockBlockDecoder.HasOnly(config, "type", "maxReasoningEffort"):
                var type = config.Text("type"u8);
                var word = WordOf(config.Text("maxReasoningEffort"u8));
                if (type is not ("enabled" or "disabled") || (type == "disabled" && word is not null)) return null;
                if (word is null && config.TryGetProperty("maxReasoningEffort"u8, out _)) return null;
                read.Add("reasoningConfig");
                return new LlmReasoning { Enabled = type == "enabled", Effort = word };
            case BedrockModel.OpenAI when additional?.Text("reasoning_effort"u8) is { } own && own != "none":
                read.Add("reasoning_effort");
                return new LlmReasoning { Effort = own };
            default:
                return reasoning;
        }
    }

    private static void EncodeClaude(LlmReasoning reasoning, bool isOff, List<(string Name, Action<Utf8JsonWriter> Write)> additional, List<string> losses)
    {
        var type = isOff ? "disabled" : reasoning.BudgetTokens > 0 ? "enabled" : reasoning.Enabled == true || reasoning.BudgetTokens == -1 ? "adaptive" : null;
        if (type is null)
        {
            if (reasoning.Summary is not null) losses.NoPlace("reasoning summary", Name);
            return;
        }

        additional.Add(("thinking", json =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            if (type == "enabled") json.WriteNumber("budget_tokens"u8, reasoning.BudgetTokens!.Value);
            if (reasoning.Summary is { } summary && type != "disabled") json.WriteString("display"u8, summary is "none" or "omitted" ? "omitted"u8 : "summarized"u8);
            json.WriteEndObject();
        }
        ));
    }

    private static LlmReasoning? DecodeClaude(JsonElement thinking)
    {
        if (!BedrockBlockDecoder.HasOnly(thinking, "type", "budget_tokens", "display")) return null;
        var budget = thinking.Int("budget_tokens"u8);
        var display = thinking.Text("display"u8);
        if (display is not (null or "summarized" or "omitted")) return null;
        var summary = display switch { "summarized" => "auto", "omitted" => "none", _ => null };
        return thinking.Text("type"u8) switch
        {
            "disabled" when budget is null && display is null => new LlmReasoning { Enabled = false },
            "enabled" when budget > 0 => new LlmReasoning { Enabled = true, BudgetTokens = budget, Summary = summary },
            "adaptive" when budget is null => new LlmReasoning { Enabled = true, Summary = summary },
            _ => null,
        };
    }

    private static string? WordOf(string? effort) => effort is "none" or "minimal" ? null : effort;

    private static string AtLeastLow(string effort, List<string> losses)
    {
        if (effort != "minimal") return effort;
        losses.Once($"reasoning effort 'minimal' was set to 'low': the {Name} dialect has none lower.");
        return "low";
    }
}
