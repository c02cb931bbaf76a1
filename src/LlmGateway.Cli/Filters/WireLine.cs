using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LlmGateway.Dialects;

namespace LlmGateway.Cli.Filters;

/// <summary>The members of a line that carry what stood on a wire: <c>body</c>, or <c>stream</c> or <c>stream_base64</c>, and what stood in the URL.</summary>
internal static class WireLine
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The exact bytes of the body.</summary>
    /// <exception cref="FilterException">There is none.</exception>
    public static byte[] Body(JsonElement line)
        => line.TryGetProperty("body", out var body) ? JsonMarshal.GetRawUtf8Value(body).ToArray() : throw Invalid("\"body\" is missing.");

    /// <summary>The bytes of the event stream.</summary>
    /// <exception cref="FilterException">There is none, or it is not text or base64.</exception>
    public static byte[] Stream(JsonElement line)
    {
        if (line.TryGetProperty("stream_base64", out var binary))
        {
            return binary.ValueKind == JsonValueKind.String && binary.TryGetBytesFromBase64(out var bytes) ? bytes : throw Invalid("\"stream_base64\" is not a string of base64.");
        }

        if (!line.TryGetProperty("stream", out var text) || text.ValueKind != JsonValueKind.String) throw Invalid("\"stream\" is missing, or not a string; a binary stream goes into \"stream_base64\".");
        return StrictUtf8.GetBytes(Text(text, "stream"));
    }

    /// <summary>What the URL says, for the dialects that keep the model and the streaming there.</summary>
    /// <exception cref="FilterException">A member is of another type.</exception>
    public static RequestAddress Address(JsonElement line)
    {
        bool? stream = null;
        if (line.TryGetProperty("stream", out var flag) && flag.ValueKind != JsonValueKind.Null)
        {
            stream = flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean() : throw Invalid("\"stream\" is not true or false.");
        }

        return new RequestAddress(Model(line), stream);
    }

    /// <summary>The model that stands beside the body; null where there is none.</summary>
    /// <exception cref="FilterException">It is not a string.</exception>
    public static string? Model(JsonElement line)
    {
        if (!line.TryGetProperty("model", out var model) || model.ValueKind == JsonValueKind.Null) return null;
        return model.ValueKind == JsonValueKind.String ? Text(model, "model") : throw Invalid("\"model\" is not a string.");
    }

    /// <summary>Writes a body that an encoder has made, exactly.</summary>
    public static void WriteBody(Utf8JsonWriter json, ArrayBufferWriter<byte> body)
    {
        json.WritePropertyName("body");
        json.WriteRawValue(body.WrittenSpan);
    }

    public static void WriteLosses(Utf8JsonWriter json, IEnumerable<string> losses)
    {
        json.WriteStartArray("losses");
        foreach (var loss in losses.Distinct()) json.WriteStringValue(loss);
        json.WriteEndArray();
    }

    /// <summary>The line's error, by what a codec says.</summary>
    public static FilterException Error(DialectException e)
    {
        var error = e.VendorError;
        var message = error is null ? e.Message : $"{error.Code ?? "an error"}: {error.Message ?? e.Message}";
        return new FilterException(JsonNamingPolicy.SnakeCaseLower.ConvertName((error?.Kind ?? e.Kind).ToString()), message);
    }

    /// <summary>A member that must be a string.</summary>
    /// <exception cref="FilterException">It is missing, or none.</exception>
    public static string Required(JsonElement line, string name)
        => line.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? Text(text, name) : throw Invalid($"\"{name}\" is missing, or not a string.");

    private static string Text(JsonElement element, string name)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Invalid($"\"{name}\" holds half of a surrogate pair, which is no text.");
        }
    }

    private static FilterException Invalid(string message) => new("invalid_request", message);
}
