using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Cli.Filters;

/// <summary><c>decode --jsonl</c>: a reply or a stream of a dialect in, what it says in the model in the middle out.</summary>
internal sealed class DecodeFilter(IDialect from)
{
    /// <exception cref="FilterException">The line is not of the dialect, or is an error.</exception>
    public void Reply(JsonElement line, Utf8JsonWriter json)
    {
        try
        {
            var reply = from.DecodeReply(WireLine.Body(line), WirePeer.Any);
            Write(json, reply, WireLine.Model(line), isComplete: true, null);
        }
        catch (DialectException e)
        {
            throw WireLine.Error(e);
        }
    }

    /// <summary>A stream that was cut, or that ends in the vendor's error, is given as far as it came: <c>"complete":false</c>.</summary>
    /// <exception cref="FilterException">The line holds no stream.</exception>
    public void Stream(JsonElement line, Utf8JsonWriter json)
    {
        var stream = WholeStream.Read(from, WireLine.Stream(line), WirePeer.Any);
        Write(json, stream.Reply, WireLine.Model(line), stream.IsComplete, stream.Error);
    }

    private static void Write(Utf8JsonWriter json, LlmReply reply, string? model, bool isComplete, DialectException? error)
    {
        json.WriteString("model", reply.Model ?? model);
        json.WriteString("id", reply.Id);
        json.WriteString("text", reply.Text);
        json.WriteString("thinking", string.Concat(reply.Parts.OfType<ThinkingPart>().Select(part => part.Text)));
        if (reply.Parts.OfType<RefusalPart>().Any()) json.WriteString("refusal", string.Concat(reply.Parts.OfType<RefusalPart>().Select(part => part.Text)));
        json.WriteStartArray("tool_calls");
        foreach (var call in reply.Parts.OfType<ToolCallPart>())
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.ArgumentsJson);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteCitations(json, reply);
        json.WriteString("finish_reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(reply.FinishReason.ToString()));
        json.WriteString("vendor_finish_reason", reply.VendorFinishReason);
        json.WritePropertyName("usage");
        WriteUsage(json, reply.Usage);
        json.WriteBoolean("complete", isComplete);
        json.WriteNumber("skipped_events", reply.SkippedEvents);
        if (error is not null) WriteError(json, error);
        WireLine.WriteLosses(json, reply.Losses);
    }

    private static void WriteCitations(Utf8JsonWriter json, LlmReply reply)
    {
        var citations = reply.Parts.OfType<TextPart>().SelectMany(part => part.Citations).ToList();
        if (citations.Count == 0) return;
        json.WriteStartArray("citations");
        foreach (var citation in citations)
        {
            json.WriteStartObject();
            json.WriteString("url", citation.Url);
            json.WriteString("title", citation.Title);
            json.WriteString("cited_text", citation.CitedText);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter json, TokenUsage? usage)
    {
        if (usage is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("input_tokens", usage.InputTokens);
        json.WriteNumber("cache_read_tokens", usage.CacheReadTokens);
        json.WriteNumber("cache_write_tokens", usage.CacheWriteTokens);
        json.WriteNumber("cache_write_1h_tokens", usage.CacheWrite1hTokens);
        json.WriteNumber("output_tokens", usage.OutputTokens);
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokens);
        json.WriteNumber("audio_input_tokens", usage.AudioInputTokens);
        json.WriteNumber("audio_output_tokens", usage.AudioOutputTokens);
        json.WriteNumber("image_input_tokens", usage.ImageInputTokens);
        json.WriteNumber("image_output_tokens", usage.ImageOutputTokens);
        json.WriteBoolean("estimated", usage.IsEstimated);
        json.WriteEndObject();
    }

    /// <summary>Not named "error": the line itself was read without one.</summary>
    private static void WriteError(Utf8JsonWriter json, DialectException error)
    {
        json.WriteStartObject("stream_error");
        json.WriteString("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName((error.VendorError?.Kind ?? error.Kind).ToString()));
        json.WriteString("code", error.VendorError?.Code);
        json.WriteString("message", error.VendorError?.Message ?? error.Message);
        json.WriteEndObject();
    }
}
