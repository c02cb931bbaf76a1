using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.OpenAI;

/// <summary>Writes the body of <c>POST /chat/completions</c>.</summary>
internal static class OpenAIRequestEncoder
{
    private const string Name = OpenAIDialect.DialectName;

    /// <summary>Servers that document top_k beside OpenAI's own fields.</summary>
    private static readonly HashSet<string> TakesTopK = ["openrouter", "together", "fireworks", "vllm", "llamacpp", "sambanova", "alibaba"];

    /// <summary>https://platform.openai.com/docs/api-reference/chat/create#chat_create-service_tier</summary>
    private static readonly HashSet<string> Tiers = ["auto", "default", "flex", "scale", "priority"];

    public static void Encode(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
    {
        var own = losses.Own(request.Extensions, Name);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        OpenAIMessageEncoder.Write(json, request.Messages, peer, losses);
        if (request.MaxTokens is { } maxTokens && Takes("max_tokens")) json.WriteNumber(peer.Model.MaxTokensField ?? "max_completion_tokens", maxTokens);
        WriteSampling(json, request, peer, losses);
        if (request.LogProbs is { } logProbs && Takes("logprobs")) json.WriteBoolean("logprobs"u8, logProbs);
        if (request.TopLogProbs is { } top && Takes("top_logprobs")) json.WriteNumber("top_logprobs"u8, top);
        OpenAIToolEncoder.Write(json, request, peer, losses);
        WriteFormat(json, request, peer, losses);
        WriteReasoning(json, request.Reasoning, peer, losses);
        WriteTier(json, request, peer, losses);
        if (request.Metadata.Count > 0 && Takes("metadata"))
        {
            json.WriteStartObject("metadata"u8);
            foreach (var (key, value) in request.Metadata) json.WriteString(key, value);
            json.WriteEndObject();
        }

        if (request.User is { } user && Takes("user")) json.WriteString("user"u8, user);
        if (request.Stream)
        {
            json.WriteBoolean("stream"u8, true);

            // Without it a stream says nothing of its tokens.
            if (own?.Members.ContainsKey("stream_options") != true && !peer.Refuses.Contains("stream_options"))
            {
                json.WriteStartObject("stream_options"u8);
                json.WriteBoolean("include_usage"u8, true);
                json.WriteEndObject();
            }
        }

        json.WriteBag(own, name => !request.Stream && name == "stream_options");
        json.WriteEndObject();

        bool Takes(string field) => OpenAIRequestEncoder.Takes(peer, field, losses);
    }

    /// <summary>Whether the vendor takes a field; where it refuses, that is a loss.</summary>
    internal static bool Takes(WirePeer peer, string field, List<string> losses)
    {
        if (!peer.Refuses.Contains(field)) return true;
        losses.Refused(field, peer.Vendor);
        return false;
    }

    private static void WriteSampling(Utf8JsonWriter json, LlmRequest request, WirePeer peer, List<string> losses)
    {
        // Models that fix the temperature fix the rest of the sampling with it.
        var isFixed = peer.Model.Temperature == false;
        Write("temperature", request.Temperature);
        Write("top_p", request.TopP);
        Write("frequency_penalty", request.FrequencyPenalty);
        Write("presence_penalty", request.PresencePenalty);
        if (request.TopK is { } topK)
        {
            if (TakesTopK.Contains(peer.Vendor)) json.WriteNumber("top_k"u8, topK);
            else losses.NoPlace("top_k", Name);
        }

        if (request.Seed is { } seed && Takes(peer, "seed", losses)) json.WriteNumber("seed"u8, seed);
        if (request.StopSequences.Count > 0 && Takes(peer, "stop", losses))
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in request.StopSequences) json.WriteStringValue(stop);
            json.WriteEndArray();
        }

        void Write(string name, double? value)
        {
            if (value is not { } number || !Takes(peer, name, losses)) return;
            if (isFixed) losses.Refused(name, $"the model {request.Model}");
            else json.WriteNumber(name, number);
        }
    }

    private static void WriteFormat(Utf8JsonWriter json, LlmRequest request, WirePeer peer, List<string> losses)
    {
        if (request.OutputSchema is not { Mode: OutputMode.Native } && !request.JsonMode) return;
        if (!Takes(peer, "response_format", losses)) return;
        json.WriteStartObject("response_format"u8);
        if (request.OutputSchema is { Mode: OutputMode.Native } output)
        {
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, output.Name);
            if (output.Description is { } description) json.WriteString("description"u8, description);
            json.WritePropertyName("schema"u8);
            output.Schema.WriteTo(json);
            json.WriteBoolean("strict"u8, output.Strict ?? OpenAISchema.IsStrict(output));
            json.WriteEndObject();
        }
        else
        {
            json.WriteString("type"u8, "json_object"u8);
        }

        json.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter json, LlmReasoning? reasoning, WirePeer peer, List<string> losses)
    {
        if (reasoning is null) return;
        if (reasoning.Summary is not null) losses.NoPlace("reasoning summary", Name);
        var effort = reasoning.Effort ?? (reasoning.Enabled == false ? "none" : null);
        if (reasoning.BudgetTokens is { } budget)
        {
            // There are no budgets here; the nearest effort is better than none, and is said.
            effort ??= budget switch { 0 => "none", < 4096 => "low", < 16384 => "medium", _ => "high" };
            losses.Once($"reasoning budget of tokens was left out: the {Name} dialect has efforts only; reasoning_effort is {effort}.");
        }

        if (effort is null)
        {
            if (reasoning.Enabled == true) losses.NoPlace("reasoning enabled without an effort", Name);
        }
        else if (Takes(peer, "reasoning_effort", losses))
        {
            json.WriteString("reasoning_effort"u8, effort);
        }
    }

    private static void WriteTier(Utf8JsonWriter json, LlmRequest request, WirePeer peer, List<string> losses)
    {
        if (request.ServiceTier is not { } tier) return;
        if (!Tiers.Contains(tier) && peer.Vendor.Length == 0) losses.NoPlace($"service_tier '{tier}'", Name);
        else if (Takes(peer, "service_tier", losses)) json.WriteString("service_tier"u8, tier);
    }
}
