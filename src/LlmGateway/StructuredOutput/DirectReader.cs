using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace LlmGateway.StructuredOutput;

/// <summary>
/// Reads an answer that needs no mending straight from its text, without a document in between. Where the serializer itself
/// checks all that the schema says, that is all; else the schema is asked first. Whatever is not right is left to the
/// thorough way, which can say what it is.
/// </summary>
internal sealed class DirectReader<T>(JsonTypeInfo<T> reader, JsonSchema checks, string? wrapper)
{
    private readonly SerializerChecks _serializerChecks = SerializerCoverage.Of(reader);
    private readonly byte[]? _wrapper = wrapper is null ? null : System.Text.Encoding.UTF8.GetBytes(wrapper);

    public bool TryRead(string text, out T value)
    {
        value = default!;
        var answer = text.AsSpan().Trim();
        if (answer.IsEmpty) return false;
        var buffer = ArrayPool<byte>.Shared.Rent(checked(answer.Length * 3));
        try
        {
            if (Utf8.FromUtf16(answer, buffer, out _, out var length, replaceInvalidSequences: false) != OperationStatus.Done) return false;
            var utf8 = buffer.AsSpan(0, length);
            if (NeedsSchema(utf8) && !checks.IsValid(utf8)) return false;
            value = (_wrapper is null ? JsonSerializer.Deserialize(utf8, reader) : ReadWrapped(utf8))!;
            return value is not null;
        }
        catch (Exception e) when (e is JsonException || IsRefusal(e))
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether a constructor or a setter of the caller's type did not take a value.</summary>
    public static bool IsRefusal(Exception e) => e is ArgumentException or InvalidOperationException or FormatException or OverflowException or NotSupportedException;

    /// <summary>Where the text has no null in it, none can stand in a wrong place.</summary>
    private bool NeedsSchema(ReadOnlySpan<byte> utf8) => _serializerChecks switch
    {
        SerializerChecks.All => false,
        SerializerChecks.AllButNulls => utf8.IndexOf("null"u8) >= 0,
        _ => true,
    };

    private T? ReadWrapped(ReadOnlySpan<byte> utf8)
    {
        var json = new Utf8JsonReader(utf8);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject || !json.Read() || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals(_wrapper)) throw new JsonException();
        json.Read();
        var value = JsonSerializer.Deserialize(ref json, reader);
        if (!json.Read() || json.TokenType != JsonTokenType.EndObject || json.Read()) throw new JsonException();
        return value;
    }
}
