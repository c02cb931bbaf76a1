using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Providers.LocalCodex;

/// <summary>
/// The list of models that a run knows: the one that is asked, as a plain model with the request's system prompt. The
/// CLI's own list brings a prompt of its own and, for its newer models, an agent's tools that no setting takes away.
/// Without a context window the CLI never shortens the conversation by itself. The form is that of
/// <c>codex debug models</c>, version 0.169.0.
/// </summary>
internal static class CodexModels
{
    public static string Of(LlmRequest request, string system)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonWrite.Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("models"u8);
            json.WriteStartObject();
            json.WriteString("slug"u8, request.Model);
            json.WriteString("display_name"u8, request.Model);
            json.WriteString("base_instructions"u8, system);
            json.WriteString("shell_type"u8, "disabled"u8);
            json.WriteString("visibility"u8, "list"u8);
            json.WriteBoolean("supported_in_api"u8, true);
            json.WriteNumber("priority"u8, 1);
            json.WriteStartArray("supported_reasoning_levels"u8);
            json.WriteEndArray();
            json.WriteBoolean("supports_reasoning_summaries"u8, request.Reasoning is not null);
            json.WriteBoolean("supports_reasoning_summary_parameter"u8, request.Reasoning?.Summary is not null);
            json.WriteString("default_reasoning_summary"u8, "none"u8);
            json.WriteBoolean("support_verbosity"u8, false);
            json.WriteBoolean("supports_parallel_tool_calls"u8, false);
            json.WriteStartObject("truncation_policy"u8);
            json.WriteString("mode"u8, "bytes"u8);
            json.WriteNumber("limit"u8, 10_000);
            json.WriteEndObject();
            json.WriteStartArray("experimental_supported_tools"u8);
            json.WriteEndArray();
            json.WriteStartArray("input_modalities"u8);
            json.WriteStringValue("text"u8);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
