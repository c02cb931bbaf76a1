using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LlmGateway.Testing;

/// <summary>Writes a value as a model would write it for a request.</summary>
internal static class AnswerWriter
{
    private const string WrapperMember = "value";

    private static JsonSerializerOptions? _byReflection;

    /// <summary>The value is written at once, so that a change of it later does not change the reply.</summary>
    [RequiresUnreferencedCode("Writes the type by reflection.")]
    [RequiresDynamicCode("Writes the type by reflection.")]
    public static Func<LlmRequest, string> ByReflection<T>(T value)
        => For(JsonSerializer.SerializeToElement(value, Options()));

    public static Func<LlmRequest, string> By<T>(T value, JsonTypeInfo<T> type)
        => For(JsonSerializer.SerializeToElement(value, type));

    /// <summary>The answer where the plan of the request looks for it: in the tool that must be called, or in the text.</summary>
    public static LlmReply ToReply(string answer, LlmRequest request)
    {
        if (request is not { OutputSchema.Mode: OutputMode.Tool, ToolChoice: { Mode: LlmToolChoiceMode.Named, ToolName: { } tool } }) return new LlmReply(answer);
        return new LlmReply { Parts = [new ToolCallPart("fake_call", tool, answer)], FinishReason = FinishReason.ToolCalls };
    }

    private static Func<LlmRequest, string> For(JsonElement value)
        => request => IsWrapped(value, request) ? new JsonObject { [WrapperMember] = JsonNode.Parse(value.GetRawText()) }.ToJsonString() : value.GetRawText();

    /// <summary>
    /// Vendors take only objects at the root, so the client asks for another value inside a wrapper. An object may need
    /// it too, where its type is a union; then only the schema can tell.
    /// </summary>
    private static bool IsWrapped(JsonElement value, LlmRequest request)
    {
        if (value.ValueKind != JsonValueKind.Object) return true;
        if (request.OutputSchema is not { Schema: var schema } || !IsWrapper(schema)) return false;
        return value.GetPropertyCount() != 1 || !value.TryGetProperty(WrapperMember, out _);
    }

    private static bool IsWrapper(JsonElement schema)
        => schema.TryGetProperty("properties", out var members) && members.GetPropertyCount() == 1 && members.TryGetProperty(WrapperMember, out _);

    /// <summary>As the client reads types for which it has no source-generated contract.</summary>
    [RequiresUnreferencedCode("Writes the type by reflection.")]
    [RequiresDynamicCode("Writes the type by reflection.")]
    private static JsonSerializerOptions Options() => _byReflection ??= new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter() },
    };
}
