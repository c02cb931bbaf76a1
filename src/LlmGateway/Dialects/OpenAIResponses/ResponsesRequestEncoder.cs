using System.Buffers;
using System.Text.Json;
using LlmGateway.Dialects.OpenAI;

namespace LlmGateway.Dialects.OpenAIResponses;

/// <summary>Writes the body of <c>POST /responses</c>.</summary>
internal static class ResponsesRequestEncoder
{
    private const string Name = ResponsesDialect.DialectName;
    private const string EncryptedReasoning = "reasoning.encrypted_content";
    private const string TextLogProbs = "message.output_text.logprobs";

    public static void Encode(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
    {
        var own = losses.Own(request.Extensions, Name);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        json.WriteString("model"u8, request.Model);
        ResponsesInputEncoder.Write(json, request.Messages, peer, losses);
        if (request.MaxTokens is { } maxTokens) json.WriteNumber("max_output_tokens"u8, maxTokens);
        var isFixed = peer.Model.Temperature == false;
        WriteNumber("temperature", request.Temperature);
        WriteNumber("top_p", request.TopP);
        if (request.TopLogProbs is { } top) json.WriteNumber("top_logprobs"u8, top);
        ResponsesToolEncoder.Write(json, request, losses);
        WriteText(json, request, own, losses);
        WriteReasoning(json, request.Reasoning, own, losses);
        if (request.ServiceTier is { } tier)
        {
            if (tier is "auto" or "default" or "flex" or "scale" or "priority") json.WriteString("service_tier"u8, tier);
            else losses.NoPlace($"service_tier '{tier}'", Name);
        }

        if (request.Metadata.Count > 0)
        {
            json.WriteStartObject("metadata"u8);
            foreach (var (key, value) in request.Metadata) json.WriteString(key, value);
            json.WriteEndObject();
        }

        if (request.User is { } user) json.WriteString("user"u8, user);
        Check(request, losses);
        WriteMemory(json, request, own);
        if (request.Stream) json.WriteBoolean("stream"u8, true);
        json.WriteBag(own, static name => name is "text" or "reasoning");
        json.WriteEndObject();

        void WriteNumber(string name, double? value)
        {
            if (value is not { } number) return;
            if (isFixed || peer.Refuses.Contains(name)) losses.Refused(name, $"the model {request.Model}");
            else json.WriteNumber(name, number);
        }
    }

    private static void Check(LlmRequest request, List<string> losses)
    {
        if (request.StopSequences.Count > 0) losses.NoPlace("stop sequences", Name);
        if (request.Seed is not null) losses.NoPlace("seed", Name);
        if (request.TopK is not null) losses.NoPlace("top_k", Name);
        if (request.FrequencyPenalty is not null and not 0) losses.NoPlace("frequency_penalty", Name);
        if (request.PresencePenalty is not null and not 0) losses.NoPlace("presence_penalty", Name);
    }

    /// <summary>A request of our own leaves nothing with the vendor, and gets the reasoning to carry along; one that came in this dialect says itself what it wants.</summary>
    private static void WriteMemory(Utf8JsonWriter json, LlmRequest request, LlmExtensions? own)
    {
        var include = new List<string>();
        if (own is null)
        {
            json.WriteBoolean("store"u8, false);
            include.Add(EncryptedReasoning);
        }

        if (request.LogProbs == true && own?.Members.ContainsKey("include") != true) include.Add(TextLogProbs);
        if (include.Count == 0) return;
        json.WriteStartArray("include"u8);
        foreach (var one in include) json.WriteStringValue(one);
        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, LlmRequest request, LlmExtensions? own, List<string> losses)
    {
        var output = request.OutputSchema is { Mode: OutputMode.Native } schema ? schema : null;
        if (output is null && !request.JsonMode && own?.Members.ContainsKey("text") != true) return;
        json.WriteStartObject("text"u8);
        if (output is not null)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteString("name"u8, output.Name);
            if (output.Description is { } description) json.WriteString("description"u8, description);
            json.WritePropertyName("schema"u8);
            output.Schema.WriteTo(json);
            json.WriteBoolean("strict"u8, output.Strict ?? OpenAISchema.IsStrict(output));
            json.WriteEndObject();
        }
        else if (request.JsonMode)
        {
            json.WriteStartObject("format"u8);
            json.WriteString("type"u8, "json_object"u8);
            json.WriteEndObject();
        }

        BagObject.WriteMembers(json, own, "text");
        json.WriteEndObject();
    }

    private static void WriteReasoning(Utf8JsonWriter json, LlmReasoning? reasoning, LlmExtensions? own, List<string> losses)
    {
        var effort = reasoning?.Effort ?? (reasoning?.Enabled == false ? "none" : null);
        if (reasoning?.BudgetTokens is { } budget)
        {
            effort ??= budget switch { 0 => "none", < 4096 => "low", < 16384 => "medium", _ => "high" };
            losses.Once($"reasoning budget of tokens was left out: the {Name} dialect has efforts only; the effort is {effort}.");
        }

        if (effort is null && reasoning?.Summary is null && reasoning?.Enabled == true) losses.NoPlace("reasoning enabled without an effort", Name);
        if (effort is null && reasoning?.Summary is null && own?.Members.ContainsKey("reasoning") != true) return;

        json.WriteStartObject("reasoning"u8);
        if (effort is not null) json.WriteString("effort"u8, effort);
        if (reasoning?.Summary is { } summary && summary != "none") json.WriteString("summary"u8, summary);
        BagObject.WriteMembers(json, own, "reasoning");
        json.WriteEndObject();
    }
}
