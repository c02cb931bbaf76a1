using System.Text.Json;

namespace LlmGateway.Dialects;

/// <summary>Writes of JSON that came as text.</summary>
internal static class JsonWrite
{
    /// <summary>Compact, and without escaping what JSON lets stand: what the model wrote in Chinese stays readable and short on the wire.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a value's exact text.</summary>
    /// <exception cref="DialectException">The text is not JSON.</exception>
    public static void WriteExact(this Utf8JsonWriter json, string text, string what)
    {
        try
        {
            json.WriteRawValue(text);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new DialectException(ProviderErrorKind.InvalidRequest, $"{what} cannot be sent: it is not JSON.", innerException: e);
        }
    }

    /// <summary>Writes the members of a bag into the open object, except those that were written already.</summary>
    /// <exception cref="DialectException">A value is not JSON.</exception>
    public static void WriteBag(this Utf8JsonWriter json, LlmExtensions? own, Func<string, bool>? isWritten = null)
    {
        if (own is null) return;
        foreach (var (name, value) in own.Members)
        {
            if (isWritten?.Invoke(name) == true) continue;
            json.WritePropertyName(name);
            json.WriteExact(value, $"The extension '{name}'");
        }
    }
}
