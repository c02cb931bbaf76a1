using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Server.Models;

/// <summary>
/// A model in each protocol's form. What the protocol has no field for stands beside its fields, and in Anthropic's and Gemini's
/// form under <c>llm_gateway</c>, since they have a <c>capabilities</c> of their own or may get one.
/// </summary>
internal static class ModelJson
{
    public static byte[] Of(ModelEntry model, ModelForm form)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            switch (form)
            {
                case ModelForm.Anthropic:
                    WriteAnthropic(json, model);
                    break;
                case ModelForm.Gemini:
                    WriteGemini(json, model);
                    break;
                default:
                    WriteOpenAI(json, model);
                    break;
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteOpenAI(Utf8JsonWriter json, ModelEntry model)
    {
        json.WriteString("id", model.Id);
        json.WriteString("object", "model");
        // When a vendor made it public is not known; clients need a number.
        json.WriteNumber("created", 0);
        json.WriteString("owned_by", model.Vendor ?? "llm-gateway");
        WriteOwn(json, model);
    }

    private static void WriteAnthropic(Utf8JsonWriter json, ModelEntry model)
    {
        json.WriteString("type", "model");
        json.WriteString("id", model.Id);
        json.WriteString("display_name", model.Id);
        // The protocol's own value for a date that is not known.
        json.WriteString("created_at", "1970-01-01T00:00:00Z");
        Number(json, "max_input_tokens", model.Capabilities.ContextWindow);
        Number(json, "max_tokens", model.Capabilities.MaxOutputTokens);
        json.WriteStartObject("llm_gateway");
        WriteOwn(json, model);
        json.WriteEndObject();
    }

    private static void WriteGemini(Utf8JsonWriter json, ModelEntry model)
    {
        json.WriteString("name", $"models/{model.Id}");
        json.WriteString("baseModelId", model.Id);
        json.WriteString("displayName", model.Id);
        if (model.Capabilities.ContextWindow is { } input) json.WriteNumber("inputTokenLimit", input);
        if (model.Capabilities.MaxOutputTokens is { } output) json.WriteNumber("outputTokenLimit", output);
        json.WriteStartArray("supportedGenerationMethods");
        json.WriteStringValue("generateContent");
        json.WriteStringValue("countTokens");
        json.WriteEndArray();
        if (model.Capabilities.Thinking is { } thinks) json.WriteBoolean("thinking", thinks);
        json.WriteStartObject("llm_gateway");
        WriteOwn(json, model);
        json.WriteEndObject();
    }

    private static void WriteOwn(Utf8JsonWriter json, ModelEntry model)
    {
        var can = model.Capabilities;
        json.WriteString("kind", model.Route is null ? "model" : "route");
        json.WriteString("vendor", model.Vendor);
        json.WriteString("dialect", model.Dialect);
        Number(json, "context_window", can.ContextWindow);
        Number(json, "max_output_tokens", can.MaxOutputTokens);
        json.WriteStartObject("capabilities");
        Flag(json, "tools", can.ForcedTool ? true : can.Tools);
        Flag(json, "strict_tools", can.StrictTools);
        Flag(json, "json_schema", can.NativeSchema);
        Flag(json, "vision", can.Vision);
        Flag(json, "documents", can.Documents);
        Flag(json, "audio", can.Audio);
        Flag(json, "reasoning", can.Thinking);
        Flag(json, "prefill", can.Prefill);
        Flag(json, "temperature", can.Temperature);
        json.WriteEndObject();
        WritePrice(json, model.Price);
        if (model.Route is not { } route) return;
        json.WriteString("policy", WordOf(route.Policy));
        json.WriteStartArray("targets");
        foreach (var target in route.Targets) json.WriteStringValue($"{target.Vendor}/{target.Model}");
        json.WriteEndArray();
    }

    private static void WritePrice(Utf8JsonWriter json, ModelPrice? price)
    {
        if (price is null)
        {
            json.WriteNull("pricing");
            return;
        }

        json.WriteStartObject("pricing");
        Amount(json, "input", price.InputPerMillion);
        Amount(json, "output", price.OutputPerMillion);
        Amount(json, "cache_read", price.CacheReadPerMillion);
        Amount(json, "cache_write", price.CacheWritePerMillion);
        // Longer input, another tier or a fee may cost otherwise.
        json.WriteBoolean("has_conditions", price.Steps.Count > 0 || price.Tiers.Count > 0 || price.Regions.Count > 0 || price.Fees.Count > 0);
        json.WriteEndObject();
    }

    /// <summary>As the configuration writes it.</summary>
    private static string WordOf(RoutePolicy policy) => policy switch
    {
        RoutePolicy.LeastLatency => "least_latency",
        RoutePolicy.LowestCost => "lowest_cost",
        RoutePolicy.RoundRobin => "round_robin",
        RoutePolicy.Weighted => "weighted",
        _ => "priority",
    };

    private static void Number(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    private static void Flag(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } flag) json.WriteBoolean(name, flag);
        else json.WriteNull(name);
    }

    /// <summary>Without the zeros behind the point that a decimal keeps.</summary>
    private static void Amount(Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } amount) json.WriteNumber(name, amount / 1.0000000000000000000000000000m);
        else json.WriteNull(name);
    }
}
