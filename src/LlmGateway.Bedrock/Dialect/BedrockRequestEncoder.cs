using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Dialects.Bedrock;

/// <summary>Writes the body of <c>POST /model/{modelId}/converse</c> and <c>…/converse-stream</c>, which are the same.</summary>
internal static class BedrockRequestEncoder
{
    private const string Name = BedrockDialect.DialectName;

    public static void Encode(LlmRequest request, WirePeer peer, IBufferWriter<byte> body, List<string> losses)
    {
        var own = losses.Own(request.Extensions, Name);
        using var json = new Utf8JsonWriter(body, JsonWrite.Options);
        json.WriteStartObject();
        var messages = new BedrockMessageEncoder(losses);
        messages.WriteSystem(json, request.Messages);
        messages.WriteMessages(json, request, peer);
        BedrockContainers.Write(json, "inferenceConfig", own, Inference(request, peer, losses));
        BedrockToolEncoder.Write(json, request, messages.Called, own, losses);
        WriteModelFields(json, request, peer, own, losses);
        var written = WriteRest(json, request, losses);
        json.WriteBag(own, member => BedrockContainers.Names.Contains(member) || written.Contains(member));
        json.WriteEndObject();
    }

    private static List<(string Name, Action<Utf8JsonWriter> Write)> Inference(LlmRequest request, WirePeer peer, List<string> losses)
    {
        var members = new List<(string Name, Action<Utf8JsonWriter> Write)>();
        if (request.MaxTokens is { } maxTokens) members.Add(("maxTokens", json => json.WriteNumberValue(maxTokens)));
        if (request.Temperature is { } temperature && IsTaken("temperature", request, peer, losses))
        {
            // The scale ends at 1: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InferenceConfiguration.html.
            if (temperature > 1) losses.Once($"temperature {temperature} was set to 1: the {Name} dialect's scale ends there.");
            members.Add(("temperature", json => json.WriteNumberValue(Math.Min(temperature, 1))));
        }

        if (request.TopP is { } topP && IsTaken("topP", request, peer, losses)) members.Add(("topP", json => json.WriteNumberValue(topP)));
        var stops = request.StopSequences.Where(stop => stop.Length > 0).ToList();
        if (stops.Count < request.StopSequences.Count) losses.Once($"an empty stop sequence was left out: the {Name} dialect refuses it.");
        if (stops.Count > 0)
        {
            members.Add(("stopSequences", json =>
            {
                json.WriteStartArray();
                foreach (var stop in stops) json.WriteStringValue(stop);
                json.WriteEndArray();
            }
            ));
        }

        return members;
    }

    private static void WriteModelFields(Utf8JsonWriter json, LlmRequest request, WirePeer peer, LlmExtensions? own, List<string> losses)
    {
        var additional = new List<(string Name, Action<Utf8JsonWriter> Write)>();
        var output = new List<(string Name, Action<Utf8JsonWriter> Write)>();
        var maker = BedrockModels.MakerOf(request.Model);
        if (request.TopK is { } topK && IsTaken("top_k", request, peer, losses))
        {
            if (BedrockTopK.FieldOf(maker) is { } field) additional.Add((field, writer => BedrockTopK.Write(writer, maker, topK)));
            else losses.NoPlace("top_k", Name);
        }

        BedrockReasoning.Encode(request, additional, output, losses);
        if (request.OutputSchema is { Mode: OutputMode.Native } schema)
        {
            if (schema.Strict == false) losses.NoPlace("a schema that is not strict", Name);
            output.Add(("textFormat", writer => BedrockSchema.Write(writer, schema, maker)));
        }

        BedrockContainers.Write(json, "additionalModelRequestFields", own, additional);
        BedrockContainers.Write(json, "outputConfig", own, output);
    }

    /// <returns>The names of the members that were written.</returns>
    private static HashSet<string> WriteRest(Utf8JsonWriter json, LlmRequest request, List<string> losses)
    {
        var written = new HashSet<string> { "system", "messages" };
        if (request.Metadata.Count > 0)
        {
            written.Add("requestMetadata");
            json.WriteStartObject("requestMetadata"u8);
            foreach (var (key, value) in request.Metadata) json.WriteString(key, value);
            json.WriteEndObject();
        }

        if (BedrockTier.OfRequest(request.ServiceTier, losses) is { } tier)
        {
            written.Add("serviceTier");
            BedrockTier.Write(json, tier);
        }

        if (request.JsonMode) losses.NoPlace("json mode without a schema", Name);
        if (request.User is not null) losses.NoPlace("user", Name);
        if (request.Seed is not null) losses.NoPlace("seed", Name);
        if (request.FrequencyPenalty is not null and not 0) losses.NoPlace("frequency_penalty", Name);
        if (request.PresencePenalty is not null and not 0) losses.NoPlace("presence_penalty", Name);
        if (request.LogProbs == true || request.TopLogProbs is not null) losses.NoPlace("logprobs", Name);
        return written;
    }

    private static bool IsTaken(string field, LlmRequest request, WirePeer peer, List<string> losses)
    {
        if (peer.Model.Temperature != false && !peer.Refuses.Contains(field)) return true;
        losses.Refused(field, $"the model {request.Model}");
        return false;
    }
}
